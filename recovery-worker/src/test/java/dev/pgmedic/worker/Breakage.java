package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.plan.action.StepType;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a database is broken, which decides what kind of plan heals it. */
enum Breakage {
  /** A table vanished with its view and a foreign key, and an index became invalid. */
  LOST_TABLE(
      List.of(
          "CREATE TABLE users (id int PRIMARY KEY, name text)",
          "CREATE TABLE orders (id int PRIMARY KEY, owner int CONSTRAINT owned REFERENCES users)",
          "CREATE INDEX orders_owner ON orders (owner)",
          "CREATE VIEW names AS SELECT name FROM users",
          "INSERT INTO orders SELECT n, NULL FROM generate_series(1, 500) n"),
      List.of(
          "DROP TABLE users CASCADE",
          "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_owner'::regclass"),
      "LOCK TABLE orders IN ROW EXCLUSIVE MODE") {
    @Override
    void assertWhole(PostgresUrl url, RecoveryTask ended) {
      List<String> made =
          TestDatabases.query(
              url,
              "SELECT what FROM (VALUES ('table', to_regclass('public.users') IS NOT NULL),"
                  + " ('view', to_regclass('public.names') IS NOT NULL), ('key', EXISTS (SELECT"
                  + " FROM pg_constraint WHERE conname = 'owned'))) AS v (what, there)"
                  + " WHERE there");
      assertThat(made)
          .as("all or nothing: " + ended)
          .isIn(List.of(), List.of("table", "view", "key"));
      if ("succeeded".equals(states(ended).get(StepType.REBUILD_OBJECTS))) {
        assertThat(made).as("a step that succeeded: " + ended).isNotEmpty();
      }
    }
  },

  /** A type of a version that was given up is left over, and another one lost a label. */
  LEFTOVER_TYPE(
      List.of(
          "CREATE TYPE mood AS ENUM ('sad', 'ok')",
          "CREATE TABLE orders (id int PRIMARY KEY, mood mood)",
          "INSERT INTO orders SELECT n, 'sad' FROM generate_series(1, 500) n"),
      List.of(
          "CREATE TYPE ghost AS ENUM ('on', 'off')",
          "ALTER TYPE mood RENAME TO mood_before",
          "CREATE TYPE mood AS ENUM ('sad')",
          "ALTER TABLE orders ALTER COLUMN mood TYPE mood USING mood::text::mood",
          "DROP TYPE mood_before"),
      "LOCK TABLE pg_catalog.pg_type IN SHARE MODE") {
    @Override
    void assertWhole(PostgresUrl url, RecoveryTask ended) {
      List<String> ghost =
          TestDatabases.query(
              url,
              "SELECT regexp_replace(typnamespace::regnamespace::text, '_q_.*', '') FROM pg_type"
                  + " WHERE typname = 'ghost'");
      String labels = TestDatabases.query(url, "SELECT enum_range(NULL::mood)").get(0);
      assertThat(ghost).as("at one place: " + ended).hasSize(1);
      assertThat(labels).isIn("{sad}", "{sad,ok}");
      Map<StepType, String> states = states(ended);
      if ("succeeded".equals(states.get(StepType.QUARANTINE))) {
        assertThat(ghost).as("a step that succeeded: " + ended).containsExactly("pgmedic");
      }
      if ("undone".equals(states.get(StepType.QUARANTINE))) {
        assertThat(ghost).as("a step that was taken back: " + ended).containsExactly("public");
      }
      if ("succeeded".equals(states.get(StepType.ENSURE_ENUM))) {
        assertThat(labels).as("a step that succeeded: " + ended).isEqualTo("{sad,ok}");
      }
    }
  };

  private final String healthy;
  private final String broken;
  private final String block;

  Breakage(List<String> healthy, List<String> broken, String block) {
    this.healthy = String.join(";", healthy);
    this.broken = String.join(";", broken);
    this.block = block;
  }

  void makeHealthy(PostgresUrl url) {
    TestDatabases.run(url, healthy);
  }

  void breakIt(PostgresUrl url) {
    TestDatabases.run(url, broken);
  }

  /** What somebody else runs in a transaction, so that the plan's first step must wait. */
  String block() {
    return block;
  }

  /** Each statement of the plan was done whole or not at all, as the journal says. */
  abstract void assertWhole(PostgresUrl url, RecoveryTask ended);

  private static Map<StepType, String> states(RecoveryTask ended) {
    return ended.steps().stream()
        .collect(
            Collectors.toMap(
                run -> ended.plan().steps().get(run.index() - 1).action().type(), StepRun::state));
  }
}
