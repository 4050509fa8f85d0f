package dev.pgmedic.doctor;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogReader;
import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.grants.Duty;
import dev.pgmedic.history.Histories;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.LocalSettings;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a check needs. */
final class MonitorRounds implements Rounds {

  private static final String NO_VERSION = "the version is not seen; the schema alone is compared";

  private final Vertx vertx;
  private final Target target;

  MonitorRounds(Vertx vertx, Target target) {
    this.vertx = vertx;
    this.target = target;
  }

  @Override
  public List<Look> looks() {
    return List.of(
        new Look("rights", new RightsLook(vertx, target, Duty.MONITOR)::look),
        new Look("catalog", this::catalog),
        Look.one("lock", session -> reading(session, () -> LockRounds.ours(session, target))));
  }

  // A check sets what it needs in each transaction where nothing else would hold.
  @Override
  public boolean takesAPooler() {
    return true;
  }

  @Override
  public Probe pooled() {
    return Probe.warning(
        "direct",
        "a pooler is in between, through which checks work",
        "each check takes one of the pooler's sessions; guard and recoveries refuse to run there",
        Refusal.urlLine(Part.MONITOR) + "   # the server itself, not the pooler");
  }

  @Override
  public Probe standby() {
    return Probe.warning(
        "primary",
        "it is a standby",
        "locks and sessions of the primary are not seen, its schema only late",
        Refusal.urlLine(Part.MONITOR) + "   # the primary");
  }

  private Future<List<Probe>> catalog(PgConnection session) {
    long start = System.nanoTime();
    return reading(session, () -> CatalogReader.objects(session))
        .compose(catalog -> {
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          return new Histories(catalog, target.migrations())
              .read(vertx, session)
              .map(history -> catalog(catalog, took, history));
        });
  }

  private <T> Future<T> reading(PgConnection session, Supplier<Future<T>> work) {
    return LocalSettings.reading(session, Visit.LOCK_TIMEOUT, target.deadlines().check(), work);
  }

  private static List<Probe> catalog(Catalog catalog, Duration took, HistoryState history) {
    List<Probe> probes = new ArrayList<>();
    probes.add(
        Probe.ok(
            "catalog",
            catalog.objects().size() + " objects are read in " + DurationText.words(took)));
    probes.add(history(history));
    history
        .unreadableFiles()
        .ifPresent(why ->
            probes.add(
                Probe.missing(
                    "files",
                    sentence("the migration files cannot be read: " + why),
                    "pending migrations and versions that no file has are not seen",
                    "migrations: {directory: ...}   # the project of the tool")));
    return probes;
  }

  private static Probe history(HistoryState history) {
    String tool = history.tool().orElse("");
    if (tool.isEmpty()) {
      return Probe.warning(
          "history",
          sentence(history.unreadable().orElse("no migration tool's history is recognised")),
          NO_VERSION,
          "migrations: {tool: ..., table: ...}   # or run the first migration");
    }
    if (history.table().isEmpty()) {
      return Probe.warning(
          "history",
          "no history of " + tool + " is here",
          NO_VERSION,
          "run its first migration, or correct migrations.tool");
    }
    String table = version(history.table().get());
    if (history.busy()) {
      return Probe.ok("history", "a migration of " + tool + " is at work in " + table);
    }
    return history
        .unreadable()
        .map(why -> Probe.missing("history", sentence(why), NO_VERSION))
        .orElseGet(() ->
            Probe.ok(
                "history",
                tool
                    + " is at "
                    + version(history.version().orElse("base"))
                    + " in "
                    + table
                    + history.head().map(head -> ", the files at " + version(head)).orElse("")));
  }

  private static String sentence(String text) {
    return ForeignText.visible(text, 2 * ForeignText.NAME);
  }

  private static String version(String text) {
    return ForeignText.visible(text, ForeignText.NAME);
  }
}
