package dev.pgmedic.history.tool;

/**
 * Prisma 8: a ledger of migrations between hashes of contracts, in place of the table that Prisma 7
 * has. Both may stand in one database while it moves from one to the other.
 *
 * @see <a href="https://www.prisma.io/docs">Prisma</a>
 */
final class PrismaNext implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
              "id bigint not null",
              "created_at timestamptz not null",
              "space text not null",
              "migration_name text not null",
              "migration_hash text not null",
              "origin_core_hash text null",
              "destination_core_hash text not null")
          .andMore();

  @Override
  public String name() {
    return "prisma-8";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT space || '/' || migration_name AS version, created_at::text AS at,
           migration_hash AS checksum
    FROM ONLY %s ORDER BY id\
    """
        .formatted(table.identity());
  }
}
