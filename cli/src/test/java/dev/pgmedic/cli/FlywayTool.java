package dev.pgmedic.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.info.MigrationInfoDumper;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.slf4j.LoggerFactory;

/**
 * Flyway's commands as its command line has them, since only its library comes from Maven: {@code
 * migrate}, {@code info}, {@code validate}, {@code repair}; with {@code -lock=session} as {@code
 * -postgresql.transactional.lock=false}.
 */
final class FlywayTool {

  private FlywayTool() {}

  public static void main(String... arguments) {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    try {
      run(List.of(arguments));
    } catch (FlywayException e) {
      System.out.println("ERROR: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(List<String> arguments) {
    FluentConfiguration settings =
        Flyway.configure()
            .dataSource(
                "jdbc:postgresql://%s:%s/%s"
                    .formatted(
                        System.getenv("PGHOST"),
                        System.getenv("PGPORT"),
                        System.getenv("PGDATABASE")),
                System.getenv("PGUSER"),
                "")
            .locations("filesystem:sql");
    if (arguments.contains("-lock=session")) {
      settings
          .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
          .setTransactionalLock(false);
    }
    Flyway flyway = settings.load();
    switch (arguments.get(0)) {
      case "migrate" -> System.out.println("applied " + flyway.migrate().migrationsExecuted);
      case "info" -> System.out.println(MigrationInfoDumper.dumpToAsciiTable(flyway.info().all()));
      case "validate" -> flyway.validate();
      case "repair" -> System.out.println(flyway.repair().repairActions);
      default -> throw new IllegalArgumentException("no command " + arguments.get(0));
    }
  }
}
