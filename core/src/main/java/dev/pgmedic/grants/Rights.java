package dev.pgmedic.grants;

import dev.pgmedic.postgres.Sql;
import java.util.List;

/**
 * What a role may do in one database, as far as it matters here.
 *
 * @param server the database
 * @param role the role
 * @param owners whose the objects of the database are
 * @param tables the tables in which migration tools keep their records and locks
 */
public record Rights(Server server, Role role, List<Owner> owners, List<Table> tables) {

  /** Copies the lists. */
  public Rights {
    owners = List.copyOf(owners);
    tables = List.copyOf(tables);
  }

  /**
   * The database.
   *
   * @param database its name
   * @param version as {@code server_version_num} has it, 170002 for 17.2
   */
  public record Server(String database, int version) {

    /** Whether a membership says whether it is inherited and whether it may be acted under. */
    boolean hasMembershipOptions() {
      return version >= 160_000;
    }
  }

  /**
   * The role. Of one that is not there every right is false, but for those that PUBLIC has.
   *
   * @param name its name
   * @param there whether it is there
   * @param superuser whether it may do anything
   * @param inherits whether it has the rights of its groups without acting as them
   * @param connect whether it may connect
   * @param create whether it may make schemas
   * @param sessions whether it sees what other roles' sessions do
   * @param signal whether it may end other roles' sessions
   * @param identity whether it may read which server this is
   * @param locks whether it may take and release advisory locks
   */
  public record Role(
      String name,
      boolean there,
      boolean superuser,
      boolean inherits,
      boolean connect,
      boolean create,
      boolean sessions,
      boolean signal,
      boolean identity,
      boolean locks) {}

  /**
   * An owner of objects in one schema.
   *
   * @param name the role
   * @param superuser whether it may do anything
   * @param schema the schema, unquoted
   * @param objects how many objects of it are there
   * @param example one of them, qualified
   * @param creates whether the owner may make objects in that schema
   * @param acts whether our role has its rights and may act as it
   */
  public record Owner(
      String name,
      boolean superuser,
      String schema,
      long objects,
      String example,
      boolean creates,
      boolean acts) {}

  /**
   * A table in which a migration tool keeps records or locks.
   *
   * @param known which table it is
   * @param usage whether our role may look into its schema
   * @param reads whether our role may read it
   * @param hidden whether row security may hide rows of it from our role
   */
  public record Table(KnownTable known, boolean usage, boolean reads, boolean hidden) {}

  /**
   * A table that was recognised.
   *
   * @param tool whose it is
   * @param schema its schema, unquoted
   * @param name its name, unquoted
   */
  public record KnownTable(String tool, String schema, String name) {

    /** The name as it may stand in SQL. */
    public String quoted() {
      return Sql.visibleIdentifier(schema) + "." + Sql.visibleIdentifier(name);
    }

    boolean isSameAs(KnownTable other) {
      return schema.equals(other.schema) && name.equals(other.name);
    }
  }
}
