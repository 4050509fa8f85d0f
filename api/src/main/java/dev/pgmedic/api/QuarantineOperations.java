package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.lock.LockNotAvailable;
import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.quarantine.Held;
import dev.pgmedic.quarantine.QuarantineRefused;
import dev.pgmedic.quarantine.QuarantineSchema;
import dev.pgmedic.quarantine.Quarantines;
import dev.pgmedic.store.Audit;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.QuarantineOrigins;
import dev.pgmedic.store.QuarantineOrigins.Origin;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What recoveries moved out of the way, until an admin destroys it. */
final class QuarantineOperations {

  private final Map<String, Target> targets;
  private final Quarantines quarantines;
  private final QuarantineOrigins origins;
  private final Audit audit;

  QuarantineOperations(Vertx vertx, Store store, Map<String, Target> targets) {
    this.targets = targets;
    this.quarantines = new Quarantines(vertx);
    this.origins = new QuarantineOrigins(store);
    this.audit = new Audit(store);
  }

  void addTo(Operations operations) {
    operations.answer("listQuarantine", this::list).answer("emptyQuarantine", this::empty);
  }

  private record View(
      String target,
      String schema,
      Optional<Instant> since,
      Optional<UUID> recoveryTask,
      List<Held> objects,
      List<String> neededBy,
      String digest) {
    static View of(Target target, QuarantineSchema held, Optional<Origin> origin) {
      return new View(
          target.name(),
          held.schema(),
          origin.map(Origin::at),
          origin.map(Origin::task),
          held.objects(),
          held.neededBy(),
          held.digest());
    }
  }

  private record Unseen(String target, String reason) {}

  private record Views(List<View> items, Optional<String> nextAfter, List<Unseen> unseen) {}

  // A target that is down keeps nobody from the others.
  private record Looked(List<View> views, Optional<Unseen> unseen) {}

  private Future<Answer> list(RoutingContext context) {
    Collection<Target> asked =
        Query.text(context, "target")
            .<Collection<Target>>map(name -> List.of(known(name)))
            .orElseGet(() ->
                targets.values().stream()
                    .filter(target -> Sight.sees(context, target.name()))
                    .toList());
    List<Future<Looked>> looks = asked.stream().map(this::look).toList();
    return Future.all(looks)
        .map(done ->
            Answer.ok(
                new Views(
                    looked(looks).flatMap(look -> look.views().stream()).toList(),
                    Optional.empty(),
                    looked(looks).flatMap(look -> look.unseen().stream()).toList())));
  }

  private static Stream<Looked> looked(List<Future<Looked>> looks) {
    return looks.stream().map(Future::result);
  }

  private Future<Looked> look(Target target) {
    return origins
        .of(target.name())
        .compose(known ->
            quarantines
                .list(target)
                .map(schemas -> new Looked(views(target, schemas, known), Optional.empty()))
                .recover(error ->
                    error instanceof Unreachable lost
                        ? Future.succeededFuture(unseen(target, lost))
                        : Future.failedFuture(error)));
  }

  private static List<View> views(
      Target target, List<QuarantineSchema> schemas, Map<String, Origin> origins) {
    return schemas.stream()
        .map(held -> View.of(target, held, Optional.ofNullable(origins.get(held.schema()))))
        .toList();
  }

  private static Looked unseen(Target target, Unreachable lost) {
    String reason = "it failed at " + lost.stage();
    return new Looked(List.of(), Optional.of(new Unseen(target.name(), reason)));
  }

  private Future<Answer> empty(RoutingContext context) {
    Target target = known(context.request().getParam("target"));
    Quarantines.Order order =
        new Quarantines.Order(
            context.request().getParam("schema"),
            Query.text(context, "digest"),
            Access.caller(context).name());
    Recovery recovery =
        target
            .recovery()
            .orElseThrow(() ->
                Problem.conflict(
                    "observe-only",
                    "target " + target.name() + " has no recovery: in its configuration"));
    Deed deed =
        new Deed(
            Access.actor(context, new JsonObject()),
            Deed.Action.EMPTY_QUARANTINE,
            target.name(),
            context.request().getParam("schema"),
            Query.text(context, "digest").orElse(""),
            "");
    return quarantines
        .empty(target, recovery.url(), order, () -> audit.witness(deed))
        .recover(error -> Future.failedFuture(problem(error)))
        .map(gone -> Answer.ok(View.of(target, gone, Optional.empty())));
  }

  private static Throwable problem(Throwable error) {
    return switch (error) {
      case QuarantineRefused refused -> notEmptied(String.valueOf(refused.getMessage()));
      case LockNotAvailable held -> notEmptied(String.valueOf(held.getMessage()));
      case WrongServer elsewhere -> notEmptied(String.valueOf(elsewhere.getMessage()));
      case Unreachable lost ->
          Problem.unavailable("the target is not to be seen: it failed at " + lost.stage());
      default -> error;
    };
  }

  private static Problem notEmptied(String why) {
    return Problem.conflict("not-emptied", why);
  }

  private Target known(String name) {
    return Optional.ofNullable(targets.get(name)).orElseThrow(() -> Query.notFound("target", name));
  }
}
