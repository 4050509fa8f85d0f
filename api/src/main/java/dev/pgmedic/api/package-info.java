/**
 * The HTTP API: health, approvals and event streams, routed by the OpenAPI document that it serves.
 */
@NullMarked
package dev.pgmedic.api;

import org.jspecify.annotations.NullMarked;
