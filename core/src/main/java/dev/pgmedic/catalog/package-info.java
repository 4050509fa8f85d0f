/**
 * The catalog of a target as facts: what objects there are, how they are defined, what they rest
 * on, and what it means when some are gone. {@link dev.pgmedic.catalog.CatalogReader} and {@link
 * dev.pgmedic.catalog.SchemaDefinition} read databases; all else is plain values.
 */
@NullMarked
package dev.pgmedic.catalog;

import org.jspecify.annotations.NullMarked;
