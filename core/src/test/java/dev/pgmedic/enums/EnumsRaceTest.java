package dev.pgmedic.enums;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Five processes with ten callers each ensure one type at the same moment. */
@Timeout(120)
class EnumsRaceTest {

  private static final int CALLERS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The labels of five versions of a program: each has one more, nowhere in particular. */
  private static final List<String> VERSIONS =
      List.of(
          "sad,so,ok,happy",
          "sad,so,ok,glad,happy",
          "glum,sad,so,ok,glad,happy",
          "glum,sad,meh,so,ok,glad,happy",
          "glum,sad,meh,so,ok,fine,glad,happy");

  private static final int PROCESSES = VERSIONS.size();

  @TempDir private Path folder;
  private Path errors = Path.of("");

  @BeforeEach
  void collect() {
    errors = folder.resolve("errors");
  }

  /**
   * One of the processes: connects its callers, says so, and starts them all on a line of input.
   */
  static final class Caller {

    private Caller() {}

    public static void main(String[] arguments) throws IOException {
      // Five cold JVMs at once get so little of a processor that the watch would end one of them.
      Vertx vertx =
          Vertx.vertx(new VertxOptions().setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1)));
      PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
      List<PgConnection> sessions = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        sessions.add(PgConnection.connect(vertx, PgConnectOptions.fromUri(arguments[0])).await());
      }
      out.println("ready");
      for (int round = 1; round < arguments.length; round++) {
        if (System.in.read() < 0) {
          break;
        }
        EnumType type = new EnumType("public", "mood", List.of(arguments[round].split(",")));
        List<Future<Ensured>> calls =
            sessions.stream().map(session -> Enums.ensure(session, type, LIMIT)).toList();
        Future.join(calls).otherwiseEmpty().await();
        calls.forEach(call -> out.println(call.failed() ? call.cause() : call.result()));
      }
      vertx.close().await();
    }
  }

  @Test
  void oneTypeIsMadeAndAllSucceed() throws Exception {
    race(TestDatabases.fresh());
  }

  @ParameterizedTest
  @MethodSource("dev.pgmedic.testing.PostgresServers#sample")
  @EnabledIfSystemProperty(named = "pgmedic.exhaustive", matches = "true")
  void oneTypeIsMadeOnEveryServer(int version) throws Exception {
    try (EmbeddedPostgres server = PostgresServers.start(version)) {
      race(PostgresServers.url(server));
    }
  }

  private void race(PostgresUrl url) throws Exception {
    // Given
    List<Process> processes = new ArrayList<>();
    for (String version : VERSIONS) {
      processes.add(start(url, "sad,ok", "sad,so,ok,happy", version, "ok,sad"));
    }
    for (Process process : processes) {
      assertThat(process.inputReader(UTF_8).readLine())
          .as(Files.readString(errors))
          .isEqualTo("ready");
    }

    // When
    List<String> made = round(processes);
    List<String> extended = round(processes);
    List<String> versions = round(processes);
    List<String> conflicts = round(processes);
    for (Process process : processes) {
      process.getOutputStream().close();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    // Then
    assertThat(made).hasSize(PROCESSES * CALLERS).containsOnlyOnce("Created[]");
    assertThat(made).filteredOn("Unchanged[surplus=[]]"::equals).hasSize(made.size() - 1);
    assertThat(extended).allMatch(EnumsRaceTest::isThere).anyMatch(EnumsRaceTest::isExtended);
    assertThat(versions).allMatch(EnumsRaceTest::isThere).anyMatch(EnumsRaceTest::isExtended);
    String last = VERSIONS.get(PROCESSES - 1);
    assertThat(conflicts)
        .allMatch(line -> line.contains("('ok', 'sad')"))
        .allMatch(line -> line.contains("('" + last.replace(",", "', '") + "')"));
    assertThat(
            TestDatabases.query(
                url,
                "SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum e"
                    + " JOIN pg_type t ON t.oid = enumtypid WHERE typname = 'mood' GROUP BY t.oid"))
        .containsExactly(last);
    for (Process process : processes) {
      assertThat(process.exitValue()).isZero();
      assertThat(process.inputReader(UTF_8).lines()).as("said beyond its results").isEmpty();
    }
    assertThat(Files.readString(errors)).doesNotContainIgnoringCase("error", "exception");
  }

  private Process start(PostgresUrl url, String... rounds) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Caller.class.getName(),
                url.reveal()));
    command.addAll(List.of(rounds));
    return new ProcessBuilder(command).redirectError(Redirect.appendTo(errors.toFile())).start();
  }

  private static List<String> round(List<Process> processes) throws IOException {
    for (Process process : processes) {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }
    List<String> lines = new ArrayList<>();
    for (Process process : processes) {
      for (int i = 0; i < CALLERS; i++) {
        lines.add(process.inputReader(UTF_8).readLine());
      }
    }
    return lines;
  }

  private static boolean isThere(String line) {
    return isExtended(line) || line.startsWith("Unchanged[");
  }

  private static boolean isExtended(String line) {
    return line.startsWith("Extended[");
  }
}
