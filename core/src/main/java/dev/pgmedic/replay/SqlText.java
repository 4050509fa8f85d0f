package dev.pgmedic.replay;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What of a migration file is the SQL of its way up. */
final class SqlText {

  private static final Set<String> TOOLS = Set.of("sql", "flyway", "golang-migrate", "prisma");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[\\w.:-]+}");

  private SqlText() {}

  /** Whether the files of a tool are SQL that pgmedic can run itself. */
  static boolean isOf(String tool) {
    return TOOLS.contains(tool);
  }

  /** Why a file cannot be run as it is; empty when it can. */
  static Optional<String> unfit(String tool, Course.Leg leg, String text) {
    if (!leg.file().toString().endsWith(".sql")) {
      return Optional.of(leg.version() + " is no SQL");
    }
    return tool.equals("flyway") && PLACEHOLDER.matcher(text).find()
        ? Optional.of(leg.version() + " has placeholders, which only Flyway fills in")
        : Optional.empty();
  }
}
