package dev.pgmedic.worker;

import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.proposal.Pinning;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;

/** Compares what a command would run on with what was approved. */
final class ApprovedFiles {

  private static final int MOST = 5;

  private ApprovedFiles() {}

  /**
   * Completes when what would run is what was approved. Fails with the refusal when it is not, and
   * as {@link Pinning#upgrade} does.
   *
   * @param refusal made of what differs
   */
  static Future<Void> same(
      Vertx vertx, Target target, RunTool tool, Function<String, RuntimeException> refusal) {
    return Pinning.upgrade(vertx, target.migrations())
        .compose(now -> {
          List<String> differences = tool.command().differences(now);
          return differences.isEmpty()
              ? Future.succeededFuture()
              : Future.failedFuture(
                  refusal.apply(
                      "what would run is not what was approved: "
                          + String.join("; ", differences.stream().limit(MOST).toList())));
        });
  }
}
