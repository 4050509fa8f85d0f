/**
 * What pgmedic knows of each migration tool: the shape of its history table, how to read it, and
 * what its files are called. One class a tool; {@link dev.pgmedic.history.tool.MigrationTools}
 * lists them.
 */
@NullMarked
package dev.pgmedic.history.tool;

import org.jspecify.annotations.NullMarked;
