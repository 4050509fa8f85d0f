package dev.pgmedic.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Issues: opened, confirmed and resolved by what checks find, and by people. */
public final class Issues {

  private static final String COLUMNS =
      """
      SELECT i.id, i.target, i.code, i.subject, i.message, i.recommendation,
             i.evidence::text AS evidence, i.first_seen, i.last_seen, i.resolved_at, i.resolution,
             i.silenced_until,
             (SELECT t.id FROM task_issue k JOIN recovery_task t ON t.id = k.task
              WHERE k.issue = i.id AND t.state IN ('awaiting_approval', 'approved', 'running')
              ORDER BY t.created_at DESC LIMIT 1) AS task
      FROM issue i
      """;

  private static final String OPEN =
      """
      INSERT INTO issue (target, code, subject, severity, message, recommendation, evidence)
      VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)
      ON CONFLICT (target, code, subject) WHERE resolved_at IS NULL DO NOTHING RETURNING id
      """;

  private static final String CONFIRM =
      """
      UPDATE issue SET last_seen = now(), message = $2, recommendation = $3,
                       evidence = $4::text::jsonb
      WHERE id = $1
      """;

  private static final String STILL_THERE =
      "UPDATE issue SET last_seen = now() WHERE id = ANY ($1::uuid[])";

  private static final String RESOLVE =
      """
      UPDATE issue SET resolved_at = now(), resolution = $2 WHERE id = $1 AND resolved_at IS NULL
      """;

  private static final String SILENCE =
      """
      UPDATE issue SET silenced_until = $2, silenced_by = $3 WHERE id = $1 AND resolved_at IS NULL
      """;

  private static final String GONE = "a check no longer finds it";

  private final Store store;

  /** The issues in this store. */
  public Issues(Store store) {
    this.store = store;
  }

  /**
   * Takes in what a check found: opens, confirms and resolves issues, keeps the report, and
   * publishes what changed, in one transaction.
   *
   * <p>Completes with the new report; fails as the store fails, and then nothing was taken in.
   */
  public Future<HealthReport> record(Target target, Diagnosis diagnosis) {
    return store.change(tx -> record(tx, target, diagnosis));
  }

  /**
   * Takes in a check that found nothing, of a target of which nothing is open: one statement.
   *
   * <p>Completes with whether that was all; when not, nothing was taken in, and {@link
   * #record(Target, Diagnosis)} does it. Fails as the store fails.
   */
  public Future<Boolean> quiet(Target target, Diagnosis diagnosis) {
    return diagnosis.isQuiet()
        ? Reports.touch(store.reader(), target, diagnosis)
        : Future.succeededFuture(false);
  }

  static Future<Change<HealthReport>> record(SqlConnection tx, Target target, Diagnosis diagnosis) {
    List<NewEvent> events = new ArrayList<>();
    return Reports.lock(tx, target.name())
        .compose(before ->
            isOlder(diagnosis, before)
                ? Reports.read(tx, target.name()).map(now -> new Change<>(now, events))
                : record(tx, target, diagnosis, before));
  }

  // A check that was under way while a recovery was verified saw what is gone: it opens nothing.
  private static boolean isOlder(Diagnosis diagnosis, Reports.Stored stored) {
    return stored.checkedAt().filter(at -> at.isAfter(diagnosis.checkedAt())).isPresent();
  }

  private static Future<Change<HealthReport>> record(
      SqlConnection tx, Target target, Diagnosis diagnosis, Reports.Stored before) {
    List<NewEvent> events = new ArrayList<>();
    return open(tx, target.name())
        .compose(open -> reconcile(tx, target.name(), diagnosis, open, events))
        .compose(done -> Reports.save(tx, target, diagnosis, before))
        .compose(saved -> Reports.read(tx, target.name()))
        .map(after -> {
          if (before.checkedAt().isEmpty() || !events.isEmpty()) {
            events.add(0, health(after));
          }
          return new Change<>(after, events);
        });
  }

  private static NewEvent health(HealthReport report) {
    return new NewEvent(
        EventType.HEALTH_CHANGED,
        report.target(),
        report.target(),
        new JsonObject(Json.write(report)));
  }

