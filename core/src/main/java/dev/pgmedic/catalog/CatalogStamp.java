package dev.pgmedic.catalog;

import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;

/** A hash that says whether the catalog changed, at a small part of what reading it costs. */
public final class CatalogStamp {

  private static final String STAMP = SqlResource.read(CatalogStamp.class, "stamp.sql");

  private CatalogStamp() {}

  /**
   * Makes the hash. Takes no lock on a user's relation; fails as the query fails.
   *
   * <p>Two hashes of one database are the same as long as nothing that {@link CatalogReader} reads
   * was written. Another may come of a write that changed nothing, or of a catalog that was written
   * anew, and then it costs one more reading.
   */
  public static Future<String> read(SqlClient session) {
    return session.query(STAMP).execute().map(rows -> rows.iterator().next().getString("stamp"));
  }
}
