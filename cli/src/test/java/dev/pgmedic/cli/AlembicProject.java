package dev.pgmedic.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Alembic project whose fifth revision makes the tables and enums of the guide. */
final class AlembicProject {

  private final Path folder;

  private AlembicProject(Path folder) {
    this.folder = folder;
  }

  static boolean installed() {
    try {
      // However long it takes: a busy machine is not one without Alembic.
      return new ProcessBuilder("alembic", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @CanIgnoreReturnValue
  static AlembicProject in(Path folder, PostgresUrl url) throws IOException {
    Path versions = Files.createDirectories(folder.resolve("migrations/versions"));
    String address = url.reveal().replace("postgresql://", "postgresql+psycopg2://");
    Files.writeString(
        folder.resolve("alembic.ini"),
        """
        [alembic]
        script_location = %%(here)s/migrations
        sqlalchemy.url = %s
        """
            .formatted(address.replace("%", "%%")));
    Files.writeString(
        folder.resolve("migrations/env.py"),
        """
        import logging
        from alembic import context
        from sqlalchemy import engine_from_config, pool
        logging.basicConfig()
        logging.getLogger("alembic").setLevel(logging.INFO)
        engine = engine_from_config(context.config.get_section("alembic"), poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
        """);
    for (int number = 1; number <= 5; number++) {
      Files.writeString(versions.resolve("00" + number + "_step.py"), revision(number));
    }
    return new AlembicProject(folder);
  }

  private static String revision(int number) {
    String down = number == 1 ? "None" : "\"00" + (number - 1) + "\"";
    String sql =
        number == 5
            ? GOOGLE
            : "op.execute(\"CREATE TABLE step_%d (id serial PRIMARY KEY)\")".formatted(number);
    return """
    from alembic import op
    import sqlalchemy as sa
    from sqlalchemy.dialects.postgresql import ENUM
    revision = "00%d"
    down_revision = %s

    def upgrade():
        %s
    """
        .formatted(number, down, sql.replace("\n", "\n    "));
  }

  private static final String GOOGLE =
      """
      status = ENUM("connected", "disconnected", "error", name="serviceconnectionstatus")
      automation = ENUM("active", "paused", name="automationstatus")
      email = ENUM("pending", "sent", "failed", name="emailnotificationstatus")
      backup = ENUM("running", "complete", "failed", name="backupstatus")
      op.create_table("google_service_status", sa.Column("id", sa.Integer, primary_key=True),
          sa.Column("service", sa.String(80), unique=True),
          sa.Column("status", status, nullable=False))
      op.create_table("calendar_automations", sa.Column("id", sa.Integer, primary_key=True),
          sa.Column("service_id", sa.Integer, sa.ForeignKey("google_service_status.id")),
          sa.Column("status", automation, nullable=False, server_default="active"))
      op.create_table("email_notifications", sa.Column("id", sa.Integer, primary_key=True),
          sa.Column("status", email, nullable=False))
      op.create_table("drive_backups", sa.Column("id", sa.Integer, primary_key=True),
          sa.Column("status", backup, nullable=False))
      op.create_index("google_by_status", "google_service_status", ["status"])
      """
          .strip();

  /** Replaces env.py. */
  void environment(String text) throws IOException {
    Files.writeString(folder.resolve("migrations/env.py"), text);
  }

  /** From now on it takes its database from {@code DATABASE_URL} alone. */
  void followsItsEnvironment() throws IOException {
    environment(
        """
        import os
        from alembic import context
        from sqlalchemy import create_engine, pool
        engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
        """);
  }

  /** What applies all its revisions, from any folder. */
  List<String> upgrade() {
    return List.of("alembic", "-c", folder.resolve("alembic.ini").toString(), "upgrade", "head");
  }

  /** Starts alembic; its output goes to a file. */
  Process start(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("alembic"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Runs alembic and gives its output; an exit code other than 0 fails the test. */
  String run(String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("alembic.out");
    Process process = start(output, arguments);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(
          String.join(" ", arguments) + " failed: " + Files.readString(output));
    }
    return Files.readString(output);
  }
}
