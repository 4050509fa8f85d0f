package dev.pgmedic.api;

import dev.pgmedic.acceptance.Acceptor;
import dev.pgmedic.acceptance.NotAcceptable;
import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueView;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Confirmations;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Deed.Action;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Known-good: what a target is held against, and what people say of it. */
final class KnownGoodOperations {

  /** How the version of a target without a history is written in a path. */
  private static final String NO_VERSION = "-";

  private final Map<String, Target> targets;
  private final Vertx vertx;
  private final Store store;
  private final Issues issues;
  private final Confirmations confirmations;

  KnownGoodOperations(Vertx vertx, Store store, Map<String, Target> targets) {
    this.vertx = vertx;
    this.store = store;
    this.targets = targets;
    this.issues = new Issues(store);
    this.confirmations = new Confirmations(store);
  }

  void addTo(Operations operations) {
    operations
        .answer("listBaselines", this::list)
        .answer("confirmBaseline", this::confirm)
        .answer("acceptIssue", this::accept);
  }

  private Future<Answer> list(RoutingContext context) {
    String name = known(context.pathParam("name")).name();
    return confirmations
        .list(name, Query.text(context, "after"), Query.limit(context))
        .map(Answer::ok);
  }

  private Future<Answer> confirm(RoutingContext context) {
    String name = known(context.pathParam("name")).name();
    String version = context.pathParam("version");
    Actor by = Access.actor(context, new JsonObject());
    Deed deed = new Deed(by, Action.CONFIRM, name, version, "", "");
    return new Confirmations(store.audited(deed))
        .confirm(
            name, Optional.of(version).filter(written -> !written.equals(NO_VERSION)), by.name())
        .map(known -> Answer.ok(known.orElseThrow(() -> Query.notFound("baseline", version))));
  }

  private Future<Answer> accept(RoutingContext context) {
    UUID id = Query.id(context, "issue");
    String by =
        Access.caller(context).name() + ": " + context.body().asJsonObject().getString("reason");
    return found(context, id)
        .compose(issue ->
            issue.open()
                ? acceptor(IssueDeed.of(context, Action.ACCEPT, issue))
                    .accept(known(issue.target()), issue, by)
                : Future.failedFuture(notAcceptable("the issue is resolved already")))
        .recover(error -> Future.failedFuture(problem(error)))
        .compose(accepted -> found(context, id))
        .map(issue -> Answer.ok(IssueView.of(issue)));
  }

  private Acceptor acceptor(Deed deed) {
    return new Acceptor(vertx, store.audited(deed));
  }

  private Future<Issue> found(RoutingContext context, UUID id) {
    return issues
        .find(id)
        .map(found -> {
          Issue issue = found.orElseThrow(() -> Query.notFound("issue", id));
          Sight.mustSee(context, issue.target());
          return issue;
        });
  }

  private static Throwable problem(Throwable error) {
    return switch (error) {
      case NotAcceptable refused -> notAcceptable(String.valueOf(refused.getMessage()));
      case Unreachable lost ->
          Problem.unavailable("the target is not to be seen: it failed at " + lost.stage());
      default -> error;
    };
  }

  private static Problem notAcceptable(String why) {
    return Problem.conflict("not-acceptable", why);
  }

  private Target known(String name) {
    Target target = targets.get(name);
    if (target == null) {
      throw Query.notFound("target", name);
    }
    return target;
  }
}
