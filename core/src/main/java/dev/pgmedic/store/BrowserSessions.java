package dev.pgmedic.store;

import dev.pgmedic.digest.Sha256;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.store.Tokens.Stored;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Browsers that are signed in with a token. Each has a cookie of 256 random bits, of which the
 * store has the hash alone; a session ends with its token, after a while without a request, and
 * after a while in any case, all by the store's clock.
 */
public final class BrowserSessions {

  /** When a session ends that nobody uses. */
  public static final Duration IDLE = Duration.ofHours(12);

  /** When a session ends in any case. */
  public static final Duration LIFE = Duration.ofDays(7);

  /** Its use is noted this often: a page that asks for much writes little. */
  private static final Duration NOTED = Duration.ofMinutes(1);

  private static final String PREFIX = "pgs_";
  private static final int BYTES = 32;
  private static final int BATCH = 1_000;

  private static final Pattern SHAPE = Pattern.compile(PREFIX + "[0-9a-f]{" + 2 * BYTES + "}");

  private static final String OPEN =
      """
      WITH replaced AS (DELETE FROM browser_session WHERE hash = $4)
      INSERT INTO browser_session (hash, token, proof)
      SELECT $1, t.id, CASE WHEN t.id IS NULL THEN $3 END
      FROM (VALUES (1)) one LEFT JOIN token t ON t.hash = $2
      """;

  private static final String LASTS =
      """
      SELECT t.*, s.proof FROM browser_session s LEFT JOIN token t ON t.id = s.token
      WHERE s.hash = $1
        AND s.created_at > now() - $2::int8 * interval '1 millisecond'
        AND s.used_at > now() - $3::int8 * interval '1 millisecond'
        AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
      """;

  private static final String GOOD =
      """
      WITH used AS (
        UPDATE browser_session SET used_at = now()
        WHERE hash = $1 AND used_at <= now() - $4::int8 * interval '1 millisecond'
          AND used_at > now() - $3::int8 * interval '1 millisecond'
      )
      """
          + LASTS;

  private static final String FORGET =
      """
      DELETE FROM browser_session WHERE hash IN (
        SELECT hash FROM browser_session
        WHERE created_at <= now() - $1::int8 * interval '1 millisecond'
          OR used_at <= now() - $2::int8 * interval '1 millisecond'
        LIMIT $3 FOR UPDATE SKIP LOCKED)
      """;

  private final Store store;

  /** The sessions of this store. */
  public BrowserSessions(Store store) {
    this.store = store;
  }

  /** Whose a session is. */
  public sealed interface Owner {

    /** A token of the store, which is good. */
    record OfStore(Stored token) implements Owner {}

    /**
     * A token of the configuration, if it still stands there.
     *
     * @param proof what {@link #proof} says of it
     */
    record OfConfiguration(String proof) implements Owner {}
  }

  /** Whether a cookie has the shape of those that are made here. */
  public static boolean isOurs(String cookie) {
    return SHAPE.matcher(cookie).matches();
  }

  /**
   * What tells of which token of the configuration a session is, to whoever has the cookie: a
   * secret that somebody thought of cannot be guessed from what the store has.
   *
   * @param tokenHash SHA-256 of the token, in hexadecimal
   */
  public static String proof(String cookie, String tokenHash) {
    return Sha256.hex(cookie + " " + tokenHash);
  }

  /**
   * Signs a browser in. Completes with its cookie, which nobody can show again; fails as the store
   * fails.
   *
   * @param token of the store, whose hash is looked for there, else of the configuration: of that,
   *     the store is told nothing that a guess could be tried on
   * @param replaced the cookie of the same browser until now, whose session ends
   */
  public Future<String> open(String token, Optional<String> replaced) {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String cookie = PREFIX + HexFormat.of().formatHex(random);
    String tokenHash = Sha256.hex(token);
    return store.change(tx ->
        tx.preparedQuery(OPEN)
            .execute(
                Tuple.of(
                    Sha256.hex(cookie),
                    Tokens.isOurs(token) ? tokenHash : "",
                    proof(cookie, tokenHash),
                    replaced.map(Sha256::hex).orElse("")))
            .map(opened -> new Change<>(cookie, List.of())));
  }

  /**
   * Whose session it is that is good now, and notes that it is used; empty when none is good that
   * has this cookie. Fails as the store fails.
   *
   * @param hash SHA-256 of the cookie, in hexadecimal
   */
  public Future<Optional<Owner>> good(String hash) {
    return owner(GOOD, Tuple.of(hash, LIFE.toMillis(), IDLE.toMillis(), NOTED.toMillis()));
  }

  /** As {@link #good}, and does not count as its use. Fails as the store fails. */
  public Future<Optional<Owner>> lasts(String hash) {
    return owner(LASTS, Tuple.of(hash, LIFE.toMillis(), IDLE.toMillis()));
  }

  private Future<Optional<Owner>> owner(String sql, Tuple parameters) {
    return store
        .reader()
        .preparedQuery(sql)
        .execute(parameters)
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(BrowserSessions::owner)
                .findFirst());
  }

  private static Owner owner(Row row) {
    return Optional.ofNullable(row.getString("proof"))
        .<Owner>map(Owner.OfConfiguration::new)
        .orElseGet(() -> new Owner.OfStore(Stored.of(row)));
  }

  /** Signs a browser out. Completes with whether it was signed in; fails as the store fails. */
  public Future<Boolean> end(String cookie) {
    return store.change(tx ->
        tx.preparedQuery("DELETE FROM browser_session WHERE hash = $1")
            .execute(Tuple.of(Sha256.hex(cookie)))
            .map(ended -> new Change<>(ended.rowCount() > 0, List.of())));
  }

  /**
   * Deletes those that have ended. Any number of nodes may do it at once. Completes with how many
   * that were; fails as the store fails.
   */
  public Future<Integer> forget() {
    return store
        .reader()
        .preparedQuery(FORGET)
        .execute(Tuple.of(LIFE.toMillis(), IDLE.toMillis(), BATCH))
        .compose(deleted ->
            deleted.rowCount() < BATCH
                ? Future.succeededFuture(deleted.rowCount())
                : forget().map(more -> deleted.rowCount() + more));
  }
}
