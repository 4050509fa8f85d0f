/**
 * For services that want every event once and in order: the bus tells, the log fills what the bus
 * lost. Needs Vert.x core alone.
 */
@NullMarked
package dev.pgmedic.event.consumer;

import org.jspecify.annotations.NullMarked;
