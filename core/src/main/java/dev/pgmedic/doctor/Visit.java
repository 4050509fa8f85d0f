package dev.pgmedic.doctor;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.doctor.Rounds.Look;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnection;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One visit to a database as one role: knocks, logs in, and looks around. */
final class Visit {

  static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

  private final Vertx vertx;
  private final Target target;
  private final Part part;
  private final PostgresUrl url;
  private final List<Probe> probes = new ArrayList<>();
  private boolean local;

  Visit(Vertx vertx, Target target, Part part, PostgresUrl url) {
    this.vertx = vertx;
    this.target = target;
    this.part = part;
    this.url = url;
  }

  /** Completes with what was found until there was no answer any more. Never fails. */
  Future<Examination> run(Rounds rounds) {
    return knock()
        .compose(there -> there ? enter(rounds) : Future.<Void>succeededFuture())
        .otherwise(error -> {
          probes.add(unanswered(error));
          return null;
        })
        .map(done -> new Examination(part, Optional.of(url.toString()), probes));
  }

  private static Probe unanswered(Throwable error) {
    return Probe.failed("answer", reason(error), "what follows was not looked at");
  }

  static String reason(Throwable error) {
    String text =
        error instanceof Unreachable unreachable
            ? unreachable.reason()
            : Objects.toString(error.getMessage(), error.getClass().getSimpleName());
    return ForeignText.visible(text, 2 * ForeignText.NAME);
  }

  private Future<Boolean> knock() {
    long start = System.nanoTime();
    Duration limit = target.deadlines().connect();
    NetClient client =
        vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) limit.toMillis()));
    return Deadline.within(
            limit.plusMillis(500), "knocking", client.connect(url.port(), url.host()))
        .transform(connected -> {
          if (connected.failed()) {
            probes.add(silent(connected.cause()));
            return closed(client, false);
          }
          answered(connected.result(), Duration.ofNanos(System.nanoTime() - start));
          return closed(client, true);
        });
  }

  private static Future<Boolean> closed(NetClient client, boolean result) {
    return client.close().otherwiseEmpty().map(result);
  }

  private void answered(NetSocket socket, Duration took) {
    String address = socket.remoteAddress().hostAddress();
    local =
        address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
    probes.add(
        Probe.ok("dns", url.host().equals(address) ? address : url.host() + " is " + address));
    probes.add(Probe.ok("tcp", "port " + url.port() + " answers in " + DurationText.words(took)));
  }

  private Probe silent(Throwable error) {
    return error instanceof UnknownHostException
        ? Probe.failed(
            "dns",
            "nobody knows the host " + ForeignText.quoted(url.host()),
            "nothing else was looked at",
            "correct the host in the URL, or make it known to this machine")
        : Probe.failed(
            "tcp",
            reason(error),
            "nothing else was looked at",
            "start the server there, let it listen (listen_addresses), or open the way to it");
  }

  private Future<Void> enter(Rounds rounds) {
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-doctor",
            target.deadlines().connect(),
            target.deadlines().check(),
            LOCK_TIMEOUT,
            true);
    return open(settings, rounds)
        .transform(opened -> {
          if (opened.failed()) {
            probes.add(Refusal.of(url, part, opened.cause()));
            return Future.succeededFuture();
          }
          Session session = opened.result();
          return Deadline.within(
                  target.deadlines().check(),
                  "the examination",
                  around(session.connection(), rounds),
                  session.connection()::cancelRequest)
              .eventually(session::close);
        });
  }

  // As a check does: without settings of its own where a pooler answers in the server's place.
  private Future<Session> open(Session.Settings settings, Rounds rounds) {
    Future<Session> opened = Session.open(vertx, url, settings);
    return rounds.takesAPooler()
        ? opened
            .compose(this::orRefuse)
            .recover(error ->
                error instanceof WrongServer
                        || (error instanceof Unreachable refused && refused.isOfAPooler())
                    ? Session.openPooled(vertx, url, settings)
                    : Future.failedFuture(error))
        : opened;
  }

  private Future<Session> orRefuse(Session session) {
    PgConnection connection = session.connection();
    return Deadline.within(
            target.deadlines().check(),
            "asking who answers",
            connection.query("SELECT pg_catalog.pg_backend_pid() AS pid").execute(),
            connection::cancelRequest)
        .map(rows -> rows.iterator().next().getInteger("pid") == connection.processId())
        .transform(asked ->
            asked.succeeded() && asked.result()
                ? Future.succeededFuture(session)
                : session
                    .close()
                    .compose(closed ->
                        Future.failedFuture(asked.failed() ? asked.cause() : WrongServer.proxy())));
  }

  private Future<Void> around(PgConnection session, Rounds rounds) {
    return one(session, new Look("server", new ServerRounds(url, part, local, rounds)::look))
        .compose(seen -> mayLook() ? all(session, rounds.looks()) : Future.succeededFuture());
  }

  // Behind a pooler each statement may run on another session, where ours was never prepared.
  private boolean mayLook() {
    return probes.stream()
        .noneMatch(probe -> probe.name().equals("direct") && probe.state() == Probe.State.MISSING);
  }

  private Future<Void> all(PgConnection session, List<Look> looks) {
    Future<Void> done = Future.succeededFuture();
    for (Look look : looks) {
      done = done.compose(before -> one(session, look));
    }
    return done;
  }

  // A query that the server refuses is a finding about that query; a lost session ends the visit.
  private Future<Void> one(PgConnection session, Look look) {
    return look.with()
        .apply(session)
        .map(probes::addAll)
        .recover(error -> {
          if (!(error instanceof io.vertx.pgclient.PgException)) {
            return Future.failedFuture(error);
          }
          probes.add(
              Probe.missing(
                  look.name(),
                  "the server refused the look: " + reason(error),
                  "what a check does with it fails too"));
          return Future.succeededFuture(true);
        })
        .mapEmpty();
  }
}
