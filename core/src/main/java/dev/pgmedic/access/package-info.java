/** Who may ask for what. */
@NullMarked
package dev.pgmedic.access;

import org.jspecify.annotations.NullMarked;
