package dev.pgmedic.history.tool;

/**
 * Atlas: a row a revision with the number of its statements, how many of them ran, and the error. A
 * failure leaves a row only where a file runs outside a transaction.
 *
 * @see <a href="https://atlasgo.io/versioned/apply">Atlas: migrate apply</a>
 */
final class Atlas implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
              "version varchar not null",
              "description varchar not null",
              "type bigint not null",
              "applied bigint not null",
              "total bigint not null",
              "executed_at timestamptz not null",
              "execution_time bigint not null",
              "error text null",
              "hash varchar not null",
              "operator_version varchar not null")
          .orAlso("error_stmt text null", "partial_hashes jsonb null");

  @Override
  public String name() {
    return "atlas";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  // Bit 4 of the type: a person declared it settled. Versions with a dot in front are settings.
  @Override
  public String records(Table table) {
    return """
    SELECT version, description AS script, executed_at::text AS at, hash AS checksum,
           type::text AS kind,
           left(error, 300) AS error, applied || ' of ' || total || ' statements' AS progress,
           CASE WHEN type & 4 <> 0 THEN 'applied'
                WHEN coalesce(error, '') <> '' AND applied > 0 THEN 'partial'
                WHEN coalesce(error, '') <> '' THEN 'failed'
                WHEN applied < total THEN 'unfinished' END AS state
    FROM ONLY %s WHERE version NOT LIKE '.%%' ORDER BY version COLLATE "C\"\
    """
        .formatted(table.identity());
  }
}
