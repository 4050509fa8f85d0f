package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Audit;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Replays;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Health and targets. */
final class HealthOperations {

  private final Vertx vertx;
  private final Reports reports;
  private final Replays replays;
  private final Audit audit;
  private final Map<String, Target> targets;

  HealthOperations(Vertx vertx, Store store, Map<String, Target> targets) {
    this.vertx = vertx;
    this.reports = new Reports(store);
    this.replays = new Replays(store);
    this.audit = new Audit(store);
    this.targets = targets;
  }

  void addTo(Operations operations) {
    operations
        .answer("getHealth", this::health)
        .answer("listTargets", this::list)
        .answer("getTarget", this::get)
        .answer("checkTarget", this::check);
  }

  private Future<Answer> health(RoutingContext context) {
    Optional<String> name = Query.text(context, "target");
    boolean probe = Query.text(context, "fail").isPresent();
    List<String> seen = seen(context);
    if (name.isPresent() || seen.size() == 1) {
      String target = known(name.orElseGet(() -> seen.get(0)));
      return reports.read(target).map(report -> answer(report.healthy(), probe, report));
    }
    return reports
        .read(seen)
        .map(all -> {
          boolean healthy = all.stream().allMatch(HealthReport::healthy);
          return answer(healthy, probe, Map.of("healthy", healthy, "targets", all));
        });
  }

  private List<String> seen(RoutingContext context) {
    return targets.keySet().stream().filter(name -> Sight.sees(context, name)).toList();
  }

  private static Answer answer(boolean healthy, boolean probe, Object body) {
    return new Answer(probe && !healthy ? 503 : 200, body);
  }

  private Future<Answer> list(RoutingContext context) {
    return reports
        .read(seen(context))
        .map(all ->
            Answer.ok(
                new Page<>(
                    all.stream()
                        .map(report -> described(targets.get(report.target()), report))
                        .toList(),
                    Optional.empty())));
  }

  private Future<Answer> get(RoutingContext context) {
    String name = known(context.pathParam("name"));
    return reports
        .read(name)
        .compose(report ->
            replays
                .last(name)
                .map(replay -> {
                  Map<String, Object> described = described(targets.get(name), report);
                  described.put("replay", replay.map(HealthOperations::told));
                  return Answer.ok(described);
                }));
  }

  private static Map<String, Object> told(Replays.Last replay) {
    return Map.of("outcome", replay.outcome(), "detail", replay.detail(), "at", replay.at());
  }

  private static Map<String, Object> described(
      @org.jspecify.annotations.Nullable Target target, HealthReport report) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", report.target());
    if (target != null) {
      described.put("url", target.url().toString());
      described.put("labels", target.labels());
      described.put("check_every", target.checkEvery());
      described.put("observe_only", target.recovery().isEmpty());
    }
    described.put("health", report);
    return described;
  }

  private Future<Answer> check(RoutingContext context) {
    String name = known(context.pathParam("name"));
    Actor actor = Access.actor(context, new JsonObject());
    return audit
        .witness(new Deed(actor, Deed.Action.CHECK, name, "", "", ""))
        .compose(kept -> checked(name));
  }

  private Future<Answer> checked(String name) {
    return vertx
        .eventBus()
        .<JsonObject>request(Addresses.CHECK, new JsonObject().put("target", name))
        .map(reply -> Answer.ok(Json.read(reply.body().encode(), Object.class)))
        .recover(error -> Future.failedFuture(Problem.noMonitor(error)));
  }

  private String known(String name) {
    if (!targets.containsKey(name)) {
      throw Query.notFound("target", name);
    }
    return name;
  }
}
