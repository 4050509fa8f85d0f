package dev.pgmedic.api;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Requests that wait for a task's next change of state. */
final class TaskWaits {

  private final Vertx vertx;
  private final Tasks tasks;
  private final Map<String, List<Promise<Void>>> waiting = new HashMap<>();

  TaskWaits(Vertx vertx, Store store) {
    this.vertx = vertx;
    this.tasks = new Tasks(store);
    vertx.eventBus().<JsonObject>consumer(Addresses.EVENTS, event -> wake(event.body()));
  }

  private void wake(JsonObject event) {
    if (event.getString("type", "").startsWith("dev.pgmedic.task.")) {
      Optional.ofNullable(waiting.remove(event.getString("subject", "")))
          .ifPresent(promises -> promises.forEach(promise -> promise.tryComplete()));
    }
  }

  /**
   * The task after its next change of state, or as it is when {@code limit} has passed, it has
   * ended already, or it does not exist; at once where it is news. Fails as the store fails.
   *
   * @param news whether a task as it is now is not what whoever waits has seen
   */
  Future<Optional<RecoveryTask>> next(UUID id, Duration limit, Predicate<RecoveryTask> news) {
    return next(id, new Wait(System.nanoTime() + limit.toNanos(), Optional.empty(), news));
  }

  private record Wait(long end, Optional<TaskState> before, Predicate<RecoveryTask> news) {
    private boolean isOver(Optional<RecoveryTask> now) {
      Optional<TaskState> state = now.map(RecoveryTask::state);
      boolean passed = System.nanoTime() >= end;
      return state.filter(TaskState::open).isEmpty()
          || now.filter(news).isPresent()
          || (before.isPresent() && (passed || !before.equals(state)));
    }

    private Wait after(Optional<RecoveryTask> seen) {
      return new Wait(end, seen.map(RecoveryTask::state), news);
    }
  }

  // The bus may tell late of a change that was seen already: who is woken by one waits on.
  private Future<Optional<RecoveryTask>> next(UUID id, Wait wait) {
    // adapter: a message on the bus becomes a future. Registered before the look, so that no change
    // falls in between.
    Promise<Void> changed = Promise.promise();
    waiting.computeIfAbsent(id.toString(), key -> new ArrayList<>()).add(changed);
    long left = Math.max(1, Duration.ofNanos(wait.end() - System.nanoTime()).toMillis());
    long timer = vertx.setTimer(left, passed -> changed.tryComplete());
    return tasks
        .find(id)
        .compose(now ->
            wait.isOver(now)
                ? Future.succeededFuture(now)
                : changed.future().compose(woken -> next(id, wait.after(now))))
        .onComplete(done -> {
          vertx.cancelTimer(timer);
          forget(id.toString(), changed);
        });
  }

  private void forget(String id, Promise<Void> changed) {
    List<Promise<Void>> others = waiting.get(id);
    if (others != null) {
      others.remove(changed);
      if (others.isEmpty()) {
        waiting.remove(id);
      }
    }
  }
}
