package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PgBouncer;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The database of one case, its project's files, and the sessions that the case holds open. */
final class WardPatient implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);

  // A line may start several tools, some with a JVM of their own, beside other cases.
  private static final Duration LONGEST_COMMAND = Duration.ofMinutes(3);

  private final WardCase ward;
  private final Path folder;
  private final PostgresUrl url;
  private final Map<String, Connection> sessions = new LinkedHashMap<>();
  private Optional<PgBouncer> pooler = Optional.empty();

  /** Copies the project's and then the case's own files beside this database. */
  WardPatient(WardCase ward, Path folder, PostgresUrl url) {
    this.ward = ward;
    this.folder = folder;
    this.url = url;
    ward.project().ifPresent(project -> copy(WardCase.FOLDER.resolve("projects").resolve(project)));
    copy(WardCase.FOLDER.resolve(ward.name()).resolve("files"));
  }

  WardCase ward() {
    return ward;
  }

  PostgresUrl url() {
    return url;
  }

  Path folder() {
    return folder;
  }

  void makeHealthy() {
    ward.healthy().forEach(this::apply);
  }

  /**
   * Breaks it.
   *
   * @param watch checks once and is not to find anything wrong
   */
  void breakIt(Runnable watch) {
    for (WardStep step : ward.broken()) {
      if (step.watched()) {
        watched(step.run().orElseThrow(), watch);
      } else {
        apply(step);
      }
    }
  }

  private void watched(String command, Runnable watch) {
    try {
      Path output = Files.createTempFile("ward-output", ".txt");
      Process process = start(command, output);
      long end = System.nanoTime() + SOON.toNanos();
      while (process.isAlive() && System.nanoTime() < end) {
        watch.run();
      }
      if (process.isAlive()) {
        end(process);
        throw new AssertionError(command + " did not end: " + Files.readString(output));
      }
      assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the tool says of its own database, asked by its own command where it has one. */
  Optional<String> says() {
    return ward.says().run().map(command -> run(command).output());
  }

  /** Runs a command of the tool, which must succeed, and answers with what it said. */
  String asks(String command) {
    Ended ended = run(command);
    assertThat(ended.code()).as(command + ":\n" + ended.output()).isZero();
    return ended.output();
  }

  /**
   * Has the project's tool run one more migration, which must succeed: {@code next.sh} writes it
   * and calls the tool. A project without one has no tool here.
   */
  void goesOn() {
    if (Files.exists(folder.resolve("next.sh"))) {
      assertThat(asks("sh -e next.sh")).isNotNull();
    }
  }

  /** The name of an issue, with this database's own lock key and its sessions' pids in it. */
  String named(String issue) {
    String named = issue.replace("{key}", key());
    for (Map.Entry<String, Connection> session : sessions.entrySet()) {
      String pid = String.valueOf(TestDatabases.pid(session.getValue()));
      named = named.replace("{pid " + session.getKey() + "}", pid);
    }
    return named;
  }

  private String key() {
    return TestDatabases.query(
            url,
            "SELECT ('x' || substr(md5('pgmedic:' || current_database()), 1, 16))::bit(64)::bigint")
        .get(0);
  }

  // What `migrate -database URL` takes: the database is the URL's path, with the slash.
  private String golangMigrateKey() {
    CRC32 sum = new CRC32();
    sum.update(("public\0schema_migrations\0/" + url.database()).getBytes(StandardCharsets.UTF_8));
    return Long.toString(sum.getValue() * 1_486_364_155L & 0xffff_ffffL);
  }

  private void apply(WardStep step) {
    step.history().ifPresent(tool -> TestDatabases.run(url, staged(tool)));
    step.sql().ifPresent(sql -> execute(step, sql));
    step.run().ifPresent(command -> execute(step, command, step.kill()));
    step.until().ifPresent(query -> await().atMost(SOON).until(() -> isTrue(query)));
  }

  private static String staged(String tool) {
    String name = "/dev/pgmedic/testing/history/" + tool + ".sql";
    try (InputStream sql = TestDatabases.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(sql, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void execute(WardStep step, String text) {
    String sql = text.replace("{golang-migrate}", golangMigrateKey());
    if (step.session().isEmpty()) {
      TestDatabases.run(url, sql);
      return;
    }
    String name = step.session().get();
    if (step.pooled()) {
      throughPooler(name, sql);
      return;
    }
    Connection session = sessions.computeIfAbsent(name, this::open);
    if (!step.waits()) {
      query(session, sql);
      return;
    }
    // A thread of its own: the common pool has as many as there are processors.
    Thread waiting = Thread.ofVirtual().start(() -> waitFor(session, sql));
    await().atMost(SOON).until(() -> !waiting.isAlive() || waits(name));
    assertThat(waiting.isAlive()).as(sql + " was to wait").isTrue();
  }

  private void throughPooler(String name, String sql) {
    try {
      PgBouncer between =
          pooler.isPresent()
              ? pooler.get()
              : PgBouncer.inFrontOf(url, PgBouncer.Settings.TRANSACTION);
      pooler = Optional.of(between);
      try (Connection client = between.client()) {
        query(client, "SET application_name = '" + name + "'");
        query(client, sql);
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private boolean waits(String name) {
    return TestDatabases.query(
            url,
            "SELECT application_name FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND datname = current_database()")
        .contains(name);
  }

  private Connection open(String name) {
    Connection session = TestDatabases.connect(url);
    query(session, "SET application_name = '" + name + "'");
    return session;
  }

  private static void waitFor(Connection session, String sql) {
    try {
      query(session, sql);
    } catch (IllegalStateException ended) {
      // the case was over, and its sessions with it
    }
  }

  private static void query(Connection session, String sql) {
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private void execute(WardStep step, String command, Optional<String> kill) {
    Ended ended = kill.isPresent() ? killed(command, kill.get()) : run(command);
    if (step.fails().isPresent()) {
      assertThat(ended.code()).as(command + " was to fail:\n" + ended.output()).isNotZero();
      assertThat(ended.output()).contains(step.fails().get());
    } else if (kill.isEmpty()) {
      assertThat(ended.code()).as(command + ":\n" + ended.output()).isZero();
    }
  }

  private record Ended(int code, String output) {}

  private Ended run(String command) {
    try {
      Path output = Files.createTempFile("ward-output", ".txt");
      Process process = start(command, output);
      if (!process.waitFor(LONGEST_COMMAND.toSeconds(), TimeUnit.SECONDS)) {
        end(process);
        throw new AssertionError(command + " did not end: " + Files.readString(output));
      }
      return new Ended(process.exitValue(), Files.readString(output).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // The tool dies as by the kernel's hand: no handler of its own runs.
  private Ended killed(String command, String query) {
    try {
      Path output = Files.createTempFile("ward-output", ".txt");
      Process process = start(command, output);
      await().atMost(SOON).until(() -> !process.isAlive() || isTrue(query));
      assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
      end(process);
      return new Ended(-1, Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isTrue(String query) {
    return TestDatabases.query(url, query).contains("t");
  }

  private static void end(Process process) {
    Stream.concat(process.descendants(), Stream.of(process.toHandle()))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  private Process start(String command, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(WardTools.environment());
    builder
        .environment()
        .putAll(
            Map.of(
                "DATABASE_URL", url.reveal(),
                "PGHOST", url.host(),
                "PGPORT", String.valueOf(url.port()),
                "PGUSER", url.user(),
                "PGDATABASE", url.database()));
    return builder.start();
  }

  private void copy(Path from) {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path to = folder.resolve(from.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the sessions that the case held open, and with them the database. */
  @Override
  public void close() {
    try {
      if (pooler.isPresent()) {
        pooler.get().close();
        pooler = Optional.empty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TestDatabases.drop(url);
  }
}
