package dev.pgmedic.testing;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at test databases as the monitor does, and keeps what it saw as known-good. */
public final class Checks {

  /** The pause after which a silent holder of our lock counts as orphaned in tests. */
  public static final Duration LOCK_PAUSE = Duration.ofSeconds(15);

  private final Vertx vertx;

  /** Checks that run on this Vert.x. */
  public Checks(Vertx vertx) {
    this.vertx = vertx;
  }

  /** One check of a target, held against what the lookup finds. */
  public Diagnosis run(Target target, KnownGoodLookup knownGood) {
    return new DatabaseCheck(vertx, Clock.systemUTC(), LOCK_PAUSE).run(target, knownGood).await();
  }

  /** One check of a database of which nothing is known. */
  public Diagnosis run(PostgresUrl url) {
    return run(Target.of("test", url), KnownGoodLookup.NONE);
  }

  /** One check of a database, held against what it was. */
  public Diagnosis run(PostgresUrl url, KnownGood knownGood) {
    return run(Target.of("test", url), version -> Future.succeededFuture(Optional.of(knownGood)));
  }

  /** What a check finds, as {@code code subject}. */
  public List<String> findings(PostgresUrl url, KnownGood knownGood) {
    return run(url, knownGood).findings().stream().map(Checks::text).toList();
  }

  /** A finding as {@code code subject}. */
  public static String text(Finding finding) {
    return finding.code() + " " + finding.subject();
  }

  /** The database as it is now, as known-good. */
  public KnownGood knownGood(PostgresUrl url) {
    Observation seen = run(url).observation().orElseThrow();
    try {
      return new KnownGood(
          KnownGood.Source.BASELINE,
          false,
          seen.history().version(),
          Instant.EPOCH,
          seen.catalog(),
          SchemaDefinition.script(url, Duration.ofSeconds(30)),
          seen.rows(),
          Set.of(),
          List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
