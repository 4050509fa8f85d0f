package dev.pgmedic.history;

/**
 * A line of a migration that names something.
 *
 * @param version the migration
 * @param file where it is, below the project
 * @param line from 1
 */
public record Mention(String version, String file, int line) {}
