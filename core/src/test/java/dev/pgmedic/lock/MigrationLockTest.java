package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class MigrationLockTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void itsKeyIsTheBeginningOfTheMd5OfTheDatabasesName() throws NoSuchAlgorithmException {
    // Given
    byte[] hash =
        MessageDigest.getInstance("MD5")
            .digest(("pgmedic:" + url.database()).getBytes(StandardCharsets.UTF_8));
    long expected = ByteBuffer.wrap(hash).getLong();

    // When
    List<String> key = TestDatabases.query(url, "SELECT " + MigrationLock.KEY);

    // Then
    assertThat(key).containsExactly(Long.toString(expected));
  }

  @Test
  void onlyOneHoldsItAndTheNextGetsItAfterwards() {
    // Given
    HeldLock first = acquire("first", LIMIT).await();
    Future<HeldLock> second = acquire("second", LIMIT);

    // When
    first.release().await();

    // Then
    HeldLock held = second.await();
    assertThat(locks()).singleElement().returns(true, AdvisoryLock::ours);
    held.release().await();
    assertThat(locks()).isEmpty();
  }

  @Test
  void aWaitInVainSaysWhoHoldsItAndWhetherItLives() {
    // Given
    HeldLock first = acquire("first", LIMIT).await();

    // When
    Throwable error = catchThrowable(() -> acquire("second", SHORT).await());

    // Then
    assertThat(error)
        .isInstanceOf(LockNotAvailable.class)
        .hasMessageContainingAll("held by session", "pgmedic/first/1", "idle", "verdict: live");
    first.release().await();
  }

  @Test
  void itsHeartBeats() {
    // Given
    HeldLock held = acquire("beating", LIMIT).await();
    String before = beat();

    // When
    vertx.timer(MigrationLock.BEAT.toMillis() * 2).await();

    // Then
    assertThat(beat()).isNotEqualTo(before);
    assertThat(locks()).singleElement().returns(Verdict.LIVE, MigrationLockTest::verdict);
    held.release().await();
  }

  @Test
  void aHolderThatWasEndedIsLostAndCannotReleaseIt() {
    // Given
    HeldLock held = acquire("ended", LIMIT).await();
    Future<Void> closed = closed(held);

    // When
    TestDatabases.run(
        url, "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'");
    closed.await();

    // Then
    assertThat(held.lost()).isTrue();
    assertThat(catchThrowable(() -> held.release().await())).isNotNull();
  }

  @Test
  void releasingALockThatWasGivenBackAlreadyFails() {
    // Given
    HeldLock held = acquire("twice", LIMIT).await();
    held.session().query("SELECT pg_advisory_unlock_all()").execute().await();

    // When
    Throwable error = catchThrowable(() -> held.release().await());

    // Then
    assertThat(error).isInstanceOf(IllegalStateException.class).hasMessageContaining("lost");
  }

  @Test
  void aSilentHolderIsOrphanedAfterThePauseAndAWorkingOneIsNot() throws SQLException {
    try (Connection silent = TestDatabases.connect(url);
        Statement statement = silent.createStatement()) {
      // Given
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");

      // When
      vertx.timer(50).await();

      // Then
      AdvisoryLock lock = locks().get(0);
      assertThat(lock.verdict(Duration.ofMillis(20))).isEqualTo(Verdict.ORPHANED);
      assertThat(lock.verdict(MigrationLock.LONGEST_PAUSE)).isEqualTo(Verdict.LIVE);
      silent.setAutoCommit(false);
      statement.execute("SELECT 1");
      assertThat(locks().get(0).verdict(Duration.ZERO)).isEqualTo(Verdict.LIVE);
    }
  }

  @Test
  void aKeyOfAnApplicationIsNeverJudged() throws SQLException {
    try (Connection application = TestDatabases.connect(url);
        Statement statement = application.createStatement()) {
      // Given
      statement.execute("SELECT pg_advisory_lock(-42), pg_advisory_lock(1, 2)");

      // When
      List<AdvisoryLock> locks = locks();

      // Then
      assertThat(locks).extracting(AdvisoryLock::key).containsExactlyInAnyOrder("-42", "1,2");
      assertThat(locks).allMatch(lock -> lock.verdict(Duration.ZERO) == Verdict.UNKNOWN);
    }
  }

  @Test
  void aSessionOfAnEarlierRunThatStillWorksIsWaitedFor() throws SQLException {
    try (Connection earlier = TestDatabases.connect(url);
        Statement statement = earlier.createStatement()) {
      // Given
      statement.execute("SET application_name = 'pgmedic/earlier/1'");
      earlier.setAutoCommit(false);
      statement.execute("CREATE TABLE half_done (id int)");

      // When
      Throwable error = catchThrowable(() -> acquire("later", SHORT).await());

      // Then
      assertThat(error)
          .isInstanceOf(LockNotAvailable.class)
          .hasMessageContaining("of the earlier run \"pgmedic/earlier/1\" is still there");
      assertThat(locks()).isEmpty();
      earlier.rollback();
    }
    acquire("later", LIMIT).await().release().await();
    assertThat(TestDatabases.query(url, "SELECT to_regclass('half_done')")).containsExactly("null");
  }

  @Test
  void aSilentSessionOfAnEarlierRunIsEndedAndABusyOneIsNot() throws SQLException {
    try (Connection silent = TestDatabases.connect(url);
        Connection busy = TestDatabases.connect(url)) {
      // Given
      BackendSession first = session(silent);
      BackendSession second = session(busy);
      busy.setAutoCommit(false);
      assertThat(session(busy)).isEqualTo(second);
      Session looking = open();

      // When
      boolean ended =
          first.endIfSilent(looking.connection(), Duration.ofMillis(1)).await()
              && !second.endIfSilent(looking.connection(), Duration.ofMillis(1)).await();

      // Then
      assertThat(ended).isTrue();
      assertThat(silent.isValid(1)).isFalse();
      assertThat(busy.isValid(1)).isTrue();
      looking.close().await();
    }
  }

  @Test
  void theSessionIsToldBeforeTheLockIsTaken() {
    // Given
    List<String> held = new ArrayList<>();

    // When
    Future<HeldLock> refused =
        MigrationLock.of(vertx, new MigrationLock.Run("told", 1), LIMIT, LIMIT)
            .acquire(
                url,
                LIMIT,
                session ->
                    read()
                        .compose(locks -> {
                          locks.forEach(lock -> held.add(lock.key()));
                          return Future.failedFuture(new IllegalStateException("not ours"));
                        }));

    // Then
    assertThat(catchThrowable(refused::await)).hasMessage("not ours");
    assertThat(held).isEmpty();
    assertThat(locks()).isEmpty();
  }

  private Future<HeldLock> acquire(String run, Duration wait) {
    return MigrationLock.of(vertx, new MigrationLock.Run(run, 1), LIMIT, LIMIT)
        .acquire(url, wait, session -> Future.succeededFuture());
  }

  private static Verdict verdict(AdvisoryLock lock) {
    return lock.verdict(MigrationLock.LONGEST_PAUSE);
  }

  private Session open() {
    return Session.open(vertx, url, new Session.Settings("test", LIMIT, LIMIT, LIMIT, false))
        .await();
  }

  private List<AdvisoryLock> locks() {
    return read().await();
  }

  private Future<List<AdvisoryLock>> read() {
    return Session.open(vertx, url, new Session.Settings("test", LIMIT, LIMIT, LIMIT, true))
        .compose(session ->
            AdvisoryLocks.read(session.connection(), List.of()).eventually(session::close));
  }

  private String beat() {
    return TestDatabases.query(
            url,
            "SELECT state_change FROM pg_stat_activity WHERE application_name ~ '^pgmedic/'"
                + " AND datname = current_database()")
        .get(0);
  }

  // The connection fails its next statement once the driver has seen the end of the session.
  private Future<Void> closed(HeldLock held) {
    return held.lost() ? Future.succeededFuture() : vertx.timer(20).compose(waited -> closed(held));
  }

  private static BackendSession session(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")) {
      rows.next();
      return new BackendSession(
          rows.getInt(1), rows.getObject(2, java.time.OffsetDateTime.class).toInstant());
    }
  }
}
