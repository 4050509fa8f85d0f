/** Carries committed events from the log to the event bus of one JVM. */
@NullMarked
package dev.pgmedic.relay;

import org.jspecify.annotations.NullMarked;