  private static Future<Void> reconcile(
      SqlConnection tx,
      String target,
      Diagnosis diagnosis,
      List<Issue> open,
      List<NewEvent> events) {
    Map<Finding.Key, Issue> known = new HashMap<>();
    open.forEach(issue -> known.put(issue.finding().key(), issue));
    Future<Void> done = Future.succeededFuture();
    for (Finding finding : diagnosis.findings()) {
      Optional<Issue> issue = Optional.ofNullable(known.remove(finding.key()));
      done =
          done.compose(before ->
              issue
                  .map(same -> confirm(tx, same, finding, events))
                  .orElseGet(() -> open(tx, target, finding, events)));
    }
    for (Issue issue : known.values()) {
      if (diagnosis.conclusive(issue.finding().key())) {
        done = done.compose(before -> resolve(tx, issue, GONE, events));
      }
    }
    UUID[] unchanged =
        known.values().stream()
            .filter(issue -> diagnosis.confirms(issue.finding().key()))
            .map(Issue::id)
            .toArray(UUID[]::new);
    return unchanged.length == 0
        ? done
        : done.compose(
            before -> tx.preparedQuery(STILL_THERE).execute(Tuple.of(unchanged)).mapEmpty());
  }

  static Future<Void> open(
      SqlConnection tx, String target, Finding finding, List<NewEvent> events) {
    return tx.preparedQuery(OPEN)
        .execute(
            Tuple.of(
                target,
                finding.code().toString(),
                finding.subject(),
                finding.code().severity().toString(),
                finding.message(),
                finding.recommendation(),
                Json.write(finding.evidence())))
        .compose(rows -> {
          if (rows.size() == 1) {
            UUID id = rows.iterator().next().getUUID("id");
            events.add(event(EventType.ISSUE_OPENED, id, target, finding));
          }
          return Future.succeededFuture();
        });
  }

  private static Future<Void> confirm(
      SqlConnection tx, Issue issue, Finding finding, List<NewEvent> events) {
    if (!issue.finding().message().equals(finding.message())) {
      events.add(event(EventType.ISSUE_UPDATED, issue.id(), issue.target(), finding));
    }
    return tx.preparedQuery(CONFIRM)
        .execute(
            Tuple.of(
                issue.id(),
                finding.message(),
                finding.recommendation(),
                Json.write(finding.evidence())))
        .mapEmpty();
  }

  private static Future<Void> resolve(
      SqlConnection tx, Issue issue, String reason, List<NewEvent> events) {
    return tx.preparedQuery(RESOLVE)
        .execute(Tuple.of(issue.id(), reason))
        .map(rows -> {
          if (rows.rowCount() == 1) {
            NewEvent event =
                event(EventType.ISSUE_RESOLVED, issue.id(), issue.target(), issue.finding());
            event.data().put("resolution", reason);
            events.add(event);
          }
          return null;
        });
  }

  private static NewEvent event(EventType type, UUID id, String target, Finding finding) {
    JsonObject data =
        new JsonObject(Json.write(finding))
            .put("id", id.toString())
            .put("target", target)
            .put("severity", finding.code().severity().toString());
    return new NewEvent(type, target, id.toString(), data);
  }

  /** The open issues of a target, oldest first. Fails as the store fails. */
  public Future<List<Issue>> open(String target) {
    return open(store.reader(), target);
  }

  static Future<List<Issue>> open(SqlClient client, String... targets) {
    return client
        .preparedQuery(
            COLUMNS
                + "WHERE i.target = ANY ($1::text[]) AND i.resolved_at IS NULL"
                + " ORDER BY i.first_seen, i.id")
        .execute(Tuple.of(targets))
        .map(Issues::issues);
  }

  /** One issue; empty when there is none. Fails as the store fails. */
  public Future<Optional<Issue>> find(UUID id) {
    return store
        .reader()
        .preparedQuery(COLUMNS + "WHERE i.id = $1")
        .execute(Tuple.of(id))
        .map(rows -> issues(rows).stream().findFirst());
  }

