package dev.pgmedic.store;

import dev.pgmedic.issue.Issue;
import dev.pgmedic.task.IncidentReport;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the store knows of an incident from its beginning to its end. */
public final class IncidentReports {

  private final Tasks tasks;
  private final Issues issues;

  /** What this store knows. */
  public IncidentReports(Store store) {
    this.tasks = new Tasks(store);
    this.issues = new Issues(store);
  }

  /**
   * The incident of a recovery task as Markdown; empty when there is no such task. Fails as the
   * store does.
   */
  public Future<Optional<String>> report(UUID task) {
    return tasks
        .find(task)
        .compose(found ->
            found
                .map(known -> report(known).map(Optional::of))
                .orElse(Future.succeededFuture(Optional.empty())));
  }

  private Future<String> report(RecoveryTask task) {
    List<Future<Optional<Issue>>> wanted = task.issues().stream().map(issues::find).toList();
    return Future.all(wanted)
        .map(all ->
            IncidentReport.of(
                task, wanted.stream().map(Future::result).flatMap(Optional::stream).toList()));
  }
}
