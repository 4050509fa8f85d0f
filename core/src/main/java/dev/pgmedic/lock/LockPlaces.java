package dev.pgmedic.lock;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;

/**
 * Where the locks of migration tools are in one database: which tables and keys are theirs. It
 * holds as long as the catalog does not change.
 */
public final class LockPlaces {

  private final LockFacts facts;

  private LockPlaces(LockFacts facts) {
    this.facts = facts;
  }

  /**
   * Finds them, from the catalog alone. Fails as the queries fail.
   *
   * @param configured the keys that the target's {@code lock_keys} name
   */
  public static Future<LockPlaces> find(SqlClient session, List<Long> configured) {
    return LockFacts.read(session, configured).map(LockPlaces::new);
  }

  LockFacts facts() {
    return facts;
  }
}
