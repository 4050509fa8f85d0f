package dev.pgmedic.cli;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.embedded.EmbeddedServer;
import dev.pgmedic.event.EventType;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Breaks a HomeLab database as the guide tells it, and heals it on approval. */
@Command(
    name = "demo",
    description = "A broken HomeLab database in an embedded PostgreSQL, monitored and healed.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: pgmedic demo --approve"})
final class DemoCommand implements Callable<Integer> {

  private static final Duration CHECK_EVERY = Duration.ofMillis(500);
  private static final Duration LOCK_PAUSE = Duration.ofSeconds(2);
  private static final long LIMIT_SECONDS = 60;

  @Option(
      names = "--approve",
      description = "Approves the plan by itself, and ends with 0 once the database is healthy.")
  private boolean approve;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the API listens; default 127.0.0.1:5000, with --approve any free port.")
  private @Nullable String listen;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Closing closing = new Closing();
    Runtime.getRuntime().addShutdownHook(new Thread(closing::close, "pgmedic-stop"));
    try {
      return demonstrate(closing);
    } finally {
      closing.close();
    }
  }

  private int demonstrate(Closing closing) throws IOException, InterruptedException {
    PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
    DemoStory story = new DemoStory(out);
    story.begin(CHECK_EVERY, LOCK_PAUSE);
    EmbeddedServer server = closing.add(EmbeddedServer.temporary());
    Vertx vertx = closing.add(Vertx.vertx());
    HomeLab lab = HomeLab.create(vertx, server).await();
    closing.add(lab::clean);
    Target target = lab.target(CHECK_EVERY);
    DemoEvents events = new DemoEvents(vertx);
    Token token = new Token("demo", Role.ADMIN, UUID.randomUUID().toString());

    Node node = node(vertx, server, target, token);
    closing.add(node);
    events.next(EventType.BASELINE_TAKEN, event -> true, LIMIT_SECONDS).await();
    story.healthy(server.toString());

    var silent = lab.holdLockWithoutHeart().await();
    lab.breakSchema().await();
    story.broken();
    RecoveryTask task = proposal(node, events);
    story.found(task, node.store(), "http://" + http().host() + ":" + node.port(), token.secret());
    var healed = events.next(EventType.TASK_SUCCEEDED, ended(task), TimeUnit.DAYS.toSeconds(1));
    events.each(event -> story.step(task, event));
    if (approve) {
      Approver.approve(vertx, node.port(), token.secret(), task).await();
    } else {
      story.waiting();
    }
    healed.await();
    story.healed(task, node.store());
    silent.close().await();
    if (!approve) {
      story.stays();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private static java.util.function.Predicate<JsonObject> ended(RecoveryTask task) {
    return event -> event.getString("subject").equals(task.id().toString());
  }

  private Node node(Vertx vertx, EmbeddedServer server, Target target, Token token) {
    return Node.start(
            vertx,
            server.url("postgres"),
            new Node.Parts(
                Node.Role.ALL,
                Map.of(target.name(), target),
                new ApiOptions(http(), new Auth(Optional.empty(), List.of(token))),
                new Node.Patience(LOCK_PAUSE, Node.Patience.DEFAULT.lease())))
        .await();
  }

  private Http http() {
    if (listen != null) {
      return dev.pgmedic.config.ConfigReader.listen(listen);
    }
    return approve ? new Http("127.0.0.1", 0, java.util.Set.of()) : Http.DEFAULT;
  }

  // The faults are found one after the other; the plan that covers all three is the one to show.
  private static RecoveryTask proposal(Node node, DemoEvents events) {
    JsonObject proposed =
        events
            .next(
                EventType.TASK_PROPOSED,
                event -> event.getJsonObject("data").getJsonArray("issues").size() == 3,
                LIMIT_SECONDS)
            .await();
    UUID id = UUID.fromString(proposed.getString("subject"));
    return new Tasks(node.store()).find(id).await().orElseThrow();
  }
}
