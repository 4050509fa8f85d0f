package dev.pgmedic.cli;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.lock.LockNotAvailable;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Step;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Heals a target without a server: looks, plans, asks, runs and verifies. */
@Command(
    name = "recover",
    description =
        "Looks at one database, shows the plan that heals it, asks, runs it and verifies. Destroys"
            + " no row.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A target of a file without recovery: is observe-only: what would run is shown.",
      "Where the store of the file does not answer, the task lives as long as the",
      "command.",
      "Ends with 0 when healed, or when nothing was to be healed; 1 when not;",
      "2 usage or config; 3 when the database did not answer; 75 when another",
      "migration was at work for longer than deadlines.lock_wait; 124 when a",
      "deadline passed; 130 after Ctrl-C, with where that leaves the database.",
      "Example: pgmedic recover --url postgresql://me@localhost/mydb --path migrations"
    })
final class RecoverCommand implements Callable<Integer> {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Mixin private final PlanOptions options = new PlanOptions();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--approve",
      paramLabel = "DIGEST",
      description = "Approves the plan of this digest, as pgmedic plan prints it, and no other.")
  private @Nullable String digest;

  @Option(names = "--yes", description = "Approves whatever plan there is, without asking.")
  private boolean yes;

  @Option(
      names = "--accept-data-loss",
      description = "Accepts that what was lost before stays lost; needed where the plan says so.")
  private boolean acceptDataLoss;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "Where the JSON lines go; default pgmedic-recover-TARGET-TIME.jsonl here.")
  private @Nullable Path logFile;

  @Spec private @Nullable CommandSpec spec;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() {
    if (yes && digest != null) {
      throw new ConfigException("--approve", "expected either --approve or --yes");
    }
    Config config = options.config();
    Target target = options.target(config);
    Closing closing = new Closing();
    Interruption interruption = Interruption.of(closing, this::note);
    Vertx vertx = closing.add(QuickVertx.start());
    ScratchServer scratch = new ScratchServer(vertx);
    closing.add(() -> scratch.close().await());
    try {
      KnownGoodSource known =
          KnownGoodSource.openIfThere(vertx, config, closing, this::note).await();
      Prescription found =
          new Prescriber(vertx, scratch, options.patience(), this::note)
              .planWhenFree(target, known.of(target), options::isRequested)
              .await();
      options.requireFound(found.diagnosis().findings());
      new PlanText(paper.paper()).of(found).forEach(this::say);
      if (found.plan().isEmpty()) {
        return withoutPlan(found);
      }
      Path path = logPath(target);
      try (RecoveryLog log = RecoveryLog.begin(path, clock, target.name())) {
        say("");
        say("The log is " + path);
        log.tell("planned", planned(found));
        Optional<String> refusal = refusal(target, found.plan().get());
        if (refusal.isPresent()) {
          note(refusal.get());
          log.tell("refused", new JsonObject().put("why", refusal.get()));
          return Pgmedic.UNHEALTHY;
        }
        Store store = store(vertx, config, known, scratch, closing);
        RecoveryRun run = new RecoveryRun(vertx, store, target, journal(log));
        interruption.leaves(() -> run.standing(known.isStored()));
        return run(run, found, log);
      }
    } finally {
      interruption.over();
    }
  }

  private Path logPath(Target target) {
    return Optional.ofNullable(logFile)
        .orElse(
            Path.of(
                "pgmedic-recover-"
                    + target.name()
                    + "-"
                    + STAMP.format(clock.instant())
                    + ".jsonl"));
  }

  private static JsonObject planned(Prescription made) {
    JsonArray issues = new JsonArray();
    made.diagnosis().findings().forEach(found -> issues.add(found.code() + " " + found.subject()));
    return new JsonObject()
        .put("issues", issues)
        .put("plan_digest", made.plan().map(RecoveryPlan::digest).orElse(null))
        .put("summary", made.plan().map(RecoveryPlan::summary).orElse(null));
  }

  private static int withoutPlan(Prescription found) {
    if (found.diagnosis().glance().isEmpty()) {
      return Pgmedic.UNREACHABLE;
    }
    if (found.atWork().isPresent()) {
      return Pgmedic.LOCKED;
    }
    return new Checked(found.target(), found.diagnosis()).healthy() ? 0 : Pgmedic.UNHEALTHY;
  }

  /** Why the plan is not run; empty when it is approved. */
  private Optional<String> refusal(Target target, RecoveryPlan plan) {
    if (target.recovery().isEmpty()) {
      return Optional.of(target.name() + " is observe-only: this is what would have been run");
    }
    Optional<String> forbidden = forbidden(target, plan);
    if (forbidden.isPresent()) {
      return forbidden;
    }
    if (digest != null && !digest.equals(plan.digest())) {
      return Optional.of("expected the digest of this plan, found " + digest + "; nothing was run");
    }
    if (!plan.dataLoss().isEmpty() && !acceptDataLoss && (yes || digest != null)) {
      return Optional.of(
          "the plan says what stays lost: expected --accept-data-loss; nothing was run");
    }
    return yes || digest != null || isAgreed(target, plan)
        ? Optional.empty()
        : Optional.of("not approved; nothing was run");
  }

  /** Why the target's policy does not let one person run the plan now; empty when it does. */
  private Optional<String> forbidden(Target target, RecoveryPlan plan) {
    int approvers = target.policy().approvers();
    if (approvers > 1) {
      return Optional.of(
          target.name()
              + " needs "
              + approvers
              + " approvals: expected them at the service; nothing was run");
    }
    return target
        .policy()
        .quietUntil(plan.codes(), clock.instant())
        .map(end -> target.name() + " has quiet hours until " + end + "; nothing was run");
  }

  private boolean isAgreed(Target target, RecoveryPlan plan) {
    if (!PaperOption.isTerminal()) {
      note("no terminal to ask on: expected --approve " + plan.digest() + ", or --yes");
      return false;
    }
    acceptDataLoss = acceptDataLoss || Question.isLossAccepted(plan.dataLoss());
    return (acceptDataLoss || plan.dataLoss().isEmpty())
        && Question.isAnswered("yes", "Run this plan on " + target.name() + "? Type yes: ");
  }

  private static Store store(
      Vertx vertx, Config config, KnownGoodSource known, ScratchServer scratch, Closing closing) {
    PostgresUrl url =
        known.isStored() ? config.store().url().orElseThrow() : scratch.open().await().url();
    Store store = Store.open(vertx, url).await();
    closing.add(() -> store.close().await());
    return store;
  }

  private BiConsumer<RecoveryTask, StepRun> journal(RecoveryLog log) {
    return (task, run) -> {
      Step step = task.plan().steps().get(run.index() - 1);
      if (!run.state().equals("running")) {
        say("  " + run.index() + ". " + step.title() + ": " + run.state());
      }
      log.tell(
          "step." + run.state(),
          new JsonObject()
              .put("step", run.index())
              .put("type", step.action().type().toString())
              .put("title", step.title())
              .put("output", run.output().orElse(null)));
    };
  }

  private int run(RecoveryRun run, Prescription found, RecoveryLog log) {
    RecoveryPlan plan = found.plan().orElseThrow();
    Decision decision =
        new Decision(
            CommandUser.name(), CommandUser.AUTHENTICATED_BY, plan.digest(), "", acceptDataLoss);
    RecoveryTask task = run.prepare(found).compose(known -> run.run(found, plan, decision)).await();
    HealthReport report = run.report().await();
    say("");
    List<String> steps = SevenSteps.of(task, report);
    steps.forEach(this::say);
    say("");
    int code = exitCode(task);
    String outcome = task.state().label() + task.outcome().map(why -> ": " + why).orElse("");
    log.tell(
        "ended",
        new JsonObject()
            .put("task", task.id().toString())
            .put("state", task.state().label())
            .put("outcome", task.outcome().orElse(null))
            .put("steps", new JsonArray(steps))
            .put("exit_code", code));
    if (code == 0) {
      say(outcome);
    } else {
      note(outcome);
    }
    return code;
  }

  // The store keeps why in words alone.
  private static int exitCode(RecoveryTask task) {
    if (task.state().label().equals("succeeded")) {
      return 0;
    }
    if (task.outcome().filter(DeadlinePassed::isTold).isPresent()) {
      return Pgmedic.TIMED_OUT;
    }
    return task.outcome().filter(LockNotAvailable::isTold).isPresent()
        ? Pgmedic.LOCKED
        : Pgmedic.UNHEALTHY;
  }

  private void say(String line) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private void note(String line) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("pgmedic: " + line);
    err.flush();
  }
}
