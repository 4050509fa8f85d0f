package dev.pgmedic.cli;

import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueView;
import dev.pgmedic.postgres.ForeignText;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Issues as a server has them, for people. */
final class IssueText {

  private static final int SENTENCE = 2_000;
  private static final String INDENT = " ".repeat(FindingText.INDENT);

  private final Paper paper;

  IssueText(Paper paper) {
    this.paper = paper;
  }

  /** What is wrong, what to do about it, where, since when, and which task heals it. */
  List<String> brief(IssueView issue) {
    return lines(issue, List.of());
  }

  /** With all that a person can check by hand. */
  List<String> whole(IssueView issue) {
    return lines(issue, new FindingText(paper).evidence(finding(issue)));
  }

  private List<String> lines(IssueView issue, List<String> evidence) {
    List<String> lines = new ArrayList<>(new FindingText(paper).of(finding(issue)));
    lines.addAll(evidence);
    lines.add(
        faint(
            issue.target()
                + ", since "
                + issue.firstSeen().truncatedTo(ChronoUnit.SECONDS)
                + silence(issue)));
    issue
        .resolvedAt()
        .ifPresent(at ->
            lines.addAll(
                paper.behind(
                    INDENT,
                    INDENT.length(),
                    "resolved at "
                        + at.truncatedTo(ChronoUnit.SECONDS)
                        + ": "
                        + visible(issue.resolution().orElse("")))));
    lines.add(faint("issue " + issue.id()));
    issue.recoveryTask().ifPresent(task -> lines.add(INDENT + "task  " + task));
    return lines;
  }

  private static Finding finding(IssueView issue) {
    return new Finding(
        issue.code(), issue.subject(), issue.message(), issue.recommendation(), issue.evidence());
  }

  private static String silence(IssueView issue) {
    return issue
        .silencedUntil()
        .map(until -> ", silenced until " + until.truncatedTo(ChronoUnit.SECONDS))
        .orElse("");
  }

  private String faint(String text) {
    return INDENT + paper.in(Ink.FAINT, text);
  }

  private static String visible(String text) {
    return ForeignText.visible(text, SENTENCE);
  }
}
