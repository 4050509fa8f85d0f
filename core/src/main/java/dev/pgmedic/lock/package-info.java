/**
 * The migration lock: pgmedic's own, which one recovery or guarded command at a time holds on a
 * target, and what is to be seen of all advisory locks.
 */
@NullMarked
package dev.pgmedic.lock;

import org.jspecify.annotations.NullMarked;
