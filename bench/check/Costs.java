import dev.pgmedic.catalog.CatalogQuery;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.LastLook;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One check of a large database and of a small one, beside the tools' own commands. */
final class Costs {

  private static final int TIMES = 10;
  private static final int GLANCES = 100;

  private final Vertx vertx;
  private final Server server;
  private final String pgmedic;
  private final Path catalog = Path.of("catalog.sql").toAbsolutePath();

  Costs(Vertx vertx, Server server, String pgmedic) {
    this.vertx = vertx;
    this.server = server;
    this.pgmedic = pgmedic;
  }

  void measure(Consumer<String> page) throws Exception {
    Files.writeString(catalog, CatalogQuery.TEXT); // what a check sends, word for word
    page.accept("## One check\n");
    page.accept(
        "Wall time as whoever waits sees it; the server's processor time is the mean of all runs,"
            + " counted in ticks of 10 ms.\n");
    measure(page, "large", 2_000, 200);
    measure(page, "small", 20, 2);
  }

  private void measure(Consumer<String> page, String name, int tables, int enums) throws Exception {
    page.accept("### %,d tables, %d enums\n".formatted(tables, enums));
    page.accept("| what | n | median ms | p95 ms | server's CPU, mean ms |");
    page.accept("|---|---|---|---|---|");
    String schema = Schema.script(tables, enums);
    Tools tools = new Tools(server, schema);
    PostgresUrl bare = tools.alembic(name + "_alembic");
    PostgresUrl flyway = tools.flyway(name + "_flyway");
    PostgresUrl liquibase = tools.liquibase(name + "_liquibase");
    row(page, "`psql`, the catalog query alone", TIMES, () -> tools.psql(bare, catalog));
    row(page, "`alembic current`", TIMES, () -> tools.alembicCurrent(bare));
    row(page, "`flyway validate`, one migration", TIMES, () -> tools.flywayValidate(flyway));
    row(page, "`liquibase status`, one changeset", TIMES, () -> tools.liquibaseStatus(liquibase));
    row(page, "**`pgmedic check`, the process**", TIMES, () -> tools.pgmedicCheck(pgmedic, bare));
    checks(page, bare);
    page.accept("");
  }

