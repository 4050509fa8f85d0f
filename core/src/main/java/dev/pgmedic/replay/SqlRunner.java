package dev.pgmedic.replay;

import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.SqlScript;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs SQL files itself, each on a session of its own, as most tools do. */
final class SqlRunner implements Runner {

  // "cannot run inside a transaction block", and a label that is used before it is committed.
  private static final Set<String> ONE_BY_ONE = Set.of("25001", "55P04");
  private static final int LONGEST = 300;

  private final Vertx vertx;
  private final String tool;
  private final PostgresUrl url;
  private final Duration limit;

  SqlRunner(Vertx vertx, String tool, PostgresUrl url, Duration limit) {
    this.vertx = vertx;
    this.tool = tool;
    this.url = url.withParameter("search_path", "\"$user\", public");
    this.limit = limit;
  }

  @Override
  public Future<Void> prepare() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> run(Course.Leg leg) {
    return vertx
        .executeBlocking(() -> Files.readString(leg.file()), false)
        .compose(text -> {
          Optional<String> unfit = SqlText.unfit(tool, leg, text);
          return unfit.isPresent() ? Future.failedFuture(new ReplayFailed(unfit.get())) : run(text);
        })
        .recover(error -> Future.failedFuture(failed(leg, error)));
  }

  private Future<Void> run(String text) {
    Session.Settings settings =
        new Session.Settings("pgmedic-replay", limit, limit, Duration.ZERO, false);
    return Session.open(vertx, url, settings)
        .compose(session ->
            whole(session.connection(), text)
                .recover(error ->
                    isForOneByOne(error)
                        ? oneByOne(session.connection(), SqlScript.all(text))
                        : Future.failedFuture(error))
                .eventually(session::close));
  }

  private static Future<Void> whole(PgConnection session, String text) {
    return text.isBlank() ? Future.succeededFuture() : session.query(text).execute().mapEmpty();
  }

  private static boolean isForOneByOne(Throwable error) {
    return error instanceof PgException told && ONE_BY_ONE.contains(told.getSqlState());
  }

  private static Future<Void> oneByOne(PgConnection session, List<String> statements) {
    Future<Void> done = Future.succeededFuture();
    for (String statement : statements) {
      done = done.compose(before -> session.query(statement).execute().mapEmpty());
    }
    return done;
  }

  private static ReplayFailed failed(Course.Leg leg, Throwable error) {
    if (error instanceof ReplayFailed known) {
      return known;
    }
    String what = error instanceof PgException told ? told.getErrorMessage() : error.getMessage();
    return new ReplayFailed(ForeignText.visible(leg.version() + ": " + what, LONGEST), error);
  }
}
