/**
 * Plain SQL migrations: numbered files, applied once each, in order, under a lock. pgmedic's own
 * store uses them too.
 */
@NullMarked
package dev.pgmedic.migration;

import org.jspecify.annotations.NullMarked;
