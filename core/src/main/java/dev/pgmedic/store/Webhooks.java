package dev.pgmedic.store;

import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat;
import dev.pgmedic.webhook.WebhookSecret;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where events are sent: what the configuration names, and what an admin added. */
public final class Webhooks {

  private static final String INSERT =
      """
      INSERT INTO webhook AS w (name, url, format, secret, targets, types, configured)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  private static final String ADD = INSERT + " ON CONFLICT (name) DO NOTHING RETURNING id";

  private static final String CONFIGURE =
      INSERT
          + """
          ON CONFLICT (name) DO UPDATE SET url = excluded.url, format = excluded.format,
            secret = excluded.secret, targets = excluded.targets, types = excluded.types,
            configured = true
          """;

  private static final String LIST =
      """
      SELECT w.id, w.name, w.url, w.format, w.secret, w.targets, w.types, w.configured,
             w.created_at, w.failures, w.attempt_at,
             (SELECT count(*) FROM webhook_delivery
              WHERE webhook = w.id AND state = 'pending') AS pending,
             (SELECT count(*) FROM webhook_delivery
              WHERE webhook = w.id AND state = 'dead') AS dead,
             (SELECT min(since) FROM webhook_delivery
              WHERE webhook = w.id AND state = 'pending') AS behind_since,
             now() AS now
      FROM webhook w ORDER BY w.name
      """;

  private final Store store;

  /** The webhooks in this store. */
  public Webhooks(Store store) {
    this.store = store;
  }

  /**
   * A webhook and how it fares.
   *
   * @param id what it is called over HTTP
   * @param configured whether it is in the configuration
   * @param pending how many deliveries wait
   * @param dead how many were given up
   * @param failures how many attempts were in vain since the last that was taken
   * @param behindSince since when the oldest delivery waits
   * @param now the store's time
   */
  public record Known(
      UUID id,
      Webhook webhook,
      boolean configured,
      Instant createdAt,
      long pending,
      long dead,
      int failures,
      Optional<Instant> behindSince,
      Instant now) {}

  /**
   * Makes those that the configuration names what it says, and forgets those that it named before
   * and names no more. Fails as the store fails.
   */
  public Future<Void> configure(List<Webhook> webhooks) {
    String[] names = webhooks.stream().map(Webhook::name).toArray(String[]::new);
    return store.change(tx ->
        tx.preparedQuery("DELETE FROM webhook WHERE configured AND name <> ALL ($1)")
            .execute(Tuple.of(names))
            .compose(forgotten -> each(tx, webhooks))
            .map(done -> Change.telling(List.of())));
  }

  private static Future<Void> each(SqlConnection tx, List<Webhook> webhooks) {
    Future<Void> done = Future.succeededFuture();
    for (Webhook webhook : webhooks) {
      done =
          done.compose(
              before -> tx.preparedQuery(CONFIGURE).execute(values(webhook, true)).mapEmpty());
    }
    return done;
  }

  private static Tuple values(Webhook webhook, boolean configured) {
    return Tuple.of(
        webhook.name(),
        webhook.url().toString(),
        webhook.format().toString(),
        webhook.secret().text(),
        webhook.filter().targets().toArray(String[]::new),
        webhook.filter().types().stream().map(EventType::toString).toArray(String[]::new),
        configured);
  }

  /**
   * Adds one that gets what is committed from now on. Completes with its id, or with nothing when
   * the name is taken; fails as the store fails.
   */
  public Future<Optional<UUID>> add(Webhook webhook) {
    return store.change(tx ->
        tx.preparedQuery(ADD)
            .execute(values(webhook, false))
            .map(rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getUUID("id"))
                    .findFirst())
            .map(id -> new Change<>(id, List.of())));
  }

  /**
   * Forgets one that is not in the configuration, and what waits for it. Completes with whether
   * there was one; fails as the store fails.
   */
  public Future<Boolean> remove(UUID id) {
    return store.change(tx ->
        tx.preparedQuery("DELETE FROM webhook WHERE id = $1 AND NOT configured")
            .execute(Tuple.of(id))
            .map(gone -> new Change<>(gone.rowCount() == 1, List.of())));
  }

  /** All, by name. Fails as the store fails. */
  public Future<List<Known>> list() {
    return store
        .reader()
        .query(LIST)
        .execute()
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Webhooks::known).toList());
  }

  /** One; fails as the store fails. */
  public Future<Optional<Known>> find(UUID id) {
    return list().map(all -> all.stream().filter(known -> known.id().equals(id)).findFirst());
  }

  private static Known known(Row row) {
    return new Known(
        row.getUUID("id"),
        webhook(row),
        row.getBoolean("configured"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getLong("pending"),
        row.getLong("dead"),
        row.getInteger("failures"),
        Optional.ofNullable(row.getOffsetDateTime("behind_since")).map(OffsetDateTime::toInstant),
        row.getOffsetDateTime("now").toInstant());
  }

  static Webhook webhook(Row row) {
    Set<EventType> types =
        Arrays.stream(row.getArrayOfStrings("types"))
            .map(EventType::of)
            .collect(Collectors.toSet());
    return new Webhook(
        row.getString("name"),
        URI.create(row.getString("url")),
        WebhookFormat.of(row.getString("format")),
        new WebhookSecret(row.getString("secret")),
        new EventFilter(Set.of(row.getArrayOfStrings("targets")), types));
  }
}
