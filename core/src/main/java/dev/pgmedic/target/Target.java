package dev.pgmedic.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One monitored PostgreSQL database.
 *
 * @param name how people and the API call it: letters, digits, {@code _}, {@code -} and {@code .},
 *     1 to 63 characters
 * @param url the role that checks log in with
 * @param labels free words of the owner, for filters
 * @param migrations how its schema is migrated
 * @param expect what its owner says must be there
 * @param recovery leave to heal it; absent means observe only
 * @param checkEvery the time from one check to the next, at least 100 ms
 * @param deadlines the longest that each kind of work may take
 */
public record Target(
    String name,
    PostgresUrl url,
    Map<String, String> labels,
    Migrations migrations,
    Expectation expect,
    Optional<Recovery> recovery,
    Duration checkEvery,
    Deadlines deadlines) {

  /** The time from one check to the next where the configuration says nothing. */
  public static final Duration DEFAULT_CHECK_EVERY = Duration.ofSeconds(30);

  /**
   * Rejects a name that could not stand in a URL path as it is, and an interval that would be a
   * load.
   */
  public Target {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")) {
      throw new IllegalArgumentException(
          "target name \"" + name + "\": expected 1 to 63 letters, digits, _ - or .");
    }
    if (checkEvery.toMillis() < 100) {
      throw new IllegalArgumentException("check_every: expected at least 100ms");
    }
    labels = Map.copyOf(labels);
  }

  /** A target of which nothing but its URL is known, and which may only be observed. */
  public static Target of(String name, PostgresUrl url) {
    return new Target(
        name,
        url,
        Map.of(),
        Migrations.DETECTED,
        Expectation.NONE,
        Optional.empty(),
        DEFAULT_CHECK_EVERY,
        Deadlines.DEFAULT);
  }

  /** The same target with its migration files elsewhere, when that is given. */
  public Target withDirectory(Optional<Path> directory) {
    return directory
        .map(folder ->
            new Target(
                name,
                url,
                labels,
                migrations.withDirectory(folder),
                expect,
                recovery,
                checkEvery,
                deadlines))
        .orElse(this);
  }

  /** The same target, looked at by another way. */
  public Target withUrl(PostgresUrl other) {
    return new Target(name, other, labels, migrations, expect, recovery, checkEvery, deadlines);
  }

  /** The same target with leave to heal it, unless it has that already. */
  public Target healedBy(Recovery leave) {
    return recovery.isPresent()
        ? this
        : new Target(
            name, url, labels, migrations, expect, Optional.of(leave), checkEvery, deadlines);
  }

  /**
   * What a command said that knew this target, without its passwords and without what the variables
   * of its commands stand for.
   */
  public String masked(String said) {
    List<String> restart =
        recovery.stream().flatMap(leave -> leave.restart().stream()).flatMap(List::stream).toList();
    String known = Variables.ofProcess().masked(restart, migrations.masked(said));
    return url.masked(recovery.map(leave -> leave.url().masked(known)).orElse(known));
  }

  /** Whose leave a recovery needs, and when it must wait. */
  public Policy policy() {
    return recovery.map(Recovery::policy).orElse(Policy.DEFAULT);
  }

  /** How old a report may be before it counts as stale: three intervals. */
  public Duration staleAfter() {
    return checkEvery.multipliedBy(3);
  }
}
