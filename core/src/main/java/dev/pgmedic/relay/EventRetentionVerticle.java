package dev.pgmedic.relay;

import dev.pgmedic.store.BrowserSessions;
import dev.pgmedic.store.EventRetention;
import dev.pgmedic.store.KeptAnswers;
import dev.pgmedic.store.Store;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes, once an hour, the events and the answers that were kept long enough, and the sessions
 * that have ended. Any number of nodes may run one.
 */
public final class EventRetentionVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(EventRetentionVerticle.class);

  // A node starts with other things.
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofHours(1);

  private final EventRetention retention;
  private final KeptAnswers answers;
  private final BrowserSessions sessions;

  /** Keeps the log of this store short. */
  public EventRetentionVerticle(Store store) {
    this.retention = new EventRetention(store, UUID.randomUUID());
    this.answers = new KeptAnswers(store);
    this.sessions = new BrowserSessions(store);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(FIRST.toMillis(), EVERY.toMillis(), tick -> run());
    return Future.succeededFuture();
  }

  private void run() {
    retention
        .run()
        .onSuccess(
            deleted -> LOG.atDebug().addKeyValue("events", deleted).log("Old events deleted"))
        .onFailure(error ->
            LOG.atWarn().setCause(error).log("Old events stay for an hour, then the next try"));
    answers
        .forget()
        .onSuccess(
            deleted -> LOG.atDebug().addKeyValue("answers", deleted).log("Old answers deleted"))
        .onFailure(error ->
            LOG.atWarn().setCause(error).log("Old answers stay for an hour, then the next try"));
    sessions
        .forget()
        .onSuccess(
            deleted -> LOG.atDebug().addKeyValue("sessions", deleted).log("Old sessions deleted"))
        .onFailure(error ->
            LOG.atWarn().setCause(error).log("Old sessions stay for an hour, then the next try"));
  }
}
