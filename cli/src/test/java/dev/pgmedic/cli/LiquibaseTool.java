package dev.pgmedic.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.Scope;
import liquibase.command.CommandScope;
import liquibase.exception.LiquibaseException;
import liquibase.resource.DirectoryResourceAccessor;

/**
 * Liquibase's commands as its command line has them, since only its library comes from Maven:
 * {@code update}, {@code status --verbose}, {@code validate}, {@code clear-checksums}, {@code
 * release-locks}.
 */
final class LiquibaseTool {

  private LiquibaseTool() {}

  public static void main(String... arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    try {
      Scope.child(
          Scope.Attr.resourceAccessor,
          new DirectoryResourceAccessor(Path.of(".")),
          () -> run(arguments));
    } catch (LiquibaseException e) {
      System.out.println(causes(e));
      System.exit(1);
    }
  }

  private static void run(String... arguments) throws LiquibaseException {
    CommandScope command =
        new CommandScope(camel(arguments[0]))
            .addArgumentValue(
                "url",
                "jdbc:postgresql://%s:%s/%s"
                    .formatted(
                        System.getenv("PGHOST"),
                        System.getenv("PGPORT"),
                        System.getenv("PGDATABASE")))
            .addArgumentValue("username", System.getenv("PGUSER"))
            .addArgumentValue("password", "")
            .addArgumentValue("changelogFile", "changelog.sql");
    if (Arrays.asList(arguments).contains("--verbose")) {
      command.addArgumentValue("verbose", true);
    }
    command.setOutput(System.out);
    var unused = command.execute();
  }

  private static String camel(String name) {
    int dash = name.indexOf('-');
    return dash < 0
        ? name
        : name.substring(0, dash)
            + Character.toUpperCase(name.charAt(dash + 1))
            + name.substring(dash + 2);
  }

  private static String causes(Throwable error) {
    return error.getCause() == null
        ? String.valueOf(error.getMessage())
        : error.getMessage() + "\n" + causes(error.getCause());
  }
}
