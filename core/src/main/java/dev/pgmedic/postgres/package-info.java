/**
 * How pgmedic talks to a PostgreSQL server: sessions with deadlines, names and literals, and what
 * its errors mean.
 */
@NullMarked
package dev.pgmedic.postgres;

import org.jspecify.annotations.NullMarked;
