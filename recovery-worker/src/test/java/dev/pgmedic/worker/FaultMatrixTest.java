package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever becomes of the network, the server or a lock in the middle of a recovery: it ends, its
 * statements are done whole or not at all, no row is lost, no session stays, and the next recovery
 * heals. A build takes a run of each fault and names the seed ({@code -Dpgmedic.seed}); {@code
 * -Pexhaustive} takes 504 and holds them to their deadlines, {@code -Dpgmedic.fault=STALLED} those
 * of one fault.
 */
@Timeout(180)
class FaultMatrixTest {

  private static final Pattern ONLY = Pattern.compile(System.getProperty("pgmedic.fault", ""));
  private static final int RUNS_OF_EACH = Sample.WHOLE ? 42 : 1;

  private static final Logger LOG = LoggerFactory.getLogger(FaultMatrixTest.class);
  private static final RecoveryScene SCENE = new RecoveryScene();
  private static final Map<String, Integer> ENDS = new TreeMap<>();

  // What the server sends to a recovery that nothing befalls; the last of it comes when all is
  // done.
  private static final Map<Breakage, Long> BYTES = new EnumMap<>(Breakage.class);

  /** What happens while a recovery is under way. */
  enum Fault {
    /** From some byte of what the server sends on, all is closed and nobody listens any more. */
    REFUSED,
    /** All connections are closed at some byte. */
    RESET,
    /** Nothing passes any more from some byte on, in the middle of a result. */
    STALLED,
    /** At some byte an administrator ends the recovery's sessions. */
    ENDED,
    /** Somebody holds a lock that a statement needs. */
    BLOCKED,
    /** What is reached now is read-only, as a replica after a failover is. */
    READ_ONLY;

    private boolean isMetByBytes() {
      return this != BLOCKED && this != READ_ONLY;
    }
  }

  record Run(Fault fault, Breakage how, long seed) {}

  static Stream<Run> runs() {
    Random random = new Random(Long.getLong("pgmedic.seed", System.nanoTime()));
    return Stream.of(Fault.values())
        .filter(fault -> ONLY.matcher(fault.name()).find())
        .flatMap(fault ->
            Sample.of(List.of(Breakage.values()), 1).stream()
                .flatMap(how ->
                    IntStream.range(0, RUNS_OF_EACH)
                        .mapToObj(run -> new Run(fault, how, random.nextLong()))));
  }

  @BeforeAll
  static void measure() throws Exception {
    for (Breakage how : Breakage.values()) {
      BYTES.put(how, measured(how));
    }
  }

  private static long measured(Breakage how) throws Exception {
    PostgresUrl url = TestDatabases.fresh();
    try (TcpProxy proxy = TcpProxy.before(url)) {
      Target target = RecoveryScene.target(url, proxy.url());
      SCENE.broken(target, how);
      RecoveryTask task = SCENE.approved(target);
      String worker = SCENE.deploy(target);
      assertThat(SCENE.ended(task).state().label()).isEqualTo("succeeded");
      SCENE.vertx().undeploy(worker).await();
      return proxy.sent() * 9 / 10;
    }
  }

  @AfterAll
  static void close() {
    LOG.atInfo().addKeyValue("ends", ENDS).log("Faults met, and how the tasks ended");
    SCENE.close();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void aRecoveryEndsAndLosesNothing(Run run) throws Exception {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TcpProxy proxy = TcpProxy.before(url);
    Target target = RecoveryScene.target(url, proxy.url());
    SCENE.broken(target, run.how());
    RecoveryTask task = SCENE.approved(target);

    // When
    RecoveryTask ended = worked(target, task, run, proxy);
    proxy.close();

    // Then
    assertThat(proxy.met()).as("the fault came").isEqualTo(run.fault().isMetByBytes());
    ENDS.merge(
        run.fault()
            + " "
            + run.how()
            + " "
            + ended.state().label()
            + " in step "
            + ended.steps().size(),
        1,
        Integer::sum);
    assertThat(ended.state().open()).as(ended.toString()).isFalse();
    RecoveryScene.assertWhole(run.how(), url, ended);
    if (Sample.WHOLE) {
      RecoveryScene.assertInTime(ended);
    }
    RecoveryScene.assertNoSession(url);
    SCENE.assertHealable(RecoveryScene.target(url, url));
  }

  private static RecoveryTask worked(Target target, RecoveryTask task, Run run, TcpProxy proxy)
      throws Exception {
    Fault fault = run.fault();
    long at = new Random(run.seed()).nextLong(BYTES.get(run.how()));
    switch (fault) {
      case REFUSED -> proxy.after(at, () -> closed(proxy));
      case RESET -> proxy.cutsAfter(at);
      case STALLED -> proxy.stallsAfter(at);
      case ENDED -> proxy.after(at, () -> assertThat(ended(target.url())).isNotNegative());
      case READ_ONLY ->
          TestDatabases.run(
              target.url(),
              "ALTER DATABASE "
                  + target.url().database()
                  + " SET default_transaction_read_only = on");
      case BLOCKED -> {}
    }
    try (Connection other = TestDatabases.connect(target.url());
        Statement statement = other.createStatement()) {
      if (fault == Fault.BLOCKED) {
        statement.execute("BEGIN");
        statement.execute(run.how().block());
      }
      String worker = SCENE.deploy(target);
      RecoveryTask ended = SCENE.ended(task);
      SCENE.vertx().undeploy(worker).await();
      if (fault == Fault.READ_ONLY) {
        statement.execute("SET default_transaction_read_only = off");
        statement.execute(
            "ALTER DATABASE " + target.url().database() + " RESET default_transaction_read_only");
      }
      return ended;
    }
  }

  private static void closed(TcpProxy proxy) {
    try {
      proxy.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long ended(PostgresUrl url) {
    return Long.parseLong(
        TestDatabases.query(
                url,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name LIKE 'pgmedic%'")
            .get(0));
  }
}
