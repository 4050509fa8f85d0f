/** Webhooks: what is sent to whom, how it reads, how it is signed, and which addresses are open. */
@NullMarked
package dev.pgmedic.webhook;

import org.jspecify.annotations.NullMarked;
