package dev.pgmedic.testing;

import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.PostgresUrl;
import java.util.List;

/**
 * All that the server knows of the tables of a database and of what rests on them, in its own
 * words: two dumps are the same when the schemas are, whatever their oids and the numbers of their
 * columns. It is a stricter judge than the check, which compares hashes of a part of it.
 */
public final class CatalogDump {

  private static final String QUERY = SqlResource.read(CatalogDump.class, "catalog-dump.sql");

  private CatalogDump() {}

  /** The dump, one line a fact. */
  public static List<String> of(PostgresUrl url) {
    return TestDatabases.query(url, QUERY);
  }
}
