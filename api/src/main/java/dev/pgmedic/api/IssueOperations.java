package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.IssueCode.Healing;
import dev.pgmedic.issue.IssueView;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Deed.Action;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.UUID;

/** Issues. */
final class IssueOperations {

  private final Vertx vertx;
  private final Store store;
  private final Issues issues;
  private final Tasks tasks;

  IssueOperations(Vertx vertx, Store store) {
    this.vertx = vertx;
    this.store = store;
    this.issues = new Issues(store);
    this.tasks = new Tasks(store);
  }

  void addTo(Operations operations) {
    operations
        .answer("listIssues", this::list)
        .answer("getIssue", context -> get(context).map(i -> Answer.ok(IssueView.of(i))))
        .answer("proposeRecovery", this::propose)
        .answer("resolveIssue", this::resolve)
        .answer("silenceIssue", this::silence);
  }

  private Future<Answer> list(RoutingContext context) {
    Issues.Filter filter =
        new Issues.Filter(
            Sight.targets(context),
            Query.text(context, "state").map("open"::equals),
            Query.parsed(context, "code", IssueCode::of));
    return issues
        .list(filter, Query.after(context), Query.limit(context))
        .map(page ->
            Answer.ok(
                new Page<>(page.items().stream().map(IssueView::of).toList(), page.nextAfter())));
  }

  private Future<Issue> get(RoutingContext context) {
    UUID id = Query.id(context, "issue");
    return issues
        .find(id)
        .map(found -> {
          Issue issue = found.orElseThrow(() -> Query.notFound("issue", id));
          Sight.mustSee(context, issue.target());
          return issue;
        });
  }

  private Future<Answer> propose(RoutingContext context) {
    return get(context)
        .compose(issue ->
            issue.recoveryTask().isPresent()
                ? answer(200, issue.recoveryTask().get())
                : proposeAnew(context, issue));
  }

  private Future<Answer> proposeAnew(RoutingContext context, Issue issue) {
    if (!issue.open()) {
      return Future.failedFuture(notHealable(issue, ""));
    }
    return asked(context, issue)
        .compose(reply -> get(context).compose(now -> proposed(now, reply)));
  }

  private Future<JsonObject> asked(RoutingContext context, Issue issue) {
    return vertx
        .eventBus()
        .<JsonObject>request(
            Addresses.PROPOSE,
            new JsonObject()
                .put("target", issue.target())
                .put("by", Access.caller(context).name())
                .put("deed", new JsonObject(Json.write(IssueDeed.proposal(context, issue))))
                .put("code", issue.finding().code().toString())
                .put("subject", issue.finding().subject()))
        .recover(error -> Future.failedFuture(Problem.noMonitor(error)))
        .map(Message::body);
  }

  private Future<Answer> proposed(Issue now, JsonObject reply) {
    return now.recoveryTask()
        .map(task -> answer(201, task))
        .orElseGet(() -> Future.failedFuture(notHealable(now, reply.getString("decision", ""))));
  }

  private Future<Answer> answer(int status, UUID task) {
    return tasks.find(task).map(found -> TaskOperations.answer(status, found.orElseThrow()));
  }

  private static Problem notHealable(Issue issue, String decision) {
    if (!issue.open()) {
      return Problem.conflict("not-healable", "the issue is resolved already");
    }
    if (!decision.isEmpty() && issue.finding().code().healing() != Healing.PERSON) {
      return Problem.conflict("not-healable", "a person must decide: " + decision);
    }
    String why =
        issue.finding().code().healing() != Healing.PERSON
            ? "no plan heals it as the target is now"
            : "a person must decide";
    return Problem.conflict("not-healable", why + ": " + issue.finding().recommendation());
  }

  private Future<Answer> resolve(RoutingContext context) {
    Caller caller = Access.caller(context);
    String reason = context.body().asJsonObject().getString("reason");
    return get(context)
        .compose(issue -> {
          if (issue.finding().code() != IssueCode.DATA_LOST) {
            return Future.failedFuture(
                Problem.conflict(
                    "not-resolvable", "only data.lost ends by word; a check ends the others"));
          }
          return new Issues(store.audited(IssueDeed.of(context, Action.RESOLVE, issue)))
              .resolve(issue.id(), caller.name() + ": " + reason);
        })
        .compose(resolved ->
            resolved
                ? get(context)
                : Future.failedFuture(
                    Problem.conflict("not-resolvable", "the issue is resolved already")))
        .map(issue -> Answer.ok(IssueView.of(issue)));
  }

  private Future<Answer> silence(RoutingContext context) {
    JsonObject body = context.body().asJsonObject();
    UUID id = Query.id(context, "issue");
    String by = Access.caller(context).name() + ": " + body.getString("reason");
    Instant until = until(body.getString("until"));
    return get(context)
        .compose(issue ->
            new Issues(store.audited(IssueDeed.of(context, Action.SILENCE, issue)))
                .silence(id, until, by))
        .compose(silenced -> silenced.isPresent() ? get(context) : notOpen(context))
        .map(issue -> Answer.ok(IssueView.of(issue)));
  }

  private static Instant until(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw Problem.badRequest("until: expected a time such as 2026-11-24T08:00:00Z");
    }
  }

  private Future<Issue> notOpen(RoutingContext context) {
    return get(context)
        .compose(issue ->
            Future.failedFuture(Problem.conflict("not-open", "the issue is resolved already")));
  }
}
