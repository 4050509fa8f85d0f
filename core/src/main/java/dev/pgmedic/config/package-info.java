/** The configuration file: read whole, checked whole, with the line of every mistake. */
@NullMarked
package dev.pgmedic.config;

import org.jspecify.annotations.NullMarked;
