package dev.pgmedic.enums;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Five processes with ten callers each ensure one type at the same moment. */
@Timeout(120)
class EnumsRaceTest {

  private static final int PROCESSES = 5;
  private static final int CALLERS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * One of the processes: connects its callers, says so, and starts them all on a line of input.
   */
  static final class Caller {

    private Caller() {}

    public static void main(String[] arguments) throws IOException {
      Vertx vertx = Vertx.vertx();
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
    // Given
    PostgresUrl url = TestDatabases.fresh();
    List<Process> processes = start(url, "sad,ok", "sad,so,ok,happy", "ok,sad");

    // When
    List<String> made = round(processes);
    List<String> extended = round(processes);
    List<String> conflicts = round(processes);

    // Then
    assertThat(made).hasSize(PROCESSES * CALLERS).containsOnlyOnce("Created[]");
    assertThat(made).filteredOn("Unchanged[surplus=[]]"::equals).hasSize(made.size() - 1);
    assertThat(extended)
        .hasSize(PROCESSES * CALLERS)
        .allMatch(line -> line.startsWith("Extended[") || line.startsWith("Unchanged["))
        .anyMatch(line -> line.startsWith("Extended["));
    assertThat(conflicts)
        .hasSize(PROCESSES * CALLERS)
        .allMatch(line -> line.contains("[ok, sad]") && line.contains("[sad, so, ok, happy]"));
    assertThat(
            TestDatabases.query(
                url,
                "SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum e"
                    + " JOIN pg_type t ON t.oid = enumtypid WHERE typname = 'mood' GROUP BY t.oid"))
        .containsExactly("sad,so,ok,happy");
    for (Process process : processes) {
      process.getOutputStream().close();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static List<Process> start(PostgresUrl url, String... rounds) throws IOException {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
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
      command.addAll(Arrays.asList(rounds));
      processes.add(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }
    for (Process process : processes) {
      assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("ready");
    }
    return processes;
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
}
