package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogReader;
import dev.pgmedic.catalog.CatalogStamp;
import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.check.LastLook.Places;
import dev.pgmedic.history.Histories;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.lock.LockPlaces;
import dev.pgmedic.lock.LockSight;
import dev.pgmedic.lock.LockWatch;
import dev.pgmedic.lock.TableHolder;
import dev.pgmedic.postgres.LocalSettings;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Looks at one target through one session, and judges nothing. The history is read last. */
final class Looker {

  /** The longest that a statement waits while somebody holds a lock on a catalog of the server. */
  static final Duration LOCK_WAIT = Duration.ofMillis(100);

  // How often records that change under our eyes are read again.
  private static final int READ_AGAIN = 3;

  private final Means means;
  private final Target target;
  private final PgConnection session;

  Looker(Means means, Target target, PgConnection session) {
    this.means = means;
    this.target = target;
    this.session = session;
  }

  /** What all looks share. */
  record Means(Vertx vertx, Clock clock, Duration lockPause, LockWatch locks) {}

  /**
   * What a glance saw.
   *
   * @param memory what it makes of the memory of the look before
   * @param builds who builds indexes still, when somebody did before
   */
  record Glanced(Glance glance, LastLook memory, IndexBuilds builds) {}

  /**
   * What a whole look saw.
   *
   * @param builds who built indexes before or after the schema was read
   * @param places where it looked
   */
  record Observed(Arrival arrival, Observation observation, IndexBuilds builds, Places places) {}

  /**
   * Looks at all but the schema, and whether that is still the one of the look before. While a
   * migration is at work nobody asks: it changes all the time. Fails as the queries fail.
   */
  Future<Glanced> glance(Arrival arrival, LastLook before) {
    return glance(arrival, Optional.of(before.stamp()), before.places())
        .compose(glance ->
            glance.migrationAtWork()
                ? Future.succeededFuture(
                    new Glanced(glance.withoutStamp(), before, before.builds()))
                : builds(before)
                    .compose(builds -> compare(arrival, before, glance, builds))
                    .compose(glanced -> count(arrival, glanced)));
  }

  // Whoever begins to build one changes the schema.
  private Future<IndexBuilds> builds(LastLook before) {
    return before.builds().equals(IndexBuilds.NONE)
        ? Future.succeededFuture(IndexBuilds.NONE)
        : IndexBuilds.read(session);
  }

  private Future<Glanced> compare(
      Arrival arrival, LastLook before, Glance glance, IndexBuilds builds) {
    if (before.believes(arrival.changes())) {
      return Future.succeededFuture(new Glanced(glance, before.believed(), builds));
    }
    return stamp(arrival)
        .map(stamp ->
            stamp.equals(before.stamp())
                ? new Glanced(glance, before.hashed(arrival.changes()), builds)
                : new Glanced(glance.withoutStamp(), before, builds));
  }

  // What a table lost must be known although its schema never changes.
  private Future<Glanced> count(Arrival arrival, Glanced glanced) {
    Instant now = means.clock().instant();
    return glanced.memory().isToCount(now)
        ? scoped(arrival, this::rows)
            .map(rows ->
                new Glanced(
                    glanced.glance().with(rows), glanced.memory().counted(now), glanced.builds()))
        : Future.succeededFuture(glanced);
  }

  // The history is read last: some tools keep readers out of it for a whole run.
  private Future<Glance> glance(Arrival arrival, Optional<String> stamp, Places places) {
    return means
        .locks()
        .look(session, target, places.locks(), places.histories().tables())
        .compose(sight ->
            places
                .histories()
                .read(means.vertx(), session)
                .compose(history -> marked(new Marks(sight, history), places, READ_AGAIN)))
        .compose(marks ->
            withHolder(marks.sight(), marks.history())
                .map(seen ->
                    new Glance(
                        arrival.identity(),
                        stamp,
                        seen,
                        marks.history(),
                        means.lockPause(),
                        Map.of())));
  }

