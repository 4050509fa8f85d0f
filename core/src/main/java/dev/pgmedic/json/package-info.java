/** How values become JSON and come back: one shape for the store, the API and the events. */
@NullMarked
package dev.pgmedic.json;

import org.jspecify.annotations.NullMarked;