  private void checks(Consumer<String> page, PostgresUrl url) throws Exception {
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), Duration.ofSeconds(15));
    Target target = Target.of("bench", url);
    row(
        page,
        "**a check in the service, the whole schema**",
        TIMES,
        () -> seen(check.run(target, KnownGoodLookup.NONE, Optional.empty()).await().memory()));
    List<LastLook> last = new ArrayList<>();
    last.add(check.run(target, KnownGoodLookup.NONE, Optional.empty()).await().memory().get());
    row(
        page,
        "**a check in the service, nothing changed**",
        GLANCES,
        () -> {
          var look =
              check
                  .run(target, KnownGoodLookup.NONE, Optional.of(last.get(last.size() - 1)))
                  .await();
          if (!look.diagnosis().isQuiet()) {
            throw new IllegalStateException("expected no change: " + look.diagnosis().findings());
          }
          last.add(look.memory().get());
        });
  }

  private static void seen(Optional<LastLook> memory) {
    if (memory.isEmpty()) {
      throw new IllegalStateException("the database was not seen");
    }
  }

  /** Something that is measured. */
  private interface Work {
    void run() throws Exception;
  }

  private void row(Consumer<String> page, String what, int times, Work work) throws Exception {
    work.run(); // warm: what is measured is not the first of its kind
    String folder = System.getProperty("bench.targets");
    List<Double> millis = new ArrayList<>();
    long before = Cpu.ofServer(folder);
    for (int number = 0; number < times; number++) {
      long start = System.nanoTime();
      work.run();
      millis.add((System.nanoTime() - start) / 1e6);
    }
    double cpu = (Cpu.ofServer(folder) - before) / (double) times;
    page.accept("| %s | %s | %.1f |".formatted(what, new Sample(millis).cells(), cpu));
  }

  /** A schema like an application's. */
  private static final class Schema {

    static String script(int tables, int enums) {
      return """
      DO $$ BEGIN FOR i IN 1..%2$d LOOP
        EXECUTE format('CREATE TYPE enum_%%s AS ENUM (''new'', ''done'', ''failed'')', i);
      END LOOP; END $$;
      DO $$ BEGIN FOR i IN 1..%1$d LOOP
        EXECUTE format('CREATE TABLE t_%%s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,'
          ' name text NOT NULL DEFAULT ''x'', state enum_%%s NOT NULL DEFAULT ''new'','
          ' amount numeric(12,2) CHECK (amount >= 0), created timestamptz DEFAULT now(),'
          ' parent bigint REFERENCES t_%%s)', i, 1 + i %% %2$d, greatest(i - 1, 1));
        EXECUTE format('CREATE INDEX ON t_%%s (name) WHERE state <> ''done''', i);
      END LOOP; END $$;
      """
          .formatted(tables, enums);
    }
  }

  /** The tools, each with a project of one migration that makes the whole schema. */
  private record Tools(Server server, String schema) {

    PostgresUrl alembic(String database) throws IOException {
      PostgresUrl url = server.create(database);
      Files.createDirectories(Path.of("alembic/versions"));
      Files.writeString(Path.of("schema.sql"), schema);
      Files.writeString(Path.of("alembic.ini"), "[alembic]\nscript_location = alembic\n");
      Files.writeString(
          Path.of("alembic/env.py"),
          """
          import os
          from alembic import context
          from sqlalchemy import create_engine
          with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
              context.configure(connection=connection)
              with context.begin_transaction():
                  context.run_migrations()
          """);
      Files.writeString(
          Path.of("alembic/versions/1.py"),
          """
          from alembic import op
          from sqlalchemy import text
          revision = "1"
          down_revision = None
          def upgrade():
              op.get_bind().exec_driver_sql(open("schema.sql").read().replace("%", "%%"))
          """);
      run(url, List.of("alembic", "upgrade", "head"));
      return url;
    }

    PostgresUrl flyway(String database) throws IOException {
      PostgresUrl url = server.create(database);
      Files.createDirectories(Path.of("sql"));
      Files.writeString(Path.of("sql/V1__schema.sql"), schema);
      run(url, java("dev.pgmedic.cli.FlywayTool", "migrate"));
      return url;
    }

    PostgresUrl liquibase(String database) throws IOException {
      PostgresUrl url = server.create(database);
      Files.writeString(
          Path.of("changelog.sql"),
          "--liquibase formatted sql\n--changeset bench:1 splitStatements:false\n" + schema);
      run(url, java("dev.pgmedic.cli.LiquibaseTool", "update"));
      return url;
    }

    void psql(PostgresUrl url, Path file) {
      run(
          url,
          List.of(
              "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", file.toString()));
    }

    void alembicCurrent(PostgresUrl url) {
      run(url, List.of("alembic", "current"));
    }

    void flywayValidate(PostgresUrl url) {
      run(url, java("dev.pgmedic.cli.FlywayTool", "validate"));
    }

    void liquibaseStatus(PostgresUrl url) {
      run(url, java("dev.pgmedic.cli.LiquibaseTool", "status", "--verbose"));
    }

    void pgmedicCheck(String pgmedic, PostgresUrl url) {
      run(url, List.of(pgmedic, "check", "--url", url.reveal()));
    }

    private static List<String> java(String... words) {
      List<String> command =
          new ArrayList<>(
              List.of(System.getProperty("bench.java"), "-cp", System.getProperty("bench.tools")));
      command.addAll(List.of(words));
      return command;
    }

    private static void run(PostgresUrl url, List<String> words) {
      Process process =
          Peers.start(
              words,
              Map.of(
                  "PGHOST", url.host(),
                  "PGPORT", Integer.toString(url.port()),
                  "PGUSER", url.user(),
                  "PGDATABASE", url.database(),
                  "PGOPTIONS", "-c search_path=" + path(words) + " -c jit=off",
                  "DATABASE_URL", url.reveal()));
      List<String> told = process.inputReader().lines().toList();
      if (process.onExit().join().exitValue() != 0) {
        throw new IllegalStateException(words + " failed: " + String.join("\n", told));
      }
    }

    // As our own session has it: the query alone is compared, and not two ways to plan it.
    private static String path(List<String> words) {
      return words.get(0).equals("psql") ? "pg_catalog" : "public";
    }
  }
}
