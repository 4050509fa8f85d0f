package dev.pgmedic.check;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.lock.LockScene;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A healthy database with the records of seven tools, and copies of it that have one fault. */
final class FaultyDatabases {

  private static final Pattern SECTION = Pattern.compile("(?m)^-- (?=\\S+$)");
  private static final Map<String, String> FAULTS =
      SECTION
          .splitAsStream(SqlResource.read(FaultyDatabases.class, "faults.sql"))
          .filter(section -> !section.isBlank())
          .map(section -> section.split("\n", 2))
          .collect(Collectors.toMap(section -> section[0], section -> section[1]));

  private final PostgresUrl healthy = TestDatabases.fresh();

  FaultyDatabases() {
    Stream.of("alembic", "flyway", "liquibase", "django", "prisma", "golang-migrate", "knex")
        .map(tool -> SqlResource.read(TestDatabases.class, "history/" + tool + ".sql"))
        .forEach(sql -> TestDatabases.run(healthy, sql));
    TestDatabases.run(healthy, FAULTS.get("healthy"));
  }

  /** The one without a fault. */
  PostgresUrl healthy() {
    return healthy;
  }

  /** A new one that has the fault of this code, for as long as it is open; the caller closes it. */
  LockScene with(IssueCode fault) {
    LockScene scene = new LockScene(TestDatabases.copyOf(healthy));
    TestDatabases.run(scene.url(), FAULTS.getOrDefault(fault.toString(), "SELECT"));
    sessions(fault, scene);
    return scene;
  }

  private static void sessions(IssueCode fault, LockScene scene) {
    switch (fault) {
      case CONNECTION_SLOW -> {
        scene.session("vacuum", "BEGIN", "LOCK TABLE pg_enum IN ACCESS EXCLUSIVE MODE");
        scene.queued("shop", "SELECT count(*) FROM pg_enum");
      }
      case LOCK_APPLICATION -> scene.session("job queue", "SELECT pg_advisory_lock(4711)");
      case LOCK_CONTENDED -> {
        scene.session("holder", "SELECT pg_advisory_lock(4711)");
        scene.queued("waiter", "SELECT pg_advisory_lock(4711)");
      }
      case LOCK_ORPHANED ->
          scene.session(
              "pgmedic/crashed-deploy/1", "SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
      case LOCK_ROW_STALE -> scene.session("shop");
      case SESSION_BLOCKING -> {
        scene.session("forgotten", "BEGIN", "SELECT count(*) FROM person");
        scene.queued("migration", "ALTER TABLE person ADD COLUMN name text");
      }
      case SESSION_IDLE_IN_TRANSACTION ->
          scene.session("forgotten", "BEGIN", "SELECT count(*) FROM person");
      default -> {
        // nobody has a part in it
      }
    }
  }
}
