/** Enum types that many callers make at once: each gets the same type, and no error. */
@NullMarked
package dev.pgmedic.enums;

import org.jspecify.annotations.NullMarked;
