/** Sends what webhooks are to get. */
@NullMarked
package dev.pgmedic.delivery;

import org.jspecify.annotations.NullMarked;
