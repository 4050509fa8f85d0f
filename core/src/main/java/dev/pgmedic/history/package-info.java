/**
 * The records that migration tools keep in a target: which tool, which version, and what lies on
 * disk that is not applied yet. One class a tool.
 */
@NullMarked
package dev.pgmedic.history;

import org.jspecify.annotations.NullMarked;
