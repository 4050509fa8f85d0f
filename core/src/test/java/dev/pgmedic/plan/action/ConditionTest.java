package dev.pgmedic.plan.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.history.tool.RecordChange;
import dev.pgmedic.lock.LockScene;
import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A step's own query says whether it is to run. */
@Timeout(60)
class ConditionTest {

  private static final String[] EVERYTHING = {
    "CREATE SCHEMA \"My.Schema\"",
    "CREATE TYPE \"My.Schema\".\"st\"\"ate\" AS ENUM ('a', 'b')",
    "CREATE TABLE users (id serial PRIMARY KEY, \"it's\" \"My.Schema\".\"st\"\"ate\")",
    "CREATE TABLE \"My.Schema\".\"a.b\" (id int CONSTRAINT \"to; them\" REFERENCES users)",
    "CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (9)",
    "CREATE INDEX \"Big\" ON \"My.Schema\".\"a.b\" ((id + 1))",
    "CREATE INDEX parts_by_id ON parts (id)",
    "CREATE VIEW names AS SELECT id FROM users",
    "CREATE MATERIALIZED VIEW kept AS SELECT id FROM users",
    "CREATE FUNCTION \"f(x)\"() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION g(a int, b \"My.Schema\".\"st\"\"ate\"[]) RETURNS int LANGUAGE sql"
        + " AS 'SELECT 1'",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER \"on\" BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE POLICY own ON users USING (id = 1)"
  };

  private final PostgresUrl url = TestDatabases.fresh();

  @Test
  void objectsOfEveryKindAreFoundUnderTheNamesThatTheCatalogGivesThem() {
    // Given
    TestDatabases.run(url, EVERYTHING);
    List<Key> objects = objects();
    assertThat(objects).extracting(Key::kind).contains(Kind.values());

    // When
    List<String> found = objects.stream().map(this::standingOf).distinct().toList();

    // Then
    assertThat(found).containsExactly("done");
    assertThat(standing(rebuild(objects))).isEqualTo("done");
    assertThat(TestDatabases.query(TestDatabases.fresh(), condition(rebuild(objects))))
        .containsExactly("ready");
  }

  @Test
  void someObjectsOfAStepAreNeitherNoneNorAll() {
    // Given
    TestDatabases.run(url, EVERYTHING);
    List<Key> objects = objects();

    // When
    TestDatabases.run(url, "DROP POLICY own ON users");

    // Then
    assertThat(standing(rebuild(objects))).isEqualTo("neither");
    assertThat(standingOf(new Key(Kind.POLICY, "public.users.own"))).isEqualTo("ready");
  }

  @Test
  void aTypeIsMovedOnlyWhileNothingUsesIt() {
    // Given
    TestDatabases.run(url, "CREATE TYPE \"left\"\"over\" AS ENUM ('a')");
    Quarantine moved =
        new Quarantine(
            "pgmedic_q_1", List.of(Moved.of("type", "public.\"left\"\"over\"")), List.of());
    String alone = standing(moved);

    // When
    TestDatabases.run(url, "CREATE TABLE uses (them \"left\"\"over\"[])");
    String used = standing(moved);
    TestDatabases.run(url, "DROP TABLE uses", String.join(";", moved.body()));

    // Then
    assertThat(List.of(alone, used, standing(moved))).containsExactly("ready", "neither", "done");
  }

  @Test
  void aRecordIsPutRightOnlyWhileItIsTheRowThatWasJudged() {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
        "INSERT INTO schema_migrations VALUES (4, true)");
    String judged =
        TestDatabases.query(url, "SELECT xmin::text || ' ' || ctid::text FROM schema_migrations")
            .get(0);
    RepairHistory repair =
        new RepairHistory(
            "golang-migrate",
            "public.schema_migrations",
            new RecordChange(
                "version 3 is in effect",
                "version = 3, dirty = false",
                "version = 4 AND dirty",
                "version = 3 AND NOT dirty",
                "version = 4, dirty = true"),
            List.of(new Key(Kind.TABLE, "public.hall")),
            false,
            judged,
            url.user(),
            Optional.empty());
    String before = standing(repair);
    TestDatabases.run(url, "CREATE TABLE hall (id int)");
    String there = standing(repair);
    TestDatabases.run(url, "DROP TABLE hall");

