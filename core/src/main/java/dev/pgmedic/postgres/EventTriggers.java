package dev.pgmedic.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Looks for event triggers that would run somebody else's code with our rights. They fire at every
 * definition, also at the one that confines a step to its owner's rights, so that nothing keeps
 * them from taking those of our login. A superuser made them; whose function they run is the
 * question.
 *
 * @see <a href="https://www.postgresql.org/docs/current/event-triggers.html">Event triggers</a>
 */
public final class EventTriggers {

  private static final String FOREIGN =
      """
      SELECT e.evtname AS name, o.rolname AS owner
      FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
      JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
      WHERE e.evtenabled IN ('O', 'A') AND NOT o.rolsuper
        AND NOT pg_catalog.pg_has_role(o.oid, session_user, 'MEMBER')
      ORDER BY e.evtname
      """;

  private EventTriggers() {}

  /**
   * Completes with what is to be said against going on, and empty when none runs the function of a
   * role that has not our rights anyway; fails as the query does. Reads only.
   */
  public static Future<Optional<String>> objection(SqlClient session) {
    return session
        .query(FOREIGN)
        .execute()
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row ->
                    ForeignText.quoted(row.getString("name"))
                        + " of "
                        + ForeignText.quoted(row.getString("owner")))
                .toList())
        .map(EventTriggers::objection);
  }

  private static Optional<String> objection(List<String> foreign) {
    return foreign.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "event triggers would run a role's code with the rights of the recovery: "
                + String.join(", ", foreign)
                + "; disable them, or give their functions to a superuser");
  }
}