  private record Marks(LockSight sight, HistoryState history) {}

  // A record that began is a fault where nobody is at work, before it was read and behind that: a
  // run that began in between holds its lock by now, and one that also ended changed the record.
  private Future<Marks> marked(Marks seen, Places places, int left) {
    if (seen.sight().atWork().isPresent() || seen.history().busy() || seen.history().settled()) {
      return Future.succeededFuture(seen);
    }
    if (left == 0) {
      LockSight moving = seen.sight().withAtWork("the records change while they are read");
      return Future.succeededFuture(new Marks(moving, seen.history()));
    }
    return means
        .locks()
        .again(session, target, places.locks(), places.histories().tables())
        .compose(now ->
            now.atWork().isPresent()
                ? Future.succeededFuture(
                    new Marks(seen.sight().withAtWork(now.atWork().get()), seen.history()))
                : places
                    .histories()
                    .read(means.vertx(), session)
                    .compose(again ->
                        again.records().equals(seen.history().records())
                            ? Future.succeededFuture(seen)
                            : marked(new Marks(seen.sight(), again), places, left - 1)));
  }

  private Future<LockSight> withHolder(LockSight sight, HistoryState history) {
    return history.busy() && history.table().isPresent()
        ? TableHolder.of(session, history.table().get()).map(sight::withAtWork)
        : Future.succeededFuture(sight);
  }

  /** Looks at everything. Fails as the queries fail. */
  Future<Observed> observe(Arrival arrival) {
    return scoped(arrival, this::schema)
        .compose(schema ->
            scoped(arrival, () -> LockPlaces.find(session, target.migrations().lockKeys()))
                .map(locks ->
                    new Places(locks, new Histories(schema.catalog(), target.migrations())))
                .compose(places ->
                    glance(arrival, schema.stamp(), places)
                        .map(glance ->
                            new Observed(
                                arrival,
                                new Observation(glance, schema.catalog(), schema.rows()),
                                schema.builds(),
                                places))));
  }

  /** The hash of the schema as it is now. Fails as the query fails. */
  Future<String> stamp(Arrival arrival) {
    return scoped(arrival, () -> CatalogStamp.read(session));
  }

  /** Looks at what rests on some relations and types. Fails as the query fails. */
  Future<List<Dependence>> dependences(Arrival arrival, Set<String> names) {
    return scoped(arrival, () -> Dependence.read(session, Dependence.named(names)));
  }

  // Through a pooler nothing that is set outlives a transaction.
  private <T> Future<T> scoped(Arrival arrival, Supplier<Future<T>> work) {
    if (arrival.direct()) {
      return work.get();
    }
    return LocalSettings.reading(session, LOCK_WAIT, target.deadlines().check(), work);
  }

  private Future<Map<String, RowEstimate>> rows() {
    return CatalogReader.rows(session, means.clock().instant());
  }

  private record Schema(
      Optional<String> stamp, Catalog catalog, Map<String, RowEstimate> rows, IndexBuilds builds) {}

  private Future<Schema> schema() {
    return IndexBuilds.read(session)
        .compose(before ->
            stamped()
                .compose(schema ->
                    IndexBuilds.read(session)
                        .map(after ->
                            new Schema(
                                schema.stamp(),
                                schema.catalog(),
                                schema.rows(),
                                before.or(after)))));
  }

  // The hash before and the hash after: when they differ, nobody knows which of them was read.
  private Future<Schema> stamped() {
    return CatalogStamp.read(session)
        .compose(before ->
            CatalogReader.objects(session)
                .compose(catalog ->
                    rows()
                        .compose(rows ->
                            CatalogStamp.read(session)
                                .map(after -> Optional.of(after).filter(before::equals))
                                .map(
                                    stamp -> new Schema(stamp, catalog, rows, IndexBuilds.NONE)))));
  }
}
