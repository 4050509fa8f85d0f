package dev.pgmedic.monitor;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Expected;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.MigrationFiles;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
  private final Target target;
  private Optional<Candidate> candidate = Optional.empty();

  BaselineKeeper(Vertx vertx, DatabaseCheck check, Baselines baselines, Target target) {
    this.vertx = vertx;
    this.check = check;
    this.baselines = baselines;
    this.target = target;
  }

  private record Candidate(Optional<String> version, Catalog catalog) {
    static Candidate of(Observation seen) {
      return new Candidate(seen.history().version(), seen.catalog());
    }
  }

  /**
   * Completes when a baseline was taken or none is due; fails when the target or the store does.
   */
  Future<Void> keep(Diagnosis diagnosis) {
    Optional<Candidate> before = candidate;
    candidate =
        diagnosis
            .observation()
            .filter(seen -> !seen.migrationAtWork() && isKnown(seen.history()))
            .map(Candidate::of)
            .filter(seen -> diagnosis.knownGood().isEmpty());
    return candidate.isPresent() && candidate.equals(before)
        ? take(candidate.get())
        : Future.succeededFuture();
  }

  // What a failed migration left behind is no version's schema.
  private static boolean isKnown(HistoryState history) {
    return history.unreadable().isEmpty() && history.settled();
  }

  private Future<Void> take(Candidate seen) {
    return vertx
        .executeBlocking(
            () -> SchemaDefinition.script(target.url(), target.deadlines().check()), false)
        .compose(script ->
            check
                .run(target, KnownGoodLookup.NONE)
                .map(again -> again.observation().map(Candidate::of))
                .compose(again ->
                    again.equals(Optional.of(seen))
                        ? save(seen, script)
                        : Future.succeededFuture()));
  }

  private Future<Void> save(Candidate seen, String script) {
    return baselines
        .find(target.name(), Optional.empty())
        .compose(
            before -> unexplained(seen, before).compose(lost -> save(seen, script, before, lost)));
  }

  private Future<Void> save(
      Candidate seen, String script, Optional<KnownGood> before, List<String> unexplained) {
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(
            seen.version(),
            Expected.confirms(target.expect(), seen.catalog()),
            seen.catalog(),
            script,
            unexplained);
    return baselines.save(target.name(), baseline, before.flatMap(KnownGood::version)).mapEmpty();
  }

  private Future<List<String>> unexplained(Candidate seen, Optional<KnownGood> before) {
    List<CatalogObject> lost =
        before.map(good -> Loss.between(good.catalog(), seen.catalog())).orElse(List.of()).stream()
            .map(Loss::root)
            .toList();
    List<String> names = lost.stream().map(CatalogObject::identity).toList();
    return vertx
        .executeBlocking(
            () -> MigrationFiles.notDropped(target.migrations().directory(), names), false)
        .map(kept ->
            lost.stream()
                .filter(object -> kept.contains(object.identity()))
                .map(CatalogObject::title)
                .toList());
  }
}
