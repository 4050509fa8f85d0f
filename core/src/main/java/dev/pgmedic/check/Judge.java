package dev.pgmedic.check;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Looker.Glanced;
import dev.pgmedic.check.Looker.Observed;
import dev.pgmedic.history.Histories;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what one check of a target saw into its diagnosis, and into what the next one needs. */
final class Judge {

  private final Target target;
  private final KnownGoodLookup knownGood;
  private final Clock clock;
  private final Instant start;

  /** A judge of a check that begins now. */
  Judge(Target target, KnownGoodLookup knownGood, Clock clock) {
    this.target = target;
    this.knownGood = knownGood;
    this.clock = clock;
    this.start = clock.instant().truncatedTo(ChronoUnit.MICROS); // as the store keeps it
  }

  /**
   * Whether the whole schema is to be looked at: when it changed, when it would be held against
   * another version, when there is another fault to heal, since a plan needs all of it, or when an
   * index that was being built is there or failed.
   */
  boolean callsForMore(Glanced glanced, LastLook before) {
    Glance seen = glanced.glance();
    boolean same =
        before.judged()
            && seen.stamp().isPresent()
            && seen.history().version().equals(before.version())
            && healable(told(seen)).equals(before.told())
            && glanced.builds().equals(before.builds());
    return !seen.migrationAtWork() && !same;
  }

  /** What a glance alone says. */
  Look glanced(Glance seen, LastLook memory) {
    return new Look(diagnosis(seen, Optional.empty(), told(seen)), false, Optional.of(memory));
  }

  /** What a glance says when the look at the schema failed. */
  Look glanced(Glance seen, LastLook memory, Unreachable error) {
    List<Finding> findings = new ArrayList<>(told(seen));
    findings.add(failed("the schema cannot be read, and is not judged", error));
    Glance unread = seen.withoutStamp();
    return new Look(
        diagnosis(unread, Optional.empty(), findings), error.isOverload(), Optional.of(memory));
  }

  /** What a look at everything says. Fails only as the lookup of known-good fails. */
  Future<Look> observed(Observed seen) {
    return knownGood
        .at(seen.observation().history().standing())
        .map(good -> new Look(whole(seen, good), false, Optional.of(memory(seen))));
  }

  private LastLook memory(Observed seen) {
    Glance glance = seen.observation().glance();
    return new LastLook(
        seen.arrival().identity(),
        seen.arrival().direct(),
        seen.arrival().changes(),
        glance.stamp().orElse(""),
        0,
        start,
        glance.stamp().isPresent() && !glance.migrationAtWork(),
        glance.history().version(),
        healable(told(glance)),
        Map.of(),
        seen.builds(),
        seen.places());
  }

  private Diagnosis whole(Observed observed, Optional<KnownGood> good) {
    Observation seen = observed.observation();
    List<Finding> findings = new ArrayList<>(told(seen.glance()));
    boolean historyTold = !HistoryRules.apply(seen.glance()).isEmpty();
    if (!seen.migrationAtWork()) {
      Set<String> told = historyTold ? histories(seen, good) : Set.of();
      CatalogRules.apply(seen, good, target.expect()).stream()
          .filter(finding -> !told.contains(finding.subject()))
          .forEach(findings::add);
    }
    Set<String> building =
        seen.catalog()
            .all(Kind.INDEX)
            .filter(observed.builds()::mayBuild)
            .map(CatalogObject::identity)
            .collect(Collectors.toSet());
    return diagnosis(seen, good, findings)
        .withholding(
            findings.stream()
                .filter(finding -> building.contains(finding.subject()))
                .map(Finding::key)
                .collect(Collectors.toSet()));
  }

  private List<Finding> told(Glance seen) {
    List<Finding> findings =
        new ArrayList<>(LockRules.apply(seen.sight(), target.deadlines().idle()));
    findings.addAll(SessionRules.apply(seen.sight()));
    findings.addAll(HistoryRules.apply(seen));
    return findings;
  }

  // Another session that holds the same lock is another fault to a plan.
  private Set<String> healable(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> target.policy().proposed().contains(finding.code()))
        .map(finding ->
            Stream.of("pid", "backend_start", "row_version")
                .map(name -> finding.evidence().getOrDefault(name, "").toString())
                .collect(Collectors.joining(" ", finding.key() + " ", "")))
        .collect(Collectors.toSet());
  }

  // A history that is gone, or one too many, is told as that and not as a table.
  private static Set<String> histories(Observation seen, Optional<KnownGood> knownGood) {
    Set<String> tables = new HashSet<>(Histories.tables(seen.catalog()));
    knownGood.map(KnownGood::catalog).map(Histories::tables).ifPresent(tables::addAll);
    return tables;
  }

  /** What it means that nothing was seen. */
  Look unseen(Unreachable error, Optional<LastLook> memory) {
    Diagnosis diagnosis =
        new Diagnosis(
            target.name(),
            start,
            duration(),
            Optional.empty(),
            Optional.empty(),
            List.of(failed("the database does not answer", error)),
            Set.of());
    return new Look(diagnosis, error.isOverload(), memory);
  }

  private Finding failed(String what, Unreachable cause) {
    return new Finding(
        cause.isLate() ? IssueCode.CONNECTION_SLOW : IssueCode.CONNECTION_UNREACHABLE,
        target.name(),
        what + ": it failed at " + cause.stage(),
        "Look at the server and at what is between it and pgmedic",
        Map.of("stage", cause.stage().toString(), "reason", cause.reason()));
  }

  private Diagnosis diagnosis(Seen seen, Optional<KnownGood> good, List<Finding> findings) {
    return new Diagnosis(
        target.name(), start, duration(), Optional.of(seen), good, findings, Set.of());
  }

  private Duration duration() {
    return Duration.between(start, clock.instant());
  }
}
