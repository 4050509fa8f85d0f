package dev.pgmedic.doctor;

import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what pgmedic rests on, each thing by itself, so that one that is missing hides no other.
 * Reads only; on a target it opens one session for each role.
 */
public final class Doctor {

  private final Vertx vertx;

  /** A doctor. */
  public Doctor(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Examines a target with the role of its monitor, and with that of its recoveries where it has
   * one.
   *
   * <p>Completes with what was found, also when nothing answers: each session is bounded by the
   * target's connect and check deadlines. Never fails.
   */
  public Future<List<Examination>> examine(Target target) {
    List<Examination> examined = new ArrayList<>();
    return new Visit(vertx, target, Part.MONITOR, target.url())
        .run(new MonitorRounds(vertx, target))
        .compose(monitor -> {
          examined.add(monitor);
          return target
              .recovery()
              .map(recovery ->
                  new Visit(vertx, target, Part.RECOVERY, recovery.url())
                      .run(new RecoveryRounds(vertx, target)))
              .orElseGet(() -> Future.succeededFuture(observeOnly()));
        })
        .map(recovery -> {
          examined.add(recovery);
          return examined;
        });
  }

  private static Examination observeOnly() {
    return new Examination(
        Part.RECOVERY,
        Optional.empty(),
        List.of(
            Probe.ok(
                "observe-only",
                "plans are shown and cannot be approved; recovery: {url: ...} allows it")));
  }

  /** Examines the files and commands that a target's configuration names. Blocking. */
  public static Examination files(Target target, String searchPath) {
    return new FileRounds(target, searchPath).look();
  }

  /** Examines an external store, as {@link #examine} does. */
  public Future<Examination> store(PostgresUrl url) {
    Target target = Target.of("store", url);
    return new Visit(vertx, target, Part.STORE, url).run(new StoreRounds());
  }

  /** Examines the folder of an embedded store. Blocking. */
  public static Examination store(Path directory) {
    return FileRounds.store(directory);
  }
}
