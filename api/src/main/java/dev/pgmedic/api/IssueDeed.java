package dev.pgmedic.api;

import dev.pgmedic.issue.Issue;
import dev.pgmedic.store.Deed;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** What is done to an issue, as the audit keeps it. */
final class IssueDeed {

  private IssueDeed() {}

  /** A deed of whoever gives a reason. */
  static Deed of(RoutingContext context, Deed.Action action, Issue issue) {
    return of(context, action, issue, context.body().asJsonObject());
  }

  /** A request for a plan, which has no body. */
  static Deed proposal(RoutingContext context, Issue issue) {
    return of(context, Deed.Action.PROPOSE, issue, new JsonObject());
  }

  private static Deed of(RoutingContext context, Deed.Action action, Issue issue, JsonObject body) {
    return new Deed(
        Access.actor(context, body),
        action,
        issue.target(),
        issue.id().toString(),
        "",
        body.getString("reason", ""));
  }
}
