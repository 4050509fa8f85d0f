/**
 * A PostgreSQL server of pgmedic's own, for whoever has none to keep the store in, and for the
 * demonstration.
 */
@NullMarked
package dev.pgmedic.embedded;

import org.jspecify.annotations.NullMarked;
