package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogReader;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.history.Histories;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.lock.AdvisoryLocks;
import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.plan.TargetIdentity;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a target once: one connection, read-only, no lock on a user's relation, and a deadline
 * for the whole. The history is read last, in a short transaction of its own.
 */
public final class DatabaseCheck {

  private static final String IDENTITY =
      """
      SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS system,
             d.oid::int8 AS oid, d.datname::text AS name, pg_catalog.pg_backend_pid() AS pid
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
      """;

  private final Vertx vertx;
  private final Clock clock;
  private final Duration lockPause;

  /**
   * A check.
   *
   * @param lockPause the longest that the heart of a migration lock may pause before its holder
   *     counts as orphaned
   */
  public DatabaseCheck(Vertx vertx, Clock clock, Duration lockPause) {
    this.vertx = vertx;
    this.clock = clock;
    this.lockPause = lockPause;
  }

  /**
   * Looks and judges.
   *
   * <p>Completes with a diagnosis: a target that cannot be reached, that hangs or that drops the
   * connection is a finding with the stage that failed, at the latest after the target's connect
   * and check deadlines. Fails only as the lookup of known-good fails. Reads only.
   */
  public Future<Diagnosis> run(Target target, KnownGoodLookup knownGood) {
    Instant start = clock.instant().truncatedTo(ChronoUnit.MICROS); // as the store keeps it
    return observe(target)
        .transform(seen ->
            seen.failed()
                ? Future.succeededFuture(unreachable(target, start, seen.cause()))
                : knownGood
                    .at(seen.result().history().version())
                    .map(good -> judged(target, start, seen.result(), good)));
  }

  private Diagnosis judged(
      Target target, Instant start, Observation seen, Optional<KnownGood> knownGood) {
    List<Finding> findings = new ArrayList<>(LockRules.apply(seen));
    List<Finding> history = HistoryRules.apply(seen);
    findings.addAll(history);
    if (!seen.migrationAtWork()) {
      Set<String> told = history.isEmpty() ? Set.of() : histories(seen, knownGood);
      CatalogRules.apply(seen, knownGood, target.expect()).stream()
          .filter(finding -> !told.contains(finding.subject()))
          .forEach(findings::add);
    }
    return new Diagnosis(
        target.name(), start, since(start), Optional.of(seen), knownGood, findings);
  }

  // A history that is gone, or one too many, is told as that and not as a table.
  private static Set<String> histories(Observation seen, Optional<KnownGood> knownGood) {
    Set<String> tables = new HashSet<>(Histories.tables(seen.catalog()));
    knownGood.map(KnownGood::catalog).map(Histories::tables).ifPresent(tables::addAll);
    return tables;
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }

  /**
   * Looks and judges nothing.
   *
   * <p>Completes with what is there; fails with {@link Unreachable} at the latest after the
   * target's connect and check deadlines. Reads only.
   */
  public Future<Observation> observe(Target target) {
    return observe(target, false);
  }

  /**
   * As {@link #observe}, but also fails, with {@link WrongServer}, when a pooler answers in the
   * server's place: what it says could come from anywhere.
   */
  public Future<Observation> observeDirectly(Target target) {
    return observe(target, true).recover(WrongServer::orAsItIs);
  }

  private Future<Observation> observe(Target target, boolean directly) {
    Duration limit = target.deadlines().check();
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-check", target.deadlines().connect(), limit, Duration.ofMillis(300), true);
    return Session.open(vertx, target.url(), settings)
        .compose(session ->
            Deadline.within(
                    limit,
                    "the check",
                    observe(session.connection(), target, directly),
                    session.connection()::cancelRequest)
                .recover(error ->
                    Future.failedFuture(
                        error instanceof WrongServer
                            ? error
                            : Unreachable.querying(target.url(), error)))
                .eventually(session::close));
  }

  private Future<Observation> observe(PgConnection session, Target target, boolean directly) {
    return identity(session, directly)
        .compose(identity ->
            CatalogReader.objects(session)
                .compose(catalog -> observe(session, target, identity, catalog)));
  }

  private Future<Observation> observe(
      PgConnection session, Target target, TargetIdentity identity, Catalog catalog) {
    return CatalogReader.rows(session, clock.instant())
        .compose(rows ->
            AdvisoryLocks.read(session, target.migrations().lockKeys())
                .compose(locks ->
                    Histories.read(vertx, session, catalog, target.migrations())
                        .map(history ->
                            new Observation(identity, catalog, rows, locks, history, lockPause))));
  }

  private static Future<TargetIdentity> identity(PgConnection session, boolean directly) {
    return session
        .query(IDENTITY)
        .execute()
        .compose(rows -> {
          Row row = rows.iterator().next();
          return directly && row.getInteger("pid") != session.processId()
              ? Future.failedFuture(WrongServer.proxy())
              : Future.succeededFuture(
                  new TargetIdentity(
                      row.getString("system"), row.getLong("oid"), row.getString("name")));
        });
  }

  private Diagnosis unreachable(Target target, Instant start, Throwable error) {
    Unreachable cause =
        error instanceof Unreachable known ? known : Unreachable.querying(target.url(), error);
    boolean slow =
        cause.stage() == Unreachable.Stage.QUERY && cause.getCause() instanceof DeadlinePassed;
    Finding finding =
        new Finding(
            slow ? IssueCode.CONNECTION_SLOW : IssueCode.CONNECTION_UNREACHABLE,
            target.name(),
            "the database does not answer: it failed at " + cause.stage(),
            "Look at the server and at what is between it and pgmedic",
            Map.of("stage", cause.stage().toString(), "reason", cause.reason()));
    return new Diagnosis(
        target.name(), start, since(start), Optional.empty(), Optional.empty(), List.of(finding));
  }
}
