package dev.pgmedic.guard;

import dev.pgmedic.lock.Hold;
import dev.pgmedic.target.PostgresUrl;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What guard adds to the environment of its command. */
final class CommandEnvironment {

  private static final String OPTIONS = "PGOPTIONS";
  private static final String NOTICE_DEATH = "client_connection_check_interval=1000";

  private CommandEnvironment() {}

  /**
   * The holder's own variables, the name of the command's sessions, and options that make its
   * statements end when it is gone. A pooler refuses such options, so they are left out where
   * {@code DATABASE_URL} leads to another address than the lock's.
   */
  static Map<String, String> of(GuardedRun run, Hold hold, Consumer<String> notices) {
    Map<String, String> environment = new HashMap<>(hold.environment());
    if (leadsElsewhere(run)) {
      notices.accept(
          "DATABASE_URL leads to another address than the lock's: its sessions get no PGOPTIONS");
      return environment;
    }
    StringBuilder options = new StringBuilder(run.surroundings().get(OPTIONS).orElse(""));
    if (hold.noticesDeadClients() && options.indexOf(NOTICE_DEATH) < 0) {
      options.append(" -c " + NOTICE_DEATH);
    }
    run.limits()
        .lock()
        .ifPresent(limit -> options.append(" -c lock_timeout=").append(limit.toMillis()));
    if (!options.isEmpty()) {
      environment.put(OPTIONS, options.toString().strip());
    }
    return environment;
  }

  private static boolean leadsElsewhere(GuardedRun run) {
    return run.surroundings()
        .get("DATABASE_URL")
        .filter(text -> {
          try {
            PostgresUrl other = PostgresUrl.parse(text);
            return !other.host().equals(run.url().host()) || other.port() != run.url().port();
          } catch (IllegalArgumentException e) {
            return false; // whatever it is, it says nothing about an address
          }
        })
        .isPresent();
  }
}
