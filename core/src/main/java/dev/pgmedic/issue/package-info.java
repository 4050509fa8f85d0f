/**
 * Faults: what a check found, and the issue that stays open for as long as it is found. Plain
 * values and rules; nothing here does I/O.
 */
@NullMarked
package dev.pgmedic.issue;

import org.jspecify.annotations.NullMarked;