  /**
   * Which issues a list shows.
   *
   * @param targets only of these targets; empty means of all
   * @param open only open ones, or only ended ones
   * @param code only of this kind
   */
  public record Filter(Set<String> targets, Optional<Boolean> open, Optional<IssueCode> code) {}

  /** A page of issues, oldest first. Fails as the store fails. */
  public Future<Page<Issue>> list(Filter filter, Optional<UUID> after, int limit) {
    String where =
        """
        WHERE (cardinality($1::text[]) = 0 OR i.target = ANY ($1))
          AND ($2::bool IS NULL OR (i.resolved_at IS NULL) = $2)
          AND ($3::text IS NULL OR i.code = $3)
          AND ($4::uuid IS NULL
               OR (i.first_seen, i.id) > (SELECT first_seen, id FROM issue WHERE id = $4))
        ORDER BY i.first_seen, i.id LIMIT $5
        """;
    return store
        .reader()
        .preparedQuery(COLUMNS + where)
        .execute(
            Tuple.of(
                filter.targets().toArray(String[]::new),
                filter.open().orElse(null),
                filter.code().map(IssueCode::toString).orElse(null),
                after.orElse(null),
                limit + 1))
        .map(rows -> Page.of(issues(rows), limit, issue -> issue.id().toString()));
  }

  /**
   * Ends an issue on a person's word.
   *
   * <p>Completes with whether it was open; fails as the store fails.
   *
   * @param reason who said so and why, for people
   */
  public Future<Boolean> resolve(UUID id, String reason) {
    List<NewEvent> events = new ArrayList<>();
    return store.change(
        tx -> resolve(tx, id, reason, events).map(resolved -> new Change<>(resolved, events)));
  }

  static Future<Boolean> resolve(SqlConnection tx, UUID id, String reason, List<NewEvent> events) {
    return tx.preparedQuery(COLUMNS + "WHERE i.id = $1 AND i.resolved_at IS NULL FOR UPDATE OF i")
        .execute(Tuple.of(id))
        .compose(rows ->
            issues(rows).stream()
                .findFirst()
                .map(issue -> resolve(tx, issue, reason, events).map(true))
                .orElse(Future.succeededFuture(false)));
  }

  /**
   * Lets an issue not count until a moment: it lasts, and makes its target unhealthy no more. A
   * moment that has passed ends the silence.
   *
   * <p>Completes with the issue, or with nothing when it is not open; fails as the store fails.
   *
   * @param by who wants that, and why, for people
   */
  public Future<Optional<Issue>> silence(UUID id, Instant until, String by) {
    return store.change(tx ->
        tx.preparedQuery(SILENCE)
            .execute(Tuple.of(id, until.atOffset(ZoneOffset.UTC), by))
            .compose(done -> tx.preparedQuery(COLUMNS + "WHERE i.id = $1").execute(Tuple.of(id)))
            .map(rows -> issues(rows).stream().filter(Issue::open).findFirst())
            .map(issue ->
                new Change<>(issue, issue.map(i -> silenced(i, until, by)).stream().toList())));
  }

  private static NewEvent silenced(Issue issue, Instant until, String by) {
    NewEvent event = event(EventType.ISSUE_UPDATED, issue.id(), issue.target(), issue.finding());
    event.data().put("silenced_until", until.toString()).put("silenced_by", by);
    return event;
  }

  private static List<Issue> issues(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(Issues::issue).toList();
  }

  private static Issue issue(Row row) {
    Finding finding =
        new Finding(
            IssueCode.of(row.getString("code")),
            row.getString("subject"),
            row.getString("message"),
            row.getString("recommendation"),
            Json.read(row.getString("evidence"), new TypeReference<Map<String, Object>>() {}));
    return new Issue(
        row.getUUID("id"),
        row.getString("target"),
        finding,
        row.getOffsetDateTime("first_seen").toInstant(),
        row.getOffsetDateTime("last_seen").toInstant(),
        Optional.ofNullable(row.getUUID("task")),
        Optional.ofNullable(row.getOffsetDateTime("silenced_until")).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getOffsetDateTime("resolved_at"))
            .map(OffsetDateTime::toInstant)
            .map(at -> new Issue.Resolution(at, row.getString("resolution"))));
  }
}
