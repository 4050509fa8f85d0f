package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.quarantine.QuarantineSchema;
import dev.pgmedic.quarantine.Quarantines;
import dev.pgmedic.store.Audit;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Destroys what lies in one schema of the quarantine, once a person said so. */
@Command(
    name = "empty",
    description = "Destroys what lies in one schema of the quarantine, and the schema.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "It says what it destroys and asks for the schema's name; without a terminal it",
      "needs --yes. It is refused while anything outside rests on it, and runs under",
      "the migration lock.",
      "The store that the file names keeps who did it, or nothing is destroyed.",
      "Ends with 0 when it is gone; 1 refused; 2 usage or config; 3 unreachable;",
      "75 the lock was not to be had in time.",
      "Example: pgmedic quarantine empty pgmedic_q_4a395985 -c pgmedic.yaml"
    })
final class QuarantineEmptyCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Which target of the file; not needed when there is one.")
  private @Nullable String target;

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  @Parameters(paramLabel = "SCHEMA", description = "Its name, pgmedic_q_...")
  private @Nullable String schema;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Config config = source.read();
    Target wanted = TargetOption.choose(config, target);
    PostgresUrl url = url(wanted);
    String name = Objects.requireNonNull(schema);
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      Optional<Audit> audit = audit(vertx, config, closing);
      Quarantines quarantines = new Quarantines(vertx);
      QuarantineSchema shown =
          quarantines.list(wanted.withUrl(url)).await().stream()
              .filter(held -> held.schema().equals(name))
              .findFirst()
              .orElseThrow(() -> new ConfigException("SCHEMA", "there is no such quarantine"));
      print("This destroys for good, in " + wanted.name() + ":", shown);
      if (!isMeant(name)) {
        return refuse();
      }
      Quarantines.Order order =
          new Quarantines.Order(name, Optional.of(shown.digest()), CommandUser.name());
      QuarantineSchema gone =
          quarantines.empty(wanted, url, order, () -> kept(audit, wanted, shown)).await();
      print("Gone:", gone);
      if (audit.isEmpty()) {
        note("no audit has this: no store.url is known here");
      }
      return 0;
    } finally {
      closing.close();
    }
  }

  private static Optional<Audit> audit(Vertx vertx, Config config, Closing closing) {
    return config
        .store()
        .url()
        .map(url -> {
          Store store = Store.open(vertx, url).await();
          closing.add(() -> store.close().await());
          return new Audit(store);
        });
  }

  private static Future<Void> kept(Optional<Audit> audit, Target wanted, QuarantineSchema shown) {
    Deed deed =
        new Deed(
            CommandUser.actor(),
            Deed.Action.EMPTY_QUARANTINE,
            wanted.name(),
            shown.schema(),
            shown.digest(),
            "");
    return audit.map(kept -> kept.witness(deed)).orElse(Future.succeededFuture());
  }

  // Who names a URL named the role whose rights count.
  private PostgresUrl url(Target wanted) {
    if (!source.isFile()) {
      return wanted.url();
    }
    return wanted
        .recovery()
        .map(Recovery::url)
        .orElseThrow(() ->
            new ConfigException(
                "--target", wanted.name() + " is observe-only: it has no recovery: in the file"));
  }

  private boolean isMeant(String name) {
    if (yes) {
      return true;
    }
    if (!PaperOption.isTerminal()) {
      throw new ConfigException("--yes", "expected it where no terminal can be asked");
    }
    String typed =
        Objects.requireNonNull(System.console()).readLine("Type the schema's name to go on: ");
    return name.equals(typed);
  }

  private int refuse() {
    note("that is not its name; nothing is gone");
    return Pgmedic.UNHEALTHY;
  }

  private void note(String line) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("pgmedic: " + line);
    err.flush();
  }

  private void print(String what, QuarantineSchema held) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(what);
    QuarantineText.objects(held, "  ").forEach(out::println);
    out.println("  schema " + held.schema());
    out.flush();
  }
}
