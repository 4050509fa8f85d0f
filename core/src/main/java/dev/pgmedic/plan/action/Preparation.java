package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What holds for the transaction of a step, as SQL. */
final class Preparation {

  /**
   * Locks that keep others from writing or reading are waited for in short turns, so that nobody
   * queues behind us for long; the whole transaction is tried again.
   */
  static final String SHORT_WAITS = "SET LOCAL lock_timeout = '500ms'";

  private Preparation() {}

  /**
   * For what reads or writes rows: it keeps nobody waiting who reads or writes too, so it waits as
   * long as the step may last.
   */
  static List<String> forRows(String role) {
    return List.of(
        "SET LOCAL ROLE " + Sql.identifier(role),
        "SET LOCAL search_path = pg_catalog",
        "SET LOCAL row_security = off",
        "SET LOCAL lock_timeout = 0");
  }

  /** For definitions, which take locks of SHARE or stronger. */
  static List<String> forDefinitions(Optional<String> role) {
    List<String> settings = new ArrayList<>();
    role.ifPresent(owner -> settings.add("SET LOCAL ROLE " + Sql.identifier(owner)));
    settings.add("SET LOCAL search_path = pg_catalog");
    settings.add("SET LOCAL row_security = off");
    settings.add(SHORT_WAITS);
    return List.copyOf(settings);
  }
}
