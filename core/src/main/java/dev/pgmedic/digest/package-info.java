/** Hashes. */
@NullMarked
package dev.pgmedic.digest;

import org.jspecify.annotations.NullMarked;
