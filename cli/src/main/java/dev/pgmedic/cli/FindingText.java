package dev.pgmedic.cli;

import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.postgres.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A fault for people: a line for what is wrong and one for what to do about it. */
final class FindingText {

  static final int INDENT = 12;
  private static final int SENTENCE = 2_000;

  private final Paper paper;

  FindingText(Paper paper) {
    this.paper = paper;
  }

  List<String> of(Finding finding) {
    Severity severity = finding.code().severity();
    String head = "  " + paper.in(Ink.of(severity), String.format("%-8s", severity)) + "  ";
    List<String> lines = new ArrayList<>();
    lines.addAll(paper.behind(head, INDENT, finding.code() + ": " + visible(finding.message())));
    String arrow = " ".repeat(INDENT) + "-> ";
    lines.addAll(paper.behind(arrow, arrow.length(), visible(finding.recommendation())));
    return lines;
  }

  /** What a person can check by hand, a line a fact. */
  List<String> evidence(Finding finding) {
    int widest = finding.evidence().keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    finding
        .evidence()
        .forEach((name, value) -> {
          String head = " ".repeat(INDENT) + name + " ".repeat(widest - name.length() + 2);
          lines.addAll(paper.behind(head, head.length(), visible(words(value))));
        });
    return lines;
  }

  private static String words(Object value) {
    return value instanceof List<?> several
        ? several.isEmpty()
            ? "none"
            : several.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : String.valueOf(value);
  }

  private static String visible(String text) {
    return ForeignText.visible(text, SENTENCE);
  }
}
