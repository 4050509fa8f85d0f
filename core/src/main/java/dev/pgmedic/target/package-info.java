/**
 * What pgmedic watches: a target is one PostgreSQL database with the facts that its owner wrote
 * down about it. Plain values; nothing here opens a connection or reads a file.
 */
@NullMarked
package dev.pgmedic.target;

import org.jspecify.annotations.NullMarked;
