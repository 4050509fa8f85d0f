/** Runs a command of any migration tool under the migration lock, and nothing of it beyond that. */
@NullMarked
package dev.pgmedic.guard;

import org.jspecify.annotations.NullMarked;
