package dev.pgmedic.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.digest.Sha256;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Store.Change;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Bearer tokens that were made while pgmedic runs. The store has their hashes alone: a token is 256
 * random bits, so that nothing slower than SHA-256 is needed to keep it from being guessed.
 */
public final class Tokens {

  /** What every token of the store begins with, so that a leaked one is found by what it is. */
  public static final String PREFIX = "pgm_";

  private static final int BYTES = 32;

  private static final Pattern SHAPE = Pattern.compile(PREFIX + "[0-9a-f]{" + 2 * BYTES + "}");

  private static final String CREATE =
      """
      INSERT INTO token (name, role, kind, hash, created_by, expires_at, targets, labels)
      VALUES ($1, $2, $3, $4, $5, now() + $6::int8 * interval '1 millisecond', $7, $8::text::jsonb)
      ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING *
      """;

  private static final String REVOKE =
      """
      UPDATE token SET revoked_at = now(), revoked_by = $2
      WHERE id = $1 AND revoked_at IS NULL RETURNING *
      """;

  private static final String GOOD =
      """
      SELECT * FROM token
      WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
      """;

  private static final String LIST =
      """
      SELECT * FROM token
      WHERE $1::uuid IS NULL
         OR (created_at, id) > (SELECT created_at, id FROM token WHERE id = $1)
      ORDER BY created_at, id LIMIT $2
      """;

  private final Store store;

  /** The tokens of this store. */
  public Tokens(Store store) {
    this.store = store;
  }

  /**
   * A token to be made.
   *
   * @param name who it is; approvals count by it
   * @param role what it may do
   * @param kind what carries it
   * @param scope for which targets it is
   * @param lifetime how long it is good; absent means until it is revoked
   */
  public record NewToken(
      String name, Role role, TokenKind kind, Scope scope, Optional<Duration> lifetime) {}

  /**
   * A token as it is kept, without its secret.
   *
   * @param id what it is called over HTTP
   * @param name who it is
   * @param role what it may do
   * @param kind what carries it
   * @param targets only for these; empty means for any
   * @param labels only for targets that have all of them
   * @param createdAt when it was made, by the store's clock
   * @param createdBy who made it
   * @param expiresAt until when it is good, unless it is revoked
   * @param revokedAt when it was revoked
   * @param revokedBy who revoked it
   */
  public record Stored(
      UUID id,
      String name,
      String role,
      String kind,
      List<String> targets,
      Map<String, String> labels,
      Instant createdAt,
      String createdBy,
      Optional<Instant> expiresAt,
      Optional<Instant> revokedAt,
      Optional<String> revokedBy) {

    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    static Stored of(Row row) {
      return new Stored(
          row.getUUID("id"),
          row.getString("name"),
          row.getString("role"),
          row.getString("kind"),
          List.of(row.getArrayOfStrings("targets")),
          Json.read(row.getJsonObject("labels").encode(), LABELS),
          row.getOffsetDateTime("created_at").toInstant(),
          row.getString("created_by"),
          Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant),
          Optional.ofNullable(row.getOffsetDateTime("revoked_at")).map(OffsetDateTime::toInstant),
          Optional.ofNullable(row.getString("revoked_by")));
    }

    /** For which targets it is. */
    public Scope scope() {
      return new Scope(Set.copyOf(targets), labels);
    }

    /** What it may do. */
    public Role mayBe() {
      return Role.valueOf(role.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A token that was made.
   *
   * @param token as it is kept
   * @param secret the token itself; nobody can show it again
   */
  public record Made(Stored token, String secret) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Made[" + token + "]";
    }
  }

  /**
   * Makes a token. Completes with it, or empty when one of this name is there that was not revoked;
   * fails as the store fails.
   *
   * @param by who makes it
   */
  public Future<Optional<Made>> create(NewToken token, String by) {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String secret = PREFIX + HexFormat.of().formatHex(random);
    return store.change(tx ->
        tx.preparedQuery(CREATE)
            .execute(
                Tuple.of(
                    token.name(),
                    token.role().name().toLowerCase(Locale.ROOT),
                    token.kind().toString(),
                    Sha256.hex(secret),
                    by,
                    token.lifetime().map(Duration::toMillis).orElse(null),
                    token.scope().targets().stream().sorted().toArray(String[]::new),
                    Json.write(token.scope().labels())))
            .map(rows -> new Change<>(first(rows).map(made -> new Made(made, secret)), List.of())));
  }

  /** A page of them, the oldest first, also of those that are good no more. Fails as the store. */
  public Future<Page<Stored>> list(Optional<UUID> after, int limit) {
    return store
        .reader()
        .preparedQuery(LIST)
        .execute(Tuple.of(after.orElse(null), limit + 1))
        .map(rows ->
            Page.of(
                StreamSupport.stream(rows.spliterator(), false).map(Stored::of).toList(),
                limit,
                token -> token.id().toString()));
  }

  /** One of them, good or not; empty when there is none. Fails as the store fails. */
  public Future<Optional<Stored>> find(UUID id) {
    return store
        .reader()
        .preparedQuery("SELECT * FROM token WHERE id = $1")
        .execute(Tuple.of(id))
        .map(Tokens::first);
  }

  /**
   * Ends a token. Completes with it, or empty when there is none or it was revoked before; fails as
   * the store fails.
   *
   * @param by who ends it
   */
  public Future<Optional<Stored>> revoke(UUID id, String by) {
    return store.change(tx ->
        tx.preparedQuery(REVOKE)
            .execute(Tuple.of(id, by))
            .map(rows -> new Change<>(first(rows), List.of())));
  }

  /** Whether a secret has the shape of those that are made here. */
  public static boolean isOurs(String secret) {
    return SHAPE.matcher(secret).matches();
  }

  /**
   * The token that is good now, by the store's clock, and whose secret has this hash. Fails as the
   * store fails.
   *
   * @param hash SHA-256 of the secret, in hexadecimal
   */
  public Future<Optional<Stored>> good(String hash) {
    return store.reader().preparedQuery(GOOD).execute(Tuple.of(hash)).map(Tokens::first);
  }

  private static Optional<Stored> first(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(Stored::of).findFirst();
  }
}
