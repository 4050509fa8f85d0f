/**
 * The monitor: schedules checks, publishes health, opens and resolves issues, keeps known-good and
 * proposes recovery tasks.
 */
@NullMarked
package dev.pgmedic.monitor;

import org.jspecify.annotations.NullMarked;
