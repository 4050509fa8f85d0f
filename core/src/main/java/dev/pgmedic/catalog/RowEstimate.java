package dev.pgmedic.catalog;

import java.time.Instant;

/**
 * About how many rows a table had.
 *
 * @param rows from the statistics of the server, not counted; 0 or more
 * @param seenAt when a check saw the table last
 */
public record RowEstimate(long rows, Instant seenAt) {}
