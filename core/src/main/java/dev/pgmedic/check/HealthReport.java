package dev.pgmedic.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.target.Target;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The health of one target, as it is served, stored and published. Its JSON names are a contract
 * with users.
 *
 * @param target the target's name
 * @param healthy no open issue of high or above that is not silenced, and not stale
 * @param stale whether the last check is older than three intervals, or there was none
 * @param migrationTool the tool whose records were found
 * @param migrationVersion the version that the database is at
 * @param migrationHead the newest version on disk
 * @param enumTypesValid whether no open issue is about an enum type's presence or labels
 * @param tablesPresent how many of the expected tables are there
 * @param tablesExpected how many tables {@code expect} names, or known-good has
 * @param advisoryLocksCount how many advisory locks are held
 * @param migrationAtWork who migrates the target right now, or keeps readers out of its history;
 *     meanwhile its schema is not judged; left out when nobody does
 * @param knownGood what the target is held against
 * @param issues one sentence an open issue, worst first
 * @param recommendations what to do about each, in the same order
 * @param issueDetails the same issues for programs
 * @param checkedAt when the last check began
 * @param durationMs how long it took, in milliseconds
 */
public record HealthReport(
    String target,
    boolean healthy,
    boolean stale,
    Optional<String> migrationTool,
    Optional<String> migrationVersion,
    Optional<String> migrationHead,
    boolean enumTypesValid,
    int tablesPresent,
    int tablesExpected,
    int advisoryLocksCount,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> migrationAtWork,
    @JsonProperty("known_good") Optional<Against> knownGood,
    List<String> issues,
    List<String> recommendations,
    List<Detail> issueDetails,
    Optional<Instant> checkedAt,
    long durationMs) {

  private static final Set<IssueCode> ENUM_CODES =
      Set.of(IssueCode.ENUM_MISSING, IssueCode.ENUM_VALUE_MISSING, IssueCode.ENUM_VALUE_UNEXPECTED);

  /**
   * What a target is held against.
   *
   * @param source where it comes from
   * @param confirmed whether anything but the target itself says that it is right
   * @param version the version that it belongs to
   * @param takenAt when it was taken
   */
  public record Against(
      String source, boolean confirmed, Optional<String> version, Instant takenAt) {

    static Against of(KnownGood good) {
      return new Against(
          good.source().toString(), good.confirmed(), good.version(), good.takenAt());
    }
  }

  /**
   * An open issue, for programs.
   *
   * @param id the issue
   * @param code its kind
   * @param subject what it is about
   * @param severity how bad it is
   * @param evidence what a person can check by hand
   * @param firstSeen when it opened
   * @param recoveryTask the open task that heals it
   * @param silencedUntil until when it does not count; left out when it counts
   */
  public record Detail(
      UUID id,
      IssueCode code,
      String subject,
      Severity severity,
      Map<String, Object> evidence,
      Instant firstSeen,
      Optional<UUID> recoveryTask,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> silencedUntil) {

    static Detail of(Issue issue) {
      return new Detail(
          issue.id(),
          issue.finding().code(),
          issue.finding().subject(),
          issue.finding().code().severity(),
          issue.finding().evidence(),
          issue.firstSeen(),
          issue.recoveryTask(),
          issue.silencedUntil());
    }
  }

  /**
   * What a check saw of a target that is no issue: the part of the report that is stored with the
   * check.
   *
   * @param migrationTool the tool whose records were found
   * @param migrationVersion the version that the database is at
   * @param migrationHead the newest version on disk
   * @param tablesPresent how many of the expected tables are there
   * @param tablesExpected how many are expected
   * @param advisoryLocksCount how many advisory locks are held
   * @param migrationAtWork who migrates the target right now
   * @param knownGood what the target is held against
   * @param durationMs how long the check took, in milliseconds
   * @param staleAfterMs how old the report may become, in milliseconds
   */
  public record Facts(
      Optional<String> migrationTool,
      Optional<String> migrationVersion,
      Optional<String> migrationHead,
      int tablesPresent,
      int tablesExpected,
      int advisoryLocksCount,
      Optional<String> migrationAtWork,
      Optional<Against> knownGood,
      long durationMs,
      long staleAfterMs) {

    /** Nothing was ever seen. */
    public static final Facts NONE =
        new Facts(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            0,
            0);

    /** The facts of one check; what could not be seen keeps its value from {@code before}. */
    public static Facts of(Target target, Diagnosis diagnosis, Facts before) {
      long millis = diagnosis.duration().toMillis();
      long stale = target.staleAfter().toMillis();
      return diagnosis
          .seen()
          .map(seen ->
              switch (seen) {
                case Observation all -> seen(target, diagnosis, all, millis, stale);
                case Glance glance -> before.with(glance, millis, stale);
              })
          .orElseGet(() -> before.with(millis, stale));
    }

    /** What of it a glance sees, for a report that keeps the rest. */
    public Map<String, Object> glanced() {
      return Map.of(
          "advisory_locks_count", advisoryLocksCount,
          "migration_at_work", migrationAtWork,
          "duration_ms", durationMs,
          "stale_after_ms", staleAfterMs);
    }

    private Facts with(Glance glance, long millis, long stale) {
      return new Facts(
          glance.history().tool(),
          glance.history().version(),
          glance.history().head(),
          tablesPresent,
          tablesExpected,
          glance.locks().size(),
          glance.sight().atWork(),
          knownGood,
          millis,
          stale);
    }

    private Facts with(long millis, long stale) {
      return new Facts(
          migrationTool,
          migrationVersion,
          migrationHead,
          tablesPresent,
          tablesExpected,
          advisoryLocksCount,
          Optional.empty(),
          knownGood,
          millis,
          stale);
    }

    private static Facts seen(
        Target target, Diagnosis diagnosis, Observation seen, long millis, long stale) {
      List<String> expected =
          target.expect().tables().isEmpty()
              ? diagnosis.knownGood().stream()
                  .flatMap(good -> good.catalog().all(Kind.TABLE))
                  .map(table -> table.identity())
                  .toList()
              : List.copyOf(target.expect().tables());
      return new Facts(
          seen.history().tool(),
          seen.history().version(),
          seen.history().head(),
          (int) expected.stream().filter(name -> seen.catalog().has(Kind.TABLE, name)).count(),
          expected.size(),
          seen.locks().size(),
          seen.glance().sight().atWork(),
          diagnosis.knownGood().map(Against::of),
          millis,
          stale);
    }
  }

  /** Puts a report together. {@code open} holds the open issues of the target, in any order. */
  public static HealthReport of(
      String target, Facts facts, List<Issue> open, Optional<Instant> checkedAt, Instant now) {
    List<Issue> worstFirst =
        open.stream()
            .sorted(
                Comparator.comparing((Issue issue) -> issue.finding().code().severity())
                    .reversed()
                    .thenComparing(Issue::firstSeen)
                    .thenComparing(issue -> issue.finding().subject()))
            .toList();
    boolean stale =
        checkedAt.map(at -> at.plusMillis(facts.staleAfterMs()).isBefore(now)).orElse(true);
    boolean bad =
        open.stream()
            .filter(issue -> !issue.silenced(now))
            .anyMatch(issue -> issue.finding().code().severity().atLeast(Severity.HIGH));
    return new HealthReport(
        target,
        !bad && !stale,
        stale,
        facts.migrationTool(),
        facts.migrationVersion(),
        facts.migrationHead(),
        open.stream().noneMatch(issue -> ENUM_CODES.contains(issue.finding().code())),
        facts.tablesPresent(),
        facts.tablesExpected(),
        facts.advisoryLocksCount(),
        facts.migrationAtWork(),
        facts.knownGood(),
        worstFirst.stream().map(i -> i.finding().code() + ": " + i.finding().message()).toList(),
        worstFirst.stream().map(issue -> issue.finding().recommendation()).toList(),
        worstFirst.stream().map(Detail::of).toList(),
        checkedAt,
        facts.durationMs());
  }
}
