package dev.pgmedic.history;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Replay;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A database with histories, a project beside it, and what a check says of both. */
final class HistoryScene implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private Optional<String> tool = Optional.empty();
  private Optional<String> table = Optional.empty();
  private Optional<Path> folder = Optional.empty();
  private List<Long> lockKeys = List.of();
  private PostgresUrl as = url;

  @Override
  public void close() {
    vertx.close().await();
  }

  PostgresUrl url() {
    return url;
  }

  /** The tables of a tool as it makes them, with a record or two. */
  @CanIgnoreReturnValue
  HistoryScene staged(String name) {
    TestDatabases.run(url, staging(name));
    return this;
  }

  /** The same in a schema of its own. */
  @CanIgnoreReturnValue
  HistoryScene staged(String name, String schema) {
    String quoted = Sql.identifier(schema);
    TestDatabases.run(
        url, "CREATE SCHEMA IF NOT EXISTS " + quoted, "SET search_path = " + quoted, staging(name));
    return this;
  }

  private static String staging(String name) {
    String path = "/dev/pgmedic/testing/history/" + name + ".sql";
    try (var sql = HistoryScene.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(sql, path).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @CanIgnoreReturnValue
  HistoryScene sql(String... statements) {
    TestDatabases.run(url, statements);
    return this;
  }

  @CanIgnoreReturnValue
  HistoryScene tool(String name) {
    tool = Optional.of(name);
    return this;
  }

  @CanIgnoreReturnValue
  HistoryScene anyTool() {
    tool = Optional.empty();
    return this;
  }

  @CanIgnoreReturnValue
  HistoryScene table(String name) {
    table = Optional.of(name);
    return this;
  }

  @CanIgnoreReturnValue
  HistoryScene lockKey(long key) {
    lockKeys = List.of(key);
    return this;
  }

  @CanIgnoreReturnValue
  HistoryScene as(PostgresUrl other) {
    as = other;
    return this;
  }

  @CanIgnoreReturnValue
  HistoryScene project(Path directory) {
    folder = Optional.of(directory);
    return this;
  }

  /** Writes a file of the project. */
  @CanIgnoreReturnValue
  HistoryScene file(String path, String... lines) {
    Path file = folder.orElseThrow().resolve(path);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Diagnosis check() {
    Target target =
        new Target(
            "test",
            as,
            Map.of(),
            new Migrations(tool, table, folder, List.of(), Map.of(), lockKeys, Replay.OFF),
            Expectation.NONE,
            Optional.empty(),
            Target.DEFAULT_CHECK_EVERY,
            Deadlines.DEFAULT);
    return new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE)
        .run(target, KnownGoodLookup.NONE)
        .await();
  }

  HistoryState history() {
    return check().observation().orElseThrow().history();
  }

  /** The codes and subjects of what a check finds. */
  List<String> findings() {
    return check().findings().stream().map(Checks::text).toList();
  }

  /** The only finding. */
  Finding finding() {
    List<Finding> findings = check().findings();
    if (findings.size() != 1) {
      throw new AssertionError("expected one finding: " + findings);
    }
    return findings.get(0);
  }
}
