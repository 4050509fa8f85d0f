/**
 * Events: facts that happened, numbered, never changed. These classes need Vert.x core alone, so
 * that a service may take them without pgmedic's database drivers.
 */
@NullMarked
package dev.pgmedic.event;

import org.jspecify.annotations.NullMarked;
