package dev.pgmedic.store;

import dev.pgmedic.access.TokenKind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Who changed what; it is only ever added to. */
public final class Audit {

  // The number is drawn under the lock of event_head, as the events' are: no reader of pages misses
  // an entry that commits later with a lower number.
  private static final String APPEND =
      """
      INSERT INTO audit (actor, kind, authenticated_by, on_behalf_of, address, request_id,
                         action, target, subject, digest, comment)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
      FROM (SELECT FROM event_head FOR UPDATE) alone
      """;

  private static final String LIST =
      """
      SELECT * FROM audit
      WHERE id > $1 AND (cardinality($3::text[]) = 0 OR target = ANY ($3)) ORDER BY id LIMIT $2
      """;

  private static final String NEWEST =
      """
      SELECT * FROM audit
      WHERE id < $1 AND (cardinality($3::text[]) = 0 OR target = ANY ($3)) ORDER BY id DESC LIMIT $2
      """;

  private final Store store;

  /** The audit of this store. */
  public Audit(Store store) {
    this.store = store;
  }

  /**
   * A line of the audit.
   *
   * @param id its number; later lines have higher ones
   * @param at when, by the store's clock
   */
  public record Entry(
      long id,
      Instant at,
      String actor,
      Optional<String> kind,
      String authenticatedBy,
      Optional<String> onBehalfOf,
      String address,
      String requestId,
      String action,
      String target,
      String subject,
      String digest,
      String comment) {

    private static Entry of(Row row) {
      return new Entry(
          row.getLong("id"),
          row.getOffsetDateTime("at").toInstant(),
          row.getString("actor"),
          Optional.ofNullable(row.getString("kind")),
          row.getString("authenticated_by"),
          Optional.ofNullable(row.getString("on_behalf_of")),
          row.getString("address"),
          row.getString("request_id"),
          row.getString("action"),
          row.getString("target"),
          row.getString("subject"),
          row.getString("digest"),
          row.getString("comment"));
    }
  }

  /**
   * A page of the audit, oldest first. Fails as the store fails.
   *
   * @param targets only what was done to these; empty means all
   */
  public Future<Page<Entry>> list(Set<String> targets, long after, int limit) {
    return page(LIST, targets, after, limit);
  }

  /** A page of the audit, newest first, with what is older than {@code before}. Fails as above. */
  public Future<Page<Entry>> newest(Set<String> targets, long before, int limit) {
    return page(NEWEST, targets, before, limit);
  }

  private Future<Page<Entry>> page(String sql, Set<String> targets, long from, int limit) {
    return store
        .reader()
        .preparedQuery(sql)
        .execute(Tuple.of(from, limit + 1, targets.toArray(String[]::new)))
        .map(rows -> {
          List<Entry> read =
              StreamSupport.stream(rows.spliterator(), false).map(Entry::of).toList();
          return Page.of(read, limit, entry -> Long.toString(entry.id()));
        });
  }

  /**
   * Keeps a deed that is done elsewhere once this is kept, in another database or by another
   * verticle: nothing of it happens unwritten. Fails as the store fails.
   */
  public Future<Void> witness(Deed deed) {
    return store.change(tx -> append(tx, deed).map(kept -> Store.Change.telling(List.of())));
  }

  static Future<Void> append(SqlConnection tx, Deed deed) {
    Actor actor = deed.actor();
    return tx.preparedQuery(APPEND)
        .execute(
            Tuple.from(
                new Object[] {
                  actor.name(),
                  actor.kind().map(TokenKind::toString).orElse(null),
                  actor.authenticatedBy(),
                  actor.onBehalfOf().orElse(null),
                  actor.address(),
                  actor.requestId(),
                  deed.action().label(),
                  deed.target(),
                  deed.subject(),
                  deed.digest(),
                  deed.comment()
                }))
        .mapEmpty();
  }
}
