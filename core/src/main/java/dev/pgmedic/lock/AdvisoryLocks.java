package dev.pgmedic.lock;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.List;

/** Reads who holds which advisory lock of a database. Takes no lock on a relation of a user. */
public final class AdvisoryLocks {

  private AdvisoryLocks() {}

  /**
   * Every advisory lock of the session's database that a session holds. Fails as the queries fail.
   *
   * @param configured the keys that the target's {@code lock_keys} name
   */
  public static Future<List<AdvisoryLock>> read(SqlClient session, List<Long> configured) {
    return LockFacts.read(session, configured)
        .compose(facts -> LockLook.take(session, facts, Integer.MAX_VALUE))
        .map(look ->
            look.held().stream()
                .filter(AdvisoryLock.class::isInstance)
                .map(AdvisoryLock.class::cast)
                .filter(lock -> lock.session().isPresent())
                .toList());
  }
}
