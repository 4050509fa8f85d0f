package dev.pgmedic.worker;

import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.proposal.Pinning;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Compares the files that a command would run on with those that were approved. */
final class ApprovedFiles {

  /** What a difference means. */
  static final String DIFFER = "what would run is not what was approved: ";

  private static final int MOST = 5;

  private ApprovedFiles() {}

  /**
   * Completes with the first differences, none when what would run is what was approved; fails as
   * {@link Pinning#upgrade} does.
   */
  static Future<List<String>> differences(Vertx vertx, Target target, RunTool tool) {
    return Pinning.upgrade(vertx, target.migrations())
        .map(now -> tool.command().differences(now).stream().limit(MOST).toList());
  }
}
