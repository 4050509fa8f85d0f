/**
 * Recovery plans: typed steps that heal a set of issues, hashed so that an approval names exactly
 * what will run. Plain values and rules; nothing here does I/O.
 */
@NullMarked
package dev.pgmedic.plan;

import org.jspecify.annotations.NullMarked;
