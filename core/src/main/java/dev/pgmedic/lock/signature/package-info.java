/**
 * By what each migration tool's lock is recognised: the advisory key that it takes in a database,
 * and the shape of the table that it locks or keeps a lock row in. Plain Java, no I/O.
 */
@NullMarked
package dev.pgmedic.lock.signature;

import org.jspecify.annotations.NullMarked;
