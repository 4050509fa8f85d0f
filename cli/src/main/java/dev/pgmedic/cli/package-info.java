/** The {@code pgmedic} command: composes the verticles, and the one-shot commands. */
@NullMarked
package dev.pgmedic.cli;

import org.jspecify.annotations.NullMarked;
