/**
 * Replays the migrations of a target in a scratch database, which tells what each version makes and
 * what a target at a version should have. Nothing here ever connects to a target.
 */
@NullMarked
package dev.pgmedic.replay;

import org.jspecify.annotations.NullMarked;
