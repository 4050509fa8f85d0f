/**
 * The check: one read-only look at a target, and the rules that turn what was seen into findings.
 * {@link dev.pgmedic.check.DatabaseCheck} looks; the rules are plain functions.
 */
@NullMarked
package dev.pgmedic.check;

import org.jspecify.annotations.NullMarked;
