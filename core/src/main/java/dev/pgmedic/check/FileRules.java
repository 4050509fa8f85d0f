package dev.pgmedic.check;

import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the migration tool's records with the files on disk. */
final class FileRules {

  private final String subject;
  private final HistoryState history;
  private final DiskState disk;

  private FileRules(String subject, HistoryState history, DiskState disk) {
    this.subject = subject;
    this.history = history;
    this.disk = disk;
  }

  /**
   * What is wrong.
   *
   * @param judgePending whether what is pending waits for nothing but to be run
   */
  static List<Finding> apply(
      String subject, HistoryState history, DiskState disk, boolean judgePending) {
    FileRules rules = new FileRules(subject, history, disk);
    List<Finding> findings = new ArrayList<>();
    rules.conflicts().ifPresent(findings::add);
    rules.contradictions().ifPresent(findings::add);
    rules.changed().ifPresent(findings::add);
    // What lies beside the one line, or belongs to another version's files, cannot be run yet.
    boolean runnable =
        judgePending && disk.conflicts().isEmpty() && disk.contradictions().isEmpty();
    rules
        .unknown()
        .or(() -> runnable ? rules.pending() : Optional.empty())
        .ifPresent(findings::add);
    return findings;
  }

  private Optional<Finding> conflicts() {
    return disk.conflicts().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                IssueCode.MIGRATION_MULTIPLE_HEADS,
                subject,
                String.join(
                    "; ",
                    disk.conflicts().stream()
                        .limit(Shown.MOST)
                        .map(conflict -> conflict.what() + ": " + Shown.list(conflict.names()))
                        .toList()),
                "Merge them into one line",
                Map.of(
                    "conflicts",
                    disk.conflicts().stream()
                        .limit(Shown.MOST)
                        .map(conflict -> Shown.bounded(conflict.names()))
                        .toList(),
                    "heads",
                    Shown.bounded(disk.heads()))));
  }

  private Optional<Finding> contradictions() {
    return disk.contradictions().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                IssueCode.MIGRATION_PARTIAL,
                subject,
                "the records contradict the files: " + Shown.list(disk.contradictions()),
                "Find out which of them took effect, then correct the records",
                Map.of("contradictions", Shown.bounded(disk.contradictions()))));
  }

  private Optional<Finding> changed() {
    return disk.changed().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                IssueCode.MIGRATION_CHECKSUM,
                subject,
                "files differ from what was applied: "
                    + Shown.list(disk.changed().stream().map(DiskState.Changed::file).toList()),
                "Restore the files as they were applied, and put the change into a new migration",
                Map.of(
                    "changed",
                    disk.changed().stream().limit(Shown.MOST).map(FileRules::changed).toList())));
  }

  private static Map<String, Object> changed(DiskState.Changed changed) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("version", Shown.text(changed.version()));
    evidence.put("file", Shown.text(changed.file()));
    evidence.put("recorded", Shown.text(changed.recorded()));
    evidence.put("on_disk", changed.onDisk());
    return evidence;
  }

  private Optional<Finding> unknown() {
    return disk.unknown().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                IssueCode.MIGRATION_UNKNOWN_VERSION,
                subject,
                "the database has " + Shown.list(disk.unknown()) + ", which no file on disk names",
                "Deploy the files that it was migrated with, or correct migrations.directory",
                Map.of("unknown", Shown.bounded(disk.unknown()))));
  }

  private Optional<Finding> pending() {
    if (disk.pending().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("pending", Shown.bounded(disk.pending()));
    evidence.put("head", Shown.text(history.head().orElse("")));
    String passedOver = "";
    if (!disk.passedOver().isEmpty()) {
      evidence.put("passed_over", Shown.bounded(disk.passedOver()));
      passedOver =
          "; the tool passes over "
              + Shown.list(disk.passedOver())
              + ", since a newer one is applied";
    }
    return Optional.of(
        new Finding(
            IssueCode.MIGRATION_PENDING,
            subject,
            "the database is at "
                + Shown.text(history.version().orElse("base"))
                + "; not applied: "
                + Shown.list(disk.pending())
                + passedOver,
            disk.passedOver().size() == disk.pending().size()
                ? "Allow the tool to run them out of order, or give them new versions"
                : "Run the migrations",
            evidence));
  }
}
