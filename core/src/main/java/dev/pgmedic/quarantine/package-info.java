/**
 * The quarantine: what recoveries moved out of the way, rows and all, until an admin empties it.
 * Emptying it is the only thing in pgmedic that destroys rows.
 */
@NullMarked
package dev.pgmedic.quarantine;

import org.jspecify.annotations.NullMarked;
