/**
 * pgmedic's own PostgreSQL schema. State changes and their events commit in one transaction; the
 * database decides races, and all clocks are the store's.
 */
@NullMarked
package dev.pgmedic.store;

import org.jspecify.annotations.NullMarked;
