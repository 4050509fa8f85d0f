package dev.pgmedic.check;

import dev.pgmedic.history.HistoryState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares the migration tool's records with the files on disk. */
final class HistoryRules {

  private HistoryRules() {}

  static List<Finding> apply(HistoryState history) {
    List<Finding> findings = new ArrayList<>();
    String subject = history.table().orElse(history.tool().orElse(""));
    if (history.tool().isPresent() && history.table().isEmpty()) {
      findings.add(
          new Finding(
              IssueCode.MIGRATION_HISTORY_MISSING,
              subject,
              "no history of " + subject + " is in this database",
              "Run the tool's first migration, or correct migrations.tool",
              Map.of()));
      return findings;
    }
    history
        .unreadable()
        .ifPresent(why ->
            findings.add(
                new Finding(
                    IssueCode.MIGRATION_HISTORY_MISSING,
                    subject,
                    "the migration version is unreadable: " + why,
                    "Give pgmedic what it needs to read it",
                    Map.of("reason", why))));
    if (history.heads().size() > 1) {
      findings.add(
          new Finding(
              IssueCode.MIGRATION_MULTIPLE_HEADS,
              subject,
              "the files on disk end in several heads: " + history.heads(),
              "Merge them into one",
              Map.of("heads", history.heads())));
    }
    onDisk(history, subject, findings);
    return findings;
  }

  private static void onDisk(HistoryState history, String subject, List<Finding> findings) {
    if (history.known().isEmpty() || history.busy()) {
      return;
    }
    List<String> unknown =
        history.versions().stream().filter(version -> !history.known().contains(version)).toList();
    if (!unknown.isEmpty()) {
      findings.add(
          new Finding(
              IssueCode.MIGRATION_UNKNOWN_VERSION,
              subject,
              "the database is at " + unknown + ", which no file on disk names",
              "Deploy the files that it was migrated with, or correct migrations.directory",
              Map.of("unknown", unknown)));
    } else if (!history.head().equals(history.version()) && history.heads().size() == 1) {
      findings.add(
          new Finding(
              IssueCode.MIGRATION_PENDING,
              subject,
              "the database is at "
                  + history.version().orElse("base")
                  + ", the files on disk at "
                  + history.heads().get(0),
              "Run the migrations",
              Map.of("head", history.heads().get(0))));
    }
  }
}
