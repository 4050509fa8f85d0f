/** Whole incidents, as users live through them. */
@NullMarked
package dev.pgmedic.cli;

import org.jspecify.annotations.NullMarked;
