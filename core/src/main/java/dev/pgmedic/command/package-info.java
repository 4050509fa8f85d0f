/**
 * Commands of other programs: started with a mark of their run in the environment, watched by a
 * supervisor that outlives us, and ended with everything that they started.
 */
@NullMarked
package dev.pgmedic.command;

import org.jspecify.annotations.NullMarked;
