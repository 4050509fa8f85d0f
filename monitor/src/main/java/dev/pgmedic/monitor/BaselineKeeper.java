package dev.pgmedic.monitor;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.check.Acceptance;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Expected;
import dev.pgmedic.check.Glance;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.MigrationTexts;
import dev.pgmedic.history.Removals;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Confirmations;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a baseline of a version that was not seen before, once two checks apart agree and while no
 * migration is at work.
 */
final class BaselineKeeper {

  private final Vertx vertx;
  private final DatabaseCheck check;
  private final Baselines baselines;
  private final Confirmations confirmations;
  private final Target target;
  private Optional<Candidate> candidate = Optional.empty();
  private boolean lacking;

  BaselineKeeper(Vertx vertx, DatabaseCheck check, Store store, Target target) {
    this.vertx = vertx;
    this.check = check;
    this.baselines = new Baselines(store);
    this.confirmations = new Confirmations(store);
    this.target = target;
  }

  // The schema by its hash: it may be large, and thousands of targets wait.
  private record Candidate(Optional<String> version, String stamp) {
    static Optional<Candidate> of(Glance seen) {
      return seen.stamp().map(stamp -> new Candidate(seen.history().version(), stamp));
    }
  }

  /**
   * Completes when a baseline was taken or none is due; fails when the target or the store does.
   */
  Future<Void> keep(Diagnosis diagnosis) {
    Optional<Candidate> before = candidate;
    candidate =
        diagnosis
            .glance()
            .filter(seen -> !seen.migrationAtWork() && isKnown(seen.history()))
            .flatMap(Candidate::of)
            .filter(seen -> lacks(diagnosis));
    return candidate.isPresent() && candidate.equals(before)
        ? take(candidate.get())
        : renew(diagnosis);
  }

  // A glance does not ask for known-good: what the last look at the whole schema was told holds
  // until the next one, whatever came between.
  private boolean lacks(Diagnosis diagnosis) {
    if (diagnosis.observation().isPresent()) {
      lacking = diagnosis.knownGood().isEmpty();
    }
    return lacking;
  }

  // What a failed migration left behind is no version's schema.
  private static boolean isKnown(HistoryState history) {
    return history.unreadable().isEmpty() && history.settled();
  }

  // Known-good that a person changed while other faults were open still lacks the script of it.
  private Future<Void> renew(Diagnosis diagnosis) {
    Optional<Observation> seen =
        diagnosis.observation().filter(observed -> !observed.migrationAtWork());
    Optional<KnownGood> good = diagnosis.knownGood();
    if (seen.isEmpty() || good.isEmpty() || !Acceptance.agrees(seen.get(), good.get())) {
      return Future.succeededFuture();
    }
    return confirmations
        .wantsScript(target.name(), good.get().version())
        .compose(wanted -> wanted ? renew(seen.get(), good.get()) : Future.succeededFuture());
  }

  private Future<Void> renew(Observation seen, KnownGood good) {
    return vertx
        .executeBlocking(
            () -> SchemaDefinition.script(target.url(), target.deadlines().check()), false)
        .compose(script ->
            check
                .observe(target)
                .compose(again ->
                    again.catalog().equals(seen.catalog())
                        ? confirmations.renew(target.name(), good.version(), script)
                        : Future.succeededFuture()));
  }

  private Future<Void> take(Candidate seen) {
    return vertx
        .executeBlocking(
            () -> SchemaDefinition.script(target.url(), target.deadlines().check()), false)
        .compose(script ->
            check
                .run(target, KnownGoodLookup.NONE)
                .map(Diagnosis::observation)
                .compose(again ->
                    again.map(Observation::glance).flatMap(Candidate::of).equals(Optional.of(seen))
                        ? save(again.get(), script)
                        : Future.succeededFuture()));
  }

  private Future<Void> save(Observation seen, String script) {
    return baselines
        .find(target.name(), Optional.empty())
        .compose(
            before -> unexplained(seen, before).compose(lost -> save(seen, script, before, lost)));
  }

  private Future<Void> save(
      Observation seen, String script, Optional<KnownGood> before, List<String> unexplained) {
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(
            seen.history().version(),
            Expected.confirms(target.expect(), seen.catalog()),
            seen.catalog(),
            script,
            unexplained);
    return baselines.save(target.name(), baseline, before.flatMap(KnownGood::version)).mapEmpty();
  }

  private Future<List<String>> unexplained(Observation seen, Optional<KnownGood> before) {
    List<CatalogObject> lost =
        before.map(good -> Loss.between(good.catalog(), seen.catalog())).orElse(List.of()).stream()
            .map(Loss::root)
            .toList();
    Optional<Path> directory = target.migrations().directory();
    if (lost.isEmpty() || directory.isEmpty()) {
      return Future.succeededFuture(lost.stream().map(CatalogObject::title).toList());
    }
    return vertx
        .executeBlocking(() -> Removals.in(texts(seen.history(), before, directory.get())), false)
        .map(removals ->
            lost.stream()
                .filter(object -> !removals.explain(object))
                .map(CatalogObject::title)
                .toList());
  }

  // What came since, where the records tell; else all that is applied.
  private static MigrationTexts texts(
      HistoryState history, Optional<KnownGood> before, Path directory) throws IOException {
    Optional<MigrationTool> tool = history.tool().flatMap(MigrationTools::find);
    if (tool.isEmpty() || history.disk().isEmpty()) {
      return MigrationTexts.under(directory);
    }
    List<String> recorded = history.versions();
    int last = before.flatMap(KnownGood::version).map(recorded::indexOf).orElse(-1);
    List<String> applied = new ArrayList<>(history.disk().get().known());
    applied.removeAll(history.disk().get().pending());
    return MigrationTexts.of(
        tool.get(), directory, last < 0 ? applied : recorded.subList(last + 1, recorded.size()));
  }
}
