package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.command.Streams;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.guard.Guard;
import dev.pgmedic.guard.GuardedRun;
import dev.pgmedic.guard.Need;
import dev.pgmedic.guard.Outcome;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many guards of the same migration at once on an empty database, as replicas start. How long it
 * takes is measured in {@code bench/lock}; here they may be as slow as the machine.
 */
@Timeout(600)
class GuardStormTest {

  private static final boolean WHOLE = Boolean.getBoolean("pgmedic.exhaustive");
  private static final int PROCESSES = WHOLE ? 32 : 8;
  private static final int IN_ONE_JVM = WHOLE ? 100 : 25;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String NOISE = "(?is).*(rollback|traceback|deadlock|error|exception).*";

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();
  private final List<GuardProcess> started = new ArrayList<>();
  private AlembicProject project;

  @BeforeEach
  void makeProject() throws IOException {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    project = AlembicProject.in(folder.resolve("project"), url);
  }

  @AfterEach
  void end() throws IOException {
    for (GuardProcess guard : started) {
      guard.close();
    }
  }

  @Test
  void ofManyProcessesOneMigratesAndAllSucceed() throws Exception {
    // When
    start(PROCESSES, List.of());

    // Then
    assertOneMigrated(told());
    assertNothingIsLeft();
  }

  @Test
  void ofManyReplicasThatAskFirstOneMigratesAndTheOthersDoNothing() throws Exception {
    // When
    start(PROCESSES, List.of("--if-behind", "--path", folder.resolve("project").toString()));

    // Then
    List<String> told = told();
    assertOneMigrated(told);
    assertThat(told)
        .filteredOn(text -> text.strip().endsWith("already at head 005; the command was not run"))
        .hasSize(PROCESSES - 1);
    assertNothingIsLeft();
  }

  @Test
  void ofManyGuardsInOneJvmOneMigratesAndAllSucceed() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      // Given
      Queue<String> notices = new ConcurrentLinkedQueue<>();
      List<File> outputs = new ArrayList<>();
      List<Guard> guards = new ArrayList<>();
      for (int i = 0; i < IN_ONE_JVM; i++) {
        outputs.add(folder.resolve("guard" + i).toFile());
        guards.add(new Guard(vertx, run(outputs.get(i)), Need.ALWAYS, notices::add));
      }

      // When
      List<Future<Outcome>> ends = guards.stream().map(Guard::run).toList();

      // Then
      assertThat(Future.join(ends).await().<Outcome>list())
          .containsOnly(new Outcome.Ended(0, false));
      assertThat(notices).allMatch(line -> line.startsWith("waiting for the migration lock ("));
      List<String> told = new ArrayList<>();
      for (File output : outputs) {
        told.add(Files.readString(output.toPath()));
      }
      assertOneMigrated(told);
      assertNothingIsLeft();
    } finally {
      vertx.close().await();
    }
  }

  private void start(int count, List<String> options) throws IOException {
    String[] arguments =
        Stream.of(options, List.of("--wait", PATIENCE.toMinutes() + "m", "--"), project.upgrade())
            .flatMap(List::stream)
            .toArray(String[]::new);
    for (int i = 0; i < count; i++) {
      started.add(GuardProcess.start(folder.resolve("guard" + i), url, arguments));
    }
  }

  private GuardedRun run(File output) {
    return new GuardedRun(
        GuardedRun.newId(),
        url,
        project.upgrade(),
        new GuardedRun.Limits(PATIENCE, PATIENCE, Optional.empty(), SOON),
        Optional.empty(),
        Surroundings.OURS,
        new Streams(
            Redirect.from(new File("/dev/null")), Redirect.to(output), Redirect.appendTo(output)),
        Afterwards.NOTHING);
  }

  /** What each of them and its command said, once all have ended with 0. */
  private List<String> told() throws Exception {
    List<String> told = new ArrayList<>();
    for (GuardProcess guard : started) {
      assertThat(guard.exit()).as(guard.err()).isZero();
      told.add(guard.out() + guard.err());
    }
    return told;
  }

  private void assertOneMigrated(List<String> told) {
    assertThat(told).filteredOn(text -> text.contains("Running upgrade")).hasSize(1);
    assertThat(told).noneMatch(text -> text.matches(NOISE));
    assertThat(TestDatabases.query(url, "SELECT version_num FROM alembic_version"))
        .containsExactly("005");
  }

  private void assertNothingIsLeft() {
    assertThat(TestDatabases.log(url))
        .noneMatch(line -> line.matches(".*(ERROR|FATAL|PANIC|WARNING):.*"));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        url,
                        "SELECT application_name FROM pg_stat_activity WHERE datname ="
                            + " current_database() AND pid <> pg_backend_pid()"))
                .isEmpty());
  }
}
