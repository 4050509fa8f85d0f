package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.lock.LockInspection;
import dev.pgmedic.lock.LockLimits;
import dev.pgmedic.lock.LockReport;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who holds what in a target. */
final class LockOperations {

  private static final Duration BETWEEN = Duration.ofSeconds(2);

  // More looks at once than this, and whoever asks is told to ask again.
  private static final int MOST_AT_ONCE = 20;

  private final Vertx vertx;
  private final Map<String, Target> targets;
  private final Map<String, Future<LockReport>> looking = new HashMap<>();

  LockOperations(Vertx vertx, Map<String, Target> targets) {
    this.vertx = vertx;
    this.targets = targets;
  }

  void addTo(Operations operations) {
    operations.answer("getTargetLocks", this::locks);
  }

  private Future<Answer> locks(RoutingContext context) {
    String name = context.pathParam("name");
    Target target =
        Optional.ofNullable(targets.get(name)).orElseThrow(() -> Query.notFound("target", name));
    return look(target)
        .map(Answer::ok)
        .recover(
            error -> Future.failedFuture(Problem.unavailable(String.valueOf(error.getMessage()))));
  }

  // Whoever asks while a look is under way gets what it sees. The verticle has one thread.
  private Future<LockReport> look(Target target) {
    Future<LockReport> underWay = looking.get(target.name());
    if (underWay != null) {
      return underWay;
    }
    if (looking.size() >= MOST_AT_ONCE) {
      throw Problem.unavailable(
          "the locks of " + MOST_AT_ONCE + " targets are being looked at; ask again");
    }
    LockLimits limits = new LockLimits(LockLimits.DEFAULT.pause(), target.deadlines().idle());
    Future<LockReport> look =
        new LockInspection(vertx, new LockInspection.Options(BETWEEN, limits, Optional.empty()))
            .run(target);
    looking.put(target.name(), look);
    return look.onComplete(done -> looking.remove(target.name()));
  }
}
