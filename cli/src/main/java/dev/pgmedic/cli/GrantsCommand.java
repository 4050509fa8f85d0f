package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.grants.Duty;
import dev.pgmedic.grants.GrantScript;
import dev.pgmedic.grants.RightsReader;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the SQL that gives pgmedic's roles what they need. Changes nothing itself. */
@Command(
    name = "grants",
    description =
        "Prints the SQL that gives the monitor's or the worker's role what it needs, and why.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The script is for psql, may be run again, and holds no password.",
      "Ends with 0; 2 usage or config; 3 when nobody got into the database: the script",
      "then names its gaps.",
      "Example: pgmedic grants --role monitor --url postgresql://postgres@db/shop"
    })
final class GrantsCommand implements Callable<Integer> {

  /** PostgreSQL cuts longer names. */
  private static final int LONGEST_NAME = 63;

  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

  @Mixin private final Source source = new Source();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Which target of the file; not needed when there is one.")
  private @Nullable String target;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "DUTY",
      description = "monitor, which only looks, or worker, which executes approved plans.")
  private @Nullable Duty duty;

  @Option(
      names = "--name",
      paramLabel = "ROLE",
      description =
          "What the role is called; else who the file's url or recovery.url logs in as; with --url"
              + " pgmedic_monitor or pgmedic_recovery.")
  private @Nullable String name;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Target wanted = TargetOption.choose(source.read(), target);
    Duty role = Objects.requireNonNull(duty);
    String called = valid(Optional.ofNullable(name).orElseGet(() -> nameIn(wanted, role)));
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      String script = script(vertx, wanted, role, called).await();
      print(script);
      return 0;
    } catch (Unreachable unreachable) {
      print(
          GrantScript.unseen(
              role, called, wanted.url().database(), String.valueOf(unreachable.getMessage())));
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println(
          "pgmedic: the script has gaps, which --url of somebody who may connect closes: "
              + unreachable.getMessage());
      err.flush();
      return Pgmedic.UNREACHABLE;
    } finally {
      closing.close();
    }
  }

  // A name outside of ASCII must come out as it is, whatever the terminal's encoding.
  private static void print(String script) {
    System.out.writeBytes(script.getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  private String nameIn(Target wanted, Duty role) {
    return switch (role) {
      case MONITOR -> source.isFile() ? wanted.url().user() : "pgmedic_monitor";
      case WORKER ->
          wanted.recovery().map(Recovery::url).map(PostgresUrl::user).orElse("pgmedic_recovery");
    };
  }

  private static String valid(String name) {
    boolean reserved = name.startsWith("pg_") || name.equals("public") || name.equals("none");
    if (name.isEmpty()
        || reserved
        || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
        || name.indexOf('\0') >= 0) {
      throw new ConfigException(
          "--name",
          "expected a role name of 1 to 63 bytes that is none of PostgreSQL's own (pg_..., public,"
              + " none), found \""
              + name
              + "\"");
    }
    return name;
  }

  // The role itself may not be there yet, so whoever gets in looks.
  private static Future<String> script(Vertx vertx, Target wanted, Duty role, String name) {
    List<PostgresUrl> urls =
        Stream.concat(wanted.recovery().map(Recovery::url).stream(), Stream.of(wanted.url()))
            .distinct()
            .toList();
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-grants",
            wanted.deadlines().connect(),
            wanted.deadlines().check(),
            LOCK_TIMEOUT,
            true);
    return open(vertx, urls, settings)
        .compose(session ->
            Deadline.within(
                    wanted.deadlines().check(),
                    "looking at the rights",
                    RightsReader.read(vertx, session.connection(), name, wanted.migrations()),
                    session.connection()::cancelRequest)
                .map(rights -> GrantScript.of(role, rights))
                .recover(error -> Future.failedFuture(Unreachable.querying(wanted.url(), error)))
                .eventually(session::close));
  }

  private static Future<Session> open(
      Vertx vertx, List<PostgresUrl> urls, Session.Settings settings) {
    Future<Session> first = Session.open(vertx, urls.get(0), settings);
    return urls.size() == 1
        ? first
        : first.recover(error -> open(vertx, urls.subList(1, urls.size()), settings));
  }
}
