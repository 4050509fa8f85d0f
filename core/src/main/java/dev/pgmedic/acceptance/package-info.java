/** Takes what a person accepts of a target into its known-good. */
@NullMarked
package dev.pgmedic.acceptance;

import org.jspecify.annotations.NullMarked;
