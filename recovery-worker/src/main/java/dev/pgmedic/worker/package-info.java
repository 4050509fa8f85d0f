/**
 * The recovery worker: executes what was approved, step by step under deadlines, and verifies it.
 */
@NullMarked
package dev.pgmedic.worker;

import org.jspecify.annotations.NullMarked;
