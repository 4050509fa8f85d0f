package dev.pgmedic.cli;

import static org.awaitility.Awaitility.await;

import dev.pgmedic.plan.action.StepType;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Something in the target that a step needs and cannot have, so that it is surely at work: shut
 * before the step begins, and seen to be waited for.
 */
final class TargetGate implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final PostgresUrl url;
  private final PostgresUrl store;
  private final Path restart;
  private final StepType type;
  private final Connection holder;
  private final Set<String> waitedBefore;

  private TargetGate(
      PostgresUrl url, PostgresUrl store, Path restart, StepType type, Connection holder) {
    this.url = url;
    this.store = store;
    this.restart = restart;
    this.type = type;
    this.holder = holder;
    this.waitedBefore = waiting();
  }

  /**
   * Shuts the one that a step of this type needs.
   *
   * @param store another database of the same server: in the target even a look may wait
   * @param restart the file that a restart waits for to vanish
   */
  static TargetGate shut(PostgresUrl url, PostgresUrl store, Path restart, StepType type)
      throws SQLException, IOException {
    Connection holder = TestDatabases.connect(url);
    try (Statement statement = holder.createStatement()) {
      statement.execute("BEGIN");
      switch (type) {
        // Whoever looks at a view for the first time in a session needs its definition.
        case RELEASE_LOCK, END_SESSION, VERIFY ->
            statement.execute("LOCK TABLE pg_catalog.pg_rewrite IN ACCESS EXCLUSIVE MODE");
        case REBUILD_INDEX -> statement.execute("LOCK TABLE visit IN ROW EXCLUSIVE MODE");
        case RESTART_SERVICE -> Files.createFile(restart);
        default -> statement.execute(Effects.SHUT);
      }
    }
    return new TargetGate(url, store, restart, type, holder);
  }

  /** Waits until the step stands before it. */
  void reached() {
    await().pollInterval(Duration.ofMillis(10)).atMost(SOON).until(this::isReached);
  }

  private boolean isReached() {
    if (type == StepType.RESTART_SERVICE) {
      return Files.exists(restart.resolveSibling("restarting"));
    }
    return !newcomers().isEmpty();
  }

  /** Whether the next service can look at the target while it is shut. */
  boolean letsLooksPass() {
    return switch (type) {
      case RELEASE_LOCK, END_SESSION, VERIFY, RESTART_SERVICE -> false;
      default -> true;
    };
  }

  /** Waits until whoever stood before it is gone, and opens it then. */
  void openOnceLeft() throws SQLException, IOException {
    Set<String> first = newcomers();
    await().atMost(SOON).until(() -> TestDatabases.query(store, alive(first)).isEmpty());
    close();
  }

  private static String alive(Set<String> backends) {
    return "SELECT pid FROM pg_stat_activity WHERE pid || ' ' || backend_start = ANY ('{"
        + String.join(",", backends.stream().map(one -> "\"" + one + "\"").toList())
        + "}')";
  }

  private Set<String> newcomers() {
    Set<String> newcomers = waiting();
    newcomers.removeAll(waitedBefore);
    return newcomers;
  }

  private Set<String> waiting() {
    List<String> waiting =
        TestDatabases.query(
            store,
            "SELECT pid || ' ' || backend_start FROM pg_stat_activity"
                + " WHERE wait_event_type = 'Lock' AND datname = '"
                + url.database()
                + "'");
    return new TreeSet<>(waiting);
  }

  /** Opens it. */
  @Override
  public void close() throws SQLException, IOException {
    Files.deleteIfExists(restart);
    holder.close();
  }
}