    // When
    TestDatabases.run(url, String.join(";", repair.body()));
    String after = standing(repair);
    TestDatabases.run(url, repair.undo().orElseThrow());
    String another = standing(repair);
    TestDatabases.run(url, String.join(";", repair.body()));

    // Then
    assertThat(List.of(before, there, after, another))
        .containsExactly("ready", "neither", "done", "neither");
    assertThat(TestDatabases.query(url, "SELECT version || ' ' || dirty FROM schema_migrations"))
        .containsExactly("4 true");
  }

  @Test
  void aRecordThatWasPutRightIsTakenBackWhileItStillSaysSo() {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
        "INSERT INTO schema_migrations VALUES (4, true)");
    RepairHistory repair =
        new RepairHistory(
            "golang-migrate",
            "public.schema_migrations",
            new RecordChange(
                "version 3 is in effect",
                "version = 3, dirty = false",
                "version = 4 AND dirty",
                "version = 3 AND NOT dirty",
                "version = 4, dirty = true"),
            List.of(),
            false,
            TestDatabases.query(
                    url, "SELECT xmin::text || ' ' || ctid::text FROM schema_migrations")
                .get(0),
            url.user(),
            Optional.empty());
    TakeBack back = TakeBack.of(repair).orElseThrow();
    TestDatabases.run(url, String.join(";", repair.body()));

    // When
    String before = standing(back);
    TestDatabases.run(url, String.join(";", back.body()));
    String after = standing(back);
    TestDatabases.run(url, "UPDATE schema_migrations SET version = 5");

    // Then
    assertThat(List.of(before, after, standing(back))).containsExactly("ready", "done", "neither");
  }

  @Test
  void labelsAreAddedToTheLabelsThatWereSeenAlone() {
    // Given
    TestDatabases.run(url, "CREATE TYPE state AS ENUM ('it''s', 'b')");
    EnsureEnum labels =
        new EnsureEnum("public.state", List.of("it's", "b"), List.of("it's", "a", "b"));
    String before = standing(labels);

    // When
    TestDatabases.run(url, "ALTER TYPE state ADD VALUE 'a' BEFORE 'b'");
    String after = standing(labels);
    TestDatabases.run(url, "ALTER TYPE state ADD VALUE 'z'");

    // Then
    assertThat(List.of(before, after, standing(labels)))
        .containsExactly("ready", "done", "neither");
  }

  @Test
  void aLockRowThatALiveRunTookAgainIsNotCleared() {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE databasechangeloglock (id int PRIMARY KEY, locked bool NOT NULL,"
            + " lockgranted timestamp, lockedby varchar(255))",
        "INSERT INTO databasechangeloglock VALUES (1, true, '2026-01-01', 'pod-7')");
    ClearLockRow dead = clear(version());

    // When
    String before = standing(dead);
    TestDatabases.run(
        url,
        "UPDATE databasechangeloglock SET locked = false",
        "UPDATE databasechangeloglock SET locked = true");
    String retaken = standing(dead);
    TestDatabases.run(url, String.join(";", dead.body()));
    String still = standing(dead);
    ClearLockRow live = clear(version());
    TestDatabases.run(url, String.join(";", live.body()));

    // Then
    assertThat(List.of(before, retaken, still, standing(live)))
        .containsExactly("ready", "neither", "neither", "done");
    assertThat(TestDatabases.query(url, "SELECT lockedby FROM databasechangeloglock"))
        .containsExactly("null");
  }

  private String version() {
    return TestDatabases.query(
            url, "SELECT xmin::text || ' ' || ctid::text FROM databasechangeloglock")
        .get(0);
  }

  private static ClearLockRow clear(String version) {
    return new ClearLockRow(
        ToolTable.LIQUIBASE_LOCK, "public.databasechangeloglock", "1", version, "postgres");
  }

  @Test
  void aSessionIsEndedOnlyWhileOthersWaitForIt() throws SQLException {
    // Given
    try (LockScene scene = new LockScene()) {
      TestDatabases.run(scene.url(), "CREATE TABLE visit (id int)");
      Connection holder = scene.session("report", "BEGIN", "SELECT * FROM visit");
      EndSession blocking = EndSession.blocking(session(holder, scene));
      String alone = standing(blocking, scene.url());

      // When
      scene.queued("migration", "ALTER TABLE visit ADD COLUMN note text");
      String waited = standing(blocking, scene.url());
      TestDatabases.run(scene.url(), blocking.statements().orElseThrow());

      // Then
      assertThat(List.of(alone, waited, standing(blocking, scene.url())))
          .containsExactly("neither", "ready", "done");
    }
  }

  private static BackendSession session(Connection session, LockScene scene) {
    int pid = TestDatabases.pid(session);
    String start =
        TestDatabases.query(
                scene.url(),
                "SELECT to_char(backend_start AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM pg_stat_activity WHERE pid = "
                    + pid)
            .get(0);
    return new BackendSession(pid, Instant.parse(start));
  }

  private static String standing(Action action, PostgresUrl url) {
    return TestDatabases.query(url, condition(action)).get(0);
  }

  @Test
  void anInvalidIndexIsBuiltOrDropped() {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE visit (id int)",
        "CREATE INDEX \"by; id\" ON visit (id)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"by; id\"'::regclass");
    RebuildIndex built = new RebuildIndex("public.\"by; id\"", "postgres", false);
    RebuildIndex dropped = new RebuildIndex("public.\"by; id\"", "postgres", true);

    // When
    String before = standing(built);
    built.each().forEach(statement -> TestDatabases.run(url, statement));
    String valid = standing(built) + " " + standing(dropped);
    TestDatabases.run(url, "DROP INDEX \"by; id\"");

    // Then
    assertThat(List.of(before, valid, standing(dropped)))
        .containsExactly("ready", "done neither", "done");
  }

  @Test
  void onlyTheVerySessionThatIsSilentIsEnded() throws SQLException {
    // Given
    ReleaseLock silent;
    ReleaseLock beats;
    try (Connection holder = TestDatabases.connect(url)) {
      silent = release(holder, Duration.ZERO);
      beats = release(holder, Duration.ofHours(1));

      // When
      assertThat(standing(silent)).isEqualTo("ready");
      assertThat(standing(beats)).isEqualTo("neither");
      TestDatabases.run(url, silent.statements().orElseThrow());
    }

    // Then
    assertThat(standing(silent)).isEqualTo("done");
    assertThat(standing(beats)).isEqualTo("done");
  }

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private ReleaseLock release(Connection holder, Duration silentFor) {
    int pid = TestDatabases.pid(holder);
    String start =
        TestDatabases.query(
                url,
                "SELECT to_json(backend_start)#>>'{}' FROM pg_stat_activity WHERE pid = " + pid)
            .get(0);
    return new ReleaseLock("1", pid, OffsetDateTime.parse(start).toInstant(), silentFor);
  }

  private List<Key> objects() {
    return new Checks(vertx)
        .run(url).observation().orElseThrow().catalog().objects().stream()
            .map(CatalogObject::key)
            .toList();
  }

  private static RebuildObjects rebuild(List<Key> objects) {
    return new RebuildObjects("postgres", objects, List.of(), List.of(), List.of());
  }

  private String standingOf(Key object) {
    return standing(rebuild(List.of(object)));
  }

  private static String condition(Action action) {
    return action.condition().orElseThrow();
  }

  private String standing(Action action) {
    return TestDatabases.query(url, condition(action)).get(0);
  }
}
