package dev.pgmedic.cli;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.HealthReport.Facts;
import dev.pgmedic.check.Observation;
import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.ForeignText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What checks found, for people: a row for each target, then a line for each issue and one for what
 * to do about it.
 */
final class CheckText {

  private static final List<String> HEAD =
      List.of("TARGET", "STATE", "VERSION", "HEAD", "TOOK", "ISSUES");
  private static final int STATE = 1;
  private static final int ISSUES = 5;
  private static final int NAME = 30;
  private static final int SENTENCE = 2_000;
  private static final int MOST_ISSUES = 100;

  private final Paper paper;
  private final boolean verbose;

  CheckText(Paper paper, boolean verbose) {
    this.paper = paper;
    this.verbose = verbose;
  }

  List<String> of(List<Checked> checked) {
    List<String> lines = new ArrayList<>(table(checked));
    for (Checked one : checked) {
      List<String> issues = issues(one);
      if (!issues.isEmpty()) {
        lines.add("");
        if (checked.size() > 1) {
          lines.add(one.target().name());
        }
        lines.addAll(issues);
      }
    }
    List<String> notes = notes(checked);
    if (!notes.isEmpty()) {
      lines.add("");
      notes.forEach(note -> lines.addAll(paper.behind("note: ", 6, note)));
    }
    return lines;
  }

  private List<String> table(List<Checked> checked) {
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    checked.forEach(one -> rows.add(cells(one)));
    List<List<String>> padded = new ArrayList<>(TextTable.padded(rows));
    List<String> lines = new ArrayList<>();
    lines.add(String.join("", padded.get(0)));
    for (int i = 0; i < checked.size(); i++) {
      List<String> row = new ArrayList<>(padded.get(i + 1));
      Ink ink = ink(checked.get(i));
      row.set(STATE, inked(ink, row.get(STATE)));
      row.set(ISSUES, inked(ink, row.get(ISSUES)));
      lines.add(String.join("", row));
    }
    return lines;
  }

  private String inked(Ink ink, String padded) {
    String word = padded.stripTrailing();
    return paper.in(ink, word) + padded.substring(word.length());
  }

  private static Ink ink(Checked checked) {
    return checked.diagnosis().findings().stream()
        .map(finding -> finding.code().severity())
        .filter(severity -> severity.atLeast(Severity.WARNING))
        .max(Comparator.naturalOrder())
        .map(Ink::of)
        .orElse(Ink.GOOD);
  }

  private static List<String> cells(Checked checked) {
    Facts facts = checked.facts();
    return List.of(
        checked.target().name(),
        state(checked),
        facts
            .migrationTool()
            .map(tool -> tool + " " + name(facts.migrationVersion().orElse("base")))
            .orElse("-"),
        facts.migrationHead().map(CheckText::name).orElse("-"),
        DurationText.words(checked.diagnosis().duration()),
        counts(checked));
  }

  private static String state(Checked checked) {
    return !checked.answered() ? "unreachable" : checked.healthy() ? "healthy" : "unhealthy";
  }

  private static String name(String text) {
    return ForeignText.visible(text, NAME);
  }

  private static String counts(Checked checked) {
    List<Severity> severities =
        checked.diagnosis().findings().stream().map(found -> found.code().severity()).toList();
    String counts =
        Arrays.stream(Severity.values())
            .filter(severities::contains)
            .sorted(Comparator.reverseOrder())
            .map(severity -> severities.stream().filter(severity::equals).count() + " " + severity)
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "none" : counts;
  }

  private List<String> issues(Checked checked) {
    List<Finding> all = checked.findings();
    List<String> lines = new ArrayList<>();
    FindingText text = new FindingText(paper);
    all.stream()
        .limit(MOST_ISSUES)
        .forEach(finding -> {
          lines.addAll(text.of(finding));
          if (verbose || !checked.answered()) {
            lines.addAll(text.evidence(finding));
          }
        });
    if (all.size() > MOST_ISSUES) {
      lines.add("  and " + (all.size() - MOST_ISSUES) + " more; --json shows all");
    }
    return lines;
  }

  private static String visible(String text) {
    return ForeignText.visible(text, SENTENCE);
  }

  private static String atWork(Checked checked, String who) {
    return "at work in " + checked.target().name() + ": " + visible(who);
  }

  private List<String> notes(List<Checked> checked) {
    List<String> notes = new ArrayList<>();
    String busy =
        names(
            checked,
            one -> one.diagnosis().observation().filter(Observation::migrationAtWork).isPresent());
    if (!busy.isEmpty()) {
      notes.add("a migration is at work, so the schema was not judged: " + busy);
      checked.stream()
          .flatMap(one -> one.facts().migrationAtWork().map(who -> atWork(one, who)).stream())
          .limit(MOST_ISSUES)
          .forEach(notes::add);
    }
    String unknown = names(checked, one -> one.answered() && one.diagnosis().knownGood().isEmpty());
    if (!unknown.isEmpty()) {
      notes.add(
          "no known-good definition to hold the schema against (name the service's store in a"
              + " file): "
              + unknown);
    }
    if (verbose) {
      checked.forEach(one ->
          one.diagnosis()
              .knownGood()
              .ifPresent(
                  good -> notes.add(one.target().name() + " is held against " + words(good))));
    }
    return notes;
  }

  private static String words(KnownGood good) {
    return "the "
        + good.source()
        + good.version().map(version -> " of version " + name(version)).orElse("")
        + ", "
        + (good.confirmed() ? "confirmed" : "unconfirmed")
        + ", taken at "
        + good.takenAt();
  }

  private static String names(List<Checked> checked, java.util.function.Predicate<Checked> wanted) {
    return checked.stream()
        .filter(wanted)
        .map(one -> one.target().name())
        .collect(Collectors.joining(", "));
  }
}
