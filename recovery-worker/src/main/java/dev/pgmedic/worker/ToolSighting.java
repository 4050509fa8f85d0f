package dev.pgmedic.worker;

import dev.pgmedic.command.CapturedCommand;
import dev.pgmedic.guard.GuardedRun;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds out where a tool's commands lead before one of them changes anything: its read-only command
 * must show up as a session in the database of the plan, under a name that nobody else knows.
 */
final class ToolSighting {

  private static final int LONGEST_OUTPUT = 300;
  private static final long LOOK_MILLIS = 5;

  // Everybody may see the name of a session.
  private static final String THERE =
      """
      SELECT 1 FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND application_name = $1
      """;

  private final Vertx vertx;
  private final Target target;
  private final PostgresUrl url;
  private final HeldLock lock;
  private final RunTool tool;
  private final String name = "pgmedic-look/" + GuardedRun.newId();
  private final AtomicBoolean over = new AtomicBoolean();

  ToolSighting(Vertx vertx, Target target, HeldLock lock, RunTool tool) {
    this.vertx = vertx;
    this.target = target;
    this.url = target.recovery().orElseThrow().url();
    this.lock = lock;
    this.tool = tool;
  }

  /**
   * Completes when the session was seen and the command has ended, with whatever code. Fails with
   * {@link StepFailed} when it was not seen, which says what the tool reads instead; as {@link
   * CapturedCommand#run} does, at the latest after the target's check deadline; and as the lock's
   * session does. Changes nothing.
   */
  Future<Void> seen() {
    Future<Boolean> looking = look();
    return command()
        .run(vertx, target.deadlines().check())
        .onComplete(ended -> over.set(true))
        .transform(ended ->
            looking.compose(seen ->
                seen
                    ? Future.succeededFuture()
                    : ended.succeeded()
                        ? elsewhere(ended.result())
                        : Future.failedFuture(ended.cause())));
  }

  private CapturedCommand command() {
    Map<String, String> environment = new HashMap<>(lock.environment());
    environment.putAll(target.migrations().environment(url, name));
    return new CapturedCommand(
        tool.look(), Path.of(tool.command().directory()), environment, LONGEST_OUTPUT);
  }

  // Until the command has ended and one more look behind it.
  private Future<Boolean> look() {
    boolean last = over.get();
    return lock.session()
        .preparedQuery(THERE)
        .execute(Tuple.of(name))
        .compose(rows ->
            rows.size() > 0 || last
                ? Future.succeededFuture(rows.size() > 0)
                : vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(later -> look()));
  }

  private Future<Void> elsewhere(CapturedCommand.Ended ended) {
    Path directory = Path.of(tool.command().directory());
    return vertx
        .executeBlocking(
            () -> MigrationTools.find(tool.tool()).flatMap(known -> known.urlSetting(directory)),
            false)
        .compose(setting -> Future.failedFuture(new StepFailed(told(setting, ended))));
  }

  private String told(Optional<String> setting, CapturedCommand.Ended ended) {
    return "\""
        + String.join(" ", tool.look())
        + "\" was not seen in this database under the name that PGAPPNAME gave it, so nothing was"
        + " run: "
        + setting
            .map(reads -> "it reads " + reads + " instead of its environment")
            .orElse(
                "it reads settings of its own, or its driver does not take PGAPPNAME; name its"
                    + " session by {application_name} in migrations.environment")
        + (ended.said().isEmpty() ? "" : " (it said: " + target.masked(ended.said()) + ")");
  }
}
