package dev.pgmedic.lock.signature;

import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.stream.Stream;

/**
 * What of a database the keys of migration tools are made of.
 *
 * @param database its name
 * @param tables the tables that have the shape of a migration tool's
 * @param prismaKeys what the server computes for Prisma 8
 */
public record DatabaseFacts(String database, List<FoundTable> tables, List<Long> prismaKeys) {

  /** Copies the collections. */
  public DatabaseFacts {
    tables = List.copyOf(tables);
    prismaKeys = List.copyOf(prismaKeys);
  }

  /**
   * A table that has the shape of a migration tool's.
   *
   * @param shape which shape
   * @param oid the server's number of it
   * @param schema its schema, unquoted
   * @param name its name, unquoted
   */
  public record FoundTable(ToolTable shape, long oid, String schema, String name) {

    /** The name as it may stand in SQL. */
    public String quoted() {
      return Sql.identifier(schema) + "." + Sql.identifier(name);
    }

    /** The name as people write it, quoted only where it must be, in visible characters. */
    public String identity() {
      return plain(schema) + "." + plain(name);
    }

    private static String plain(String part) {
      return part.matches("[a-z_][a-z0-9_]*")
          ? part
          : ForeignText.visible(Sql.identifier(part), ForeignText.NAME);
    }
  }

  /** The tables of one shape. */
  public Stream<FoundTable> tables(ToolTable shape) {
    return tables.stream().filter(table -> table.shape() == shape);
  }
}
