/**
 * Recovery tasks: a plan on its way through approval and execution. Plain values and rules; nothing
 * here does I/O.
 */
@NullMarked
package dev.pgmedic.task;

import org.jspecify.annotations.NullMarked;
