package dev.pgmedic.check;

import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.Entry;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges what the migration tool's records say. What the files say too: {@link FileRules}. */
final class HistoryRules {

  private final HistoryState history;
  private final boolean migrationAtWork;
  private final String subject;

  private HistoryRules(Glance seen) {
    history = seen.history();
    migrationAtWork = seen.migrationAtWork();
    subject = history.table().or(history::tool).orElse("");
  }

  static List<Finding> apply(Glance seen) {
    HistoryRules rules = new HistoryRules(seen);
    Optional<Finding> missing = rules.missing();
    if (missing.isPresent()) {
      return List.of(missing.get());
    }
    List<Finding> findings = new ArrayList<>();
    rules.history.records().stream().flatMap(rules::broken).forEach(findings::add);
    boolean broken = !findings.isEmpty();
    rules.unreadableFiles().ifPresent(findings::add);
    rules.history.disk().ifPresent(disk -> findings.addAll(rules.files(disk, broken)));
    rules.begun().ifPresent(findings::add);
    return findings;
  }

  private Optional<Finding> missing() {
    if (history.tool().isPresent() && history.table().isEmpty()) {
      return Optional.of(
          historyMissing(
              subject,
              "no history of " + subject + " is in this database" + others(),
              "Run the tool's first migration, or correct migrations.tool",
              Map.of("here", here())));
    }
    return history
        .unreadable()
        .map(why -> history.tool().isEmpty() ? undecided(why) : unreadable(why));
  }

  private Finding undecided(String why) {
    return historyMissing(
        "migrations.tool",
        "which migration history is the target's is not known: " + why,
        "Name the tool in migrations.tool, and its table in migrations.table where it has several",
        Map.of("here", here()));
  }

  private Finding unreadable(String why) {
    return historyMissing(
        subject,
        "the migration version is unreadable: " + why,
        "Give pgmedic what it needs to read it",
        Map.of("reason", why));
  }

  private List<String> here() {
    return Shown.bounded(history.here().stream().map(HistoryState.Place::toString).toList());
  }

  private String others() {
    return history.here().isEmpty() ? "" : "; there is " + Shown.list(here());
  }

  private Optional<Finding> unreadableFiles() {
    return history
        .unreadableFiles()
        .map(why ->
            historyMissing(
                "migrations.directory",
                "the migration files cannot be read: " + why,
                "Correct migrations.directory, or give pgmedic the right to read it",
                Map.of("reason", why)));
  }

  private static Finding historyMissing(
      String subject, String message, String recommendation, Map<String, Object> evidence) {
    return new Finding(
        IssueCode.MIGRATION_HISTORY_MISSING, subject, message, recommendation, evidence);
  }

  private Stream<Finding> broken(RecordState record) {
    return switch (record) {
      case RecordState.Failed failed ->
          Stream.of(
              broken(
                  IssueCode.MIGRATION_FAILED,
                  failed,
                  "failed",
                  "Find out what of it took effect, then repair its record or run it again"));
      case RecordState.Unfinished begun ->
          migrationAtWork
              ? Stream.empty()
              : Stream.of(
                  broken(
                      IssueCode.MIGRATION_FAILED,
                      begun,
                      "began and did not end, and no migration is at work",
                      "Find out what of it took effect, then repair its record or run it again"));
      case RecordState.Partial partial ->
          Stream.of(
              broken(
                  IssueCode.MIGRATION_PARTIAL,
                  partial,
                  "took effect in part" + partial.progress().map(p -> ", " + p).orElse(""),
                  "Complete or undo by hand what it began, then settle its record"));
      case RecordState.Applied done -> Stream.empty();
      case RecordState.Undone undone -> Stream.empty();
      case RecordState.InProgress expanding -> Stream.empty();
    };
  }

  private Finding broken(IssueCode code, RecordState record, String what, String recommendation) {
    String version = Shown.text(record.entry().version());
    return new Finding(
        code,
        subject + " " + version,
        "migration " + version + " " + what,
        recommendation,
        evidence(record));
  }

  private Map<String, Object> evidence(RecordState record) {
    Entry entry = record.entry();
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("tool", history.tool().orElse(""));
    evidence.put("table", subject);
    evidence.put("version", Shown.text(entry.version()));
    entry.script().ifPresent(script -> evidence.put("script", Shown.text(script)));
    entry.at().ifPresent(at -> evidence.put("at", at));
    entry.checksum().ifPresent(checksum -> evidence.put("checksum", Shown.text(checksum)));
    entry.kind().ifPresent(kind -> evidence.put("kind", Shown.text(kind)));
    error(record).ifPresent(error -> evidence.put("error", Shown.text(error)));
    return evidence;
  }

  private static Optional<String> error(RecordState record) {
    return switch (record) {
      case RecordState.Failed failed -> failed.error();
      case RecordState.Partial partial -> partial.error();
      case RecordState.Applied done -> Optional.empty();
      case RecordState.Undone undone -> Optional.empty();
      case RecordState.Unfinished begun -> Optional.empty();
      case RecordState.InProgress expanding -> Optional.empty();
    };
  }

  // What waits behind a broken migration, or while one is at work, is no fault of its own.
  private List<Finding> files(DiskState disk, boolean broken) {
    boolean readable = !history.busy();
    return FileRules.apply(subject, history, disk, readable && !broken && !migrationAtWork);
  }

  /** A tool that keeps a migration open on purpose waits for a person. */
  private Optional<Finding> begun() {
    List<String> open =
        history.records().stream()
            .filter(RecordState.InProgress.class::isInstance)
            .map(record -> Shown.text(record.entry().version()))
            .toList();
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                IssueCode.MIGRATION_PENDING,
                subject,
                "migration " + Shown.list(open) + " has begun and is not completed",
                "Complete it, or roll it back, once every client uses one version",
                Map.of("in_progress", Shown.bounded(open))));
  }
}
