package dev.pgmedic.lock;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks twice at who holds which lock of a database, and judges it. Reads only: one connection, no
 * lock on a relation of a user but ACCESS SHARE on the tools' lock tables, not waited for and given
 * back at once.
 */
public final class LockInspection {

  /** More locks are counted, and those that we know are read first. */
  private static final long MOST_LOCKS = 1_000;

  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

  private final Vertx vertx;
  private final Options options;

  /**
   * How to look.
   *
   * @param between how far apart the two looks are
   * @param limits how long silence may last
   * @param pooler a pooler in front of the database, to be asked for sessions that a client left a
   *     lock on
   */
  public record Options(Duration between, LockLimits limits, Optional<PostgresUrl> pooler) {}

  /** An inspection. */
  public LockInspection(Vertx vertx, Options options) {
    this.vertx = vertx;
    this.options = options;
  }

  /**
   * Looks.
   *
   * <p>Completes with the report after the pause between the looks. Fails with {@link Unreachable},
   * which names the stage, when the database is not to be had or does not answer within the
   * target's check deadline; with {@link WrongServer} when a pooler refuses us. That the pooler in
   * the options is not to be asked is a hint in the report, not a failure.
   */
  public Future<LockReport> run(Target target) {
    Duration limit = target.deadlines().check();
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-locks", target.deadlines().connect(), limit, LOCK_TIMEOUT, true);
    return Session.open(vertx, target.url(), settings)
        .recover(WrongServer::orAsItIs)
        .compose(session ->
            Deadline.within(
                    limit.plus(options.between()),
                    "looking at the locks",
                    look(session.connection(), target),
                    session.connection()::cancelRequest)
                .recover(error -> Future.failedFuture(Unreachable.querying(target.url(), error)))
                .eventually(session::close));
  }

  private Future<LockReport> look(PgConnection session, Target target) {
    return LockFacts.read(session, target.migrations().lockKeys())
        .compose(facts ->
            once(session, facts)
                .compose(first ->
                    between(first)
                        .compose(pooled ->
                            once(session, facts)
                                .map(second ->
                                    report(
                                        target,
                                        facts,
                                        new Seen(first, second, pooled),
                                        session.processId())))));
  }

  private record Look(LockLook sessions, LockRows rows) {}

  private record Pooled(Set<BackendSession> sessions, Optional<String> refused) {}

  private record Seen(Look first, Look second, Pooled pooled) {}

  private static Future<Look> once(PgConnection session, LockFacts facts) {
    return LockLook.take(session, facts, MOST_LOCKS)
        .compose(look -> LockRows.read(session, facts, look).map(rows -> new Look(look, rows)));
  }

  private Future<Pooled> between(Look first) {
    Future<Pooled> asked =
        options
            .pooler()
            .map(pooler -> pooled(pooler, first))
            .orElse(Future.succeededFuture(new Pooled(Set.of(), Optional.empty())));
    return vertx.timer(Math.max(1, options.between().toMillis())).compose(waited -> asked);
  }

  private Future<Pooled> pooled(PostgresUrl pooler, Look first) {
    if (mayBePooled(first).findAny().isEmpty()) {
      return Future.succeededFuture(new Pooled(Set.of(), Optional.empty()));
    }
    long idle = first.sessions().sessions().stream().filter(Backend::isIdle).count();
    return PoolerProbe.ask(vertx, pooler, (int) Math.min(Math.max(idle, 1), PoolerProbe.MOST))
        .map(sessions -> new Pooled(sessions, Optional.empty()))
        .otherwise(error ->
            new Pooled(
                Set.of(),
                Optional.of(
                    "the pooler "
                        + pooler
                        + " was not to be asked: "
                        + ForeignText.visible(
                            Objects.toString(error.getMessage(), error.toString()),
                            ForeignText.NAME))));
  }

  // Our own key is never taken through a pooler.
  private static Stream<Backend> mayBePooled(Look look) {
    return look.sessions().held().stream()
        .filter(lock -> lock instanceof AdvisoryLock key && key.exact() && !key.ours())
        .flatMap(lock -> lock.session().stream())
        .filter(Backend::isIdleOutsideTransaction);
  }

  private LockReport report(Target target, LockFacts facts, Seen seen, int login) {
    LockLook now = seen.second().sessions();
    boolean proxied = login != now.self();
    Looks looks =
        new Looks(
            seen.first().sessions(),
            now,
            seen.first().rows().held(),
            seen.second().rows().held(),
            pooled(seen));
    return new LockReport(
        target.name(),
        ForeignText.visible(facts.database().database(), ForeignText.NAME),
        ForeignText.visible(facts.viewer().role(), ForeignText.NAME),
        now.at(),
        looks.apart().toMillis(),
        facts.viewer().seesAll(),
        new LockReports(looks, options.limits()).entries(),
        blocking(looks, facts),
        Math.max(0, now.found() - MOST_LOCKS),
        seen.second().rows().unread(),
        hints(facts.viewer(), proxied, seen));
  }

  private List<LockReport.Blocking> blocking(Looks looks, LockFacts facts) {
    Set<String> tables =
        facts.database().tables().stream().map(FoundTable::identity).collect(Collectors.toSet());
    return new LockSights(looks, options.limits(), Patience.NONE)
        .sight(tables, List.of()).blockades().stream().map(LockReports::blocking).toList();
  }

  // We took no lock: one that our own session holds was left there by another client of a pooler.
  private static Set<BackendSession> pooled(Seen seen) {
    Set<BackendSession> pooled = new HashSet<>(seen.pooled().sessions());
    pooled.addAll(
        seen.second().sessions().held().stream()
            .flatMap(lock -> lock.session().stream())
            .filter(holder -> holder.pid() == seen.second().sessions().self())
            .flatMap(holder -> holder.identity().stream())
            .collect(Collectors.toSet()));
    return pooled;
  }

  private List<String> hints(LockFacts.Viewer viewer, boolean proxied, Seen seen) {
    List<String> hints = new ArrayList<>();
    if (!viewer.seesAll()) {
      hints.add(
          "what other roles' sessions do may not be seen; GRANT pg_monitor TO "
              + ForeignText.visible(Sql.identifier(viewer.role()), ForeignText.NAME)
              + " helps");
    }
    if (viewer.standby()) {
      hints.add("this server is a standby, which knows none of its primary's locks");
    }
    if (proxied) {
      hints.add("a pooler answers here; name the server itself in --url or DIRECT_URL");
    }
    seen.pooled().refused().ifPresent(hints::add);
    if (options.pooler().isEmpty() && mayBePooled(seen.second()).findAny().isPresent()) {
      hints.add(
          "a session that idles with a key may be one that a client of a pooler left behind; where"
              + " there is a pooler, --pooler URL tells");
    }
    return hints;
  }
}
