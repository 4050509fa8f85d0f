package dev.pgmedic.proposal;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.Scan;
import dev.pgmedic.plan.remedy.Restored;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Looks whether what a plan would do is fit for the tables as they are: whether those that are made
 * anew keep all that they have beside their definition, and whether each step ends before its
 * deadline.
 */
final class Fitness {

  private static final String UNFIT = SqlResource.read(Fitness.class, "unfit.sql");
  private static final String SIZE = SqlResource.read(Fitness.class, "size.sql");
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);
  private static final long MEGABYTE = 1_000_000;

  private final Target target;
  private final List<Restored> restored;
  private final List<Scan> scans;

  private Fitness(Target target, Planner planner) {
    this.target = target;
    this.restored = planner.restored();
    this.scans = planner.scans();
  }

  /**
   * Completes with why not, in sentences, or empty; fails with {@link Unreachable} at the latest
   * after the target's connect and check deadlines. Reads only.
   */
  static Future<Optional<String>> refusal(Vertx vertx, Target target, Planner planner) {
    Fitness fitness = new Fitness(target, planner);
    if (fitness.restored.isEmpty() && fitness.scans.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Duration limit = target.deadlines().check();
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-definition", target.deadlines().connect(), limit, LOCK_TIMEOUT, true);
    return Session.open(vertx, target.url(), settings)
        .compose(session ->
            Deadline.within(
                    limit,
                    "looking at the tables",
                    fitness.reasons(session.connection()),
                    session.connection()::cancelRequest)
                .recover(error -> Future.failedFuture(Unreachable.querying(target.url(), error)))
                .eventually(session::close))
        .map(reasons ->
            reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons)));
  }

  private Future<List<String>> reasons(PgConnection session) {
    return session
        .preparedQuery(UNFIT)
        .execute(names(restored.stream().map(Restored::table).toList()))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString("reason"))
                .collect(Collectors.toCollection(ArrayList::new)))
        .compose(unfit ->
            session
                .preparedQuery(SIZE)
                .execute(names(scans.stream().map(Scan::relation).toList()))
                .map(rows -> {
                  rows.forEach(row ->
                      late(
                              scans.get(row.getInteger("number") - 1),
                              row.getString("relation"),
                              row.getLong("bytes"))
                          .ifPresent(unfit::add));
                  return unfit;
                }));
  }

  private Optional<String> late(Scan scan, String table, long bytes) {
    Duration limit = target.deadlines().statement();
    Duration estimate = scan.estimate(bytes);
    return Optional.of(
            table
                + " has about "
                + bytes / MEGABYTE
                + " MB, which takes about "
                + DurationText.format(estimate)
                + " at "
                + scan.work().megabytesPerSecond()
                + " MB/s, longer than deadlines.statement ("
                + DurationText.format(limit)
                + "): set that to "
                + Math.ceilDiv(2 * estimate.toSeconds(), 60)
                + "m, and ask again")
        .filter(why -> estimate.compareTo(limit) > 0);
  }

  private static Tuple names(List<String> relations) {
    return Tuple.tuple().addArrayOfString(part(relations, 0)).addArrayOfString(part(relations, 1));
  }

  private static String[] part(List<String> relations, int part) {
    return relations.stream()
        .map(relation -> Sql.unquoted(Sql.parts(relation).get(part)))
        .toArray(String[]::new);
  }
}
