package dev.pgmedic.grants;

import dev.pgmedic.grants.Rights.KnownTable;
import dev.pgmedic.grants.Rights.Owner;
import dev.pgmedic.grants.Rights.Role;
import dev.pgmedic.grants.Rights.Table;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What each of pgmedic's roles needs, and nothing beyond. Pure: the same rights, the same list. */
public final class Needs {

  private final Rights rights;
  private final Role role;
  private final String to;

  private Needs(Rights rights) {
    this.rights = rights;
    this.role = rights.role();
    this.to = " TO " + Sql.visibleIdentifier(role.name());
  }

  /** All that the role needs for its duty, held or not. */
  public static List<Need> of(Duty duty, Rights rights) {
    Needs needs = new Needs(rights);
    return switch (duty) {
      case MONITOR -> needs.monitor();
      case WORKER -> needs.worker();
    };
  }

  private List<Need> monitor() {
    List<Need> needs = new ArrayList<>(common());
    needs.add(
        Need.usual(
            "identity",
            role.identity(),
            "tell this server from another one",
            "no check at all is possible",
            List.of("GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system()" + to)));
    rights.tables().forEach(table -> needs.add(table(table)));
    return needs;
  }

  private List<Need> common() {
    return Stream.concat(
            Stream.of(
                Need.of(
                    "connect",
                    role.connect(),
                    "connect",
                    "nothing works",
                    List.of("GRANT CONNECT ON DATABASE " + database() + to))),
            Stream.concat(inherits().stream(), Stream.of(sessions())))
        .toList();
  }

  // Since 16 each membership says whether it is inherited, before that the role does.
  private List<Need> inherits() {
    return rights.server().hasMembershipOptions() || role.inherits()
        ? List.of()
        : List.of(
            Need.of(
                "inherit",
                role.superuser(),
                "use the rights of its groups without acting as them",
                "the memberships that follow give it nothing",
                List.of("ALTER ROLE " + Sql.visibleIdentifier(role.name()) + " INHERIT")));
  }

  private Need sessions() {
    return Need.of(
        "sessions",
        role.sessions(),
        "see what sessions of other roles do",
        "whoever holds a lock is unknown: no holder is called orphaned, none is ended",
        List.of(membership("pg_monitor")));
  }

  private String database() {
    return Sql.visibleIdentifier(rights.server().database());
  }

  private String membership(String group) {
    boolean predefined = group.startsWith("pg_");
    String options = predefined ? " WITH INHERIT TRUE" : " WITH INHERIT TRUE, SET TRUE";
    return "GRANT "
        + (predefined ? group : Sql.visibleIdentifier(group))
        + to
        + (rights.server().hasMembershipOptions() ? options : "");
  }

  private Need table(Table table) {
    KnownTable known = table.known();
    return new Need(
        "table",
        table.usage() && table.reads() && !table.hidden(),
        false,
        "read " + visible(known.quoted()) + " of " + known.tool(),
        "what " + known.tool() + " records there (its version, its lock) is not seen",
        List.of(
            "GRANT USAGE ON SCHEMA " + Sql.visibleIdentifier(known.schema()) + to,
            "GRANT SELECT ON TABLE " + known.quoted() + to),
        table.hidden()
            ? List.of(
                "Its row security hides rows: disable it for this table, or ALTER ROLE ..."
                    + " BYPASSRLS, which is a right over all databases.")
            : List.of());
  }

  private static String visible(String name) {
    return ForeignText.visible(name, ForeignText.NAME);
  }

  private List<Need> worker() {
    List<Need> needs = new ArrayList<>(common());
    needs.add(
        Need.of(
            "signal",
            role.signal(),
            "end sessions of other roles (superusers' aside)",
            "an orphaned lock stays until a person ends its session",
            List.of(membership("pg_signal_backend"))));
    needs.add(
        Need.of(
            "quarantine",
            role.create(),
            "make a schema for what is in the way",
            "a leftover type stays where the migration that makes it fails",
            List.of("GRANT CREATE ON DATABASE " + database() + to)));
    needs.add(
        Need.usual(
            "lock",
            role.locks(),
            "take the migration lock",
            "no recovery runs",
            Stream.of("pg_try_advisory_lock(int8)", "pg_advisory_unlock(int8)")
                .map(function -> "GRANT EXECUTE ON FUNCTION pg_catalog." + function + to)
                .toList()));
    names(rights.owners()).forEach(owner -> needs.add(owner(owner)));
    rights.owners().stream()
        .filter(owner -> !owner.superuser() && !owner.creates())
        .forEach(owner -> needs.add(creates(owner)));
    return needs;
  }

  private static List<String> names(List<Owner> owners) {
    return owners.stream().map(Owner::name).distinct().toList();
  }

  private Need owner(String name) {
    List<Owner> places = rights.owners().stream().filter(o -> o.name().equals(name)).toList();
    Owner first = places.get(0);
    long objects = places.stream().mapToLong(Owner::objects).sum();
    String whose =
        objects == 1
            ? visible(first.example())
            : objects + " objects such as " + visible(first.example());
    String purpose =
        "act as "
            + (first.superuser() ? "the superuser " : "")
            + visible(Sql.visibleIdentifier(name))
            + ", the owner of "
            + whose;
    String without = "these objects are reported, and never rebuilt or repaired";
    if (first.superuser()) {
      return new Need(
          "owner",
          role.superuser(),
          false,
          purpose,
          without,
          List.of(),
          List.of(
              "Whoever may act as a superuser is one, so that is not granted; give the objects to"
                  + " a role of their own: ALTER TABLE ... OWNER TO ..."));
    }
    boolean itself = name.equals(role.name());
    return Need.of(
        "owner",
        itself || first.acts(),
        purpose,
        without,
        itself ? List.of() : List.of(membership(name)));
  }

  // Usually an owner may: told only where one may not.
  private Need creates(Owner owner) {
    String schema = Sql.visibleIdentifier(owner.schema());
    String name = Sql.visibleIdentifier(owner.name());
    return Need.of(
        "create",
        false,
        "make objects in schema " + visible(schema) + " as " + visible(name),
        "what " + visible(name) + " owns there cannot be rebuilt",
        List.of("GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + name));
  }
}
