package dev.pgmedic.cli;

import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.LockReport;
import dev.pgmedic.lock.LockReport.Blocking;
import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.lock.LockReport.SessionView;
import dev.pgmedic.lock.SeenLock;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.postgres.ForeignText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The locks of a database as a table for people: a line for each, or several where one is too
 * narrow, and below it why, what its holder's siblings do and who waits.
 */
final class LocksTable {

  private static final int MOST_OF_APPLICATIONS = 20;
  private static final String INDENT = "           ";
  private static final List<String> HEAD =
      List.of("VERDICT", "TOOL", "LOCK", "HOLDER", "HELD FOR", "DOING");

  private final Paper paper;

  LocksTable(Paper paper) {
    this.paper = paper;
  }

  String of(LockReport report) {
    List<String> lines = new ArrayList<>(paper.behind("", 0, summary(report)));
    List<Entry> tools = report.locks().stream().filter(lock -> !isOfAnApplication(lock)).toList();
    List<Entry> applications =
        report.locks().stream().filter(LocksTable::isOfAnApplication).toList();
    List<Entry> shown = new ArrayList<>(tools);
    applications.stream().limit(MOST_OF_APPLICATIONS).forEach(shown::add);
    if (!shown.isEmpty()) {
      lines.addAll(locks(shown));
    }
    report.blocking().forEach(blocking -> lines.addAll(blocking(blocking)));
    lines.addAll(applications(applications.size(), report.locksNotShown()));
    report
        .unreadTables()
        .forEach(table ->
            lines.addAll(
                behind(
                    "not read: ", table.tool() + "'s " + table.table() + ": " + table.reason())));
    report.hints().forEach(hint -> lines.addAll(behind("note: ", hint)));
    return String.join(System.lineSeparator(), lines);
  }

  private List<String> behind(String head, String text) {
    return paper.behind(head, head.length(), text);
  }

  private List<String> locks(List<Entry> shown) {
    List<List<String>> cells = new ArrayList<>(List.of(HEAD));
    shown.forEach(lock -> cells.add(cells(lock)));
    List<String> table = TextTable.lines(cells);
    boolean fits = table.stream().allMatch(line -> line.length() <= paper.width());
    List<String> lines = new ArrayList<>();
    if (fits) {
      lines.add(table.get(0));
    }
    for (int i = 0; i < shown.size(); i++) {
      List<String> lock = fits ? List.of(table.get(i + 1)) : stacked(cells.get(i + 1));
      lines.add(inked(shown.get(i).verdict(), lock.get(0)));
      lines.addAll(lock.subList(1, lock.size()));
      lines.addAll(below(shown.get(i)));
    }
    return lines;
  }

  private String inked(Verdict verdict, String line) {
    Ink ink =
        switch (verdict) {
          case ORPHANED -> Ink.WORST;
          case SUSPECTED -> Ink.DOUBTFUL;
          case LIVE -> Ink.GOOD;
          case UNKNOWN -> Ink.FAINT;
        };
    String word = verdict.toString();
    return paper.in(ink, word) + line.substring(word.length());
  }

  private List<String> stacked(List<String> cells) {
    String verdict = cells.get(0) + " ".repeat(INDENT.length() - cells.get(0).length());
    List<String> lines = new ArrayList<>(behind(verdict, cells.get(1) + " " + cells.get(2)));
    String held = cells.get(4).equals("-") ? "" : ", for " + cells.get(4);
    String doing = cells.get(5).equals("-") ? "" : ", " + cells.get(5);
    lines.addAll(behind(INDENT + "held by ", cells.get(3) + held + doing));
    return lines;
  }

  private static String summary(LockReport report) {
    long all = report.locks().size() + report.locksNotShown();
    return report.target()
        + ": "
        + (all == 0 ? "no locks" : all == 1 ? "1 lock" : all + " locks")
        + " in database "
        + ForeignText.quoted(report.database())
        + ", as "
        + ForeignText.quoted(report.role())
        + " sees them in two looks "
        + words(report.looksApartMs())
        + " apart";
  }

  private static List<String> applications(int read, long notRead) {
    long hidden = Math.max(0, read - MOST_OF_APPLICATIONS) + notRead;
    return hidden == 0 ? List.of() : List.of("and " + hidden + " more locks of applications");
  }

  private static boolean isOfAnApplication(Entry lock) {
    return lock.tool().equals(SeenLock.APPLICATION);
  }

  private static List<String> cells(Entry lock) {
    return List.of(
        lock.verdict().toString(),
        lock.tool(),
        lock.table().filter(table -> !table.equals(lock.key())).map(table -> table + " ").orElse("")
            + lock.key(),
        holder(lock),
        held(lock),
        lock.holder().map(LocksTable::doing).orElse("-"));
  }

  private static String holder(Entry lock) {
    return lock.holder()
        .map(LocksTable::who)
        .or(() -> lock.preparedTransaction().map(name -> "prepared transaction " + name))
        .or(() -> lock.recordedBy().map(ForeignText::quoted))
        .orElse("-");
  }

  private static String held(Entry lock) {
    Optional<String> least =
        lock.heldAtLeastMs().filter(millis -> millis > 0).map(LocksTable::words);
    Optional<String> most = lock.heldAtMostMs().map(LocksTable::words);
    return least
        .map(low -> most.map(high -> low + " to " + high).orElse(low + " or more"))
        .or(() -> most.map(high -> "at most " + high))
        .orElse("-");
  }

  private static String who(SessionView session) {
    return session.pid()
        + session.applicationName().map(name -> " " + ForeignText.quoted(name)).orElse("")
        + session.user().map(user -> " " + user).orElse("")
        + session.client().map(address -> "@" + address).orElse("");
  }

  private static String doing(SessionView session) {
    if (session.state().isEmpty()) {
      return "not to be seen";
    }
    return session.state().get()
        + session.stateForMs().map(millis -> " for " + words(millis)).orElse("");
  }

  private List<String> below(Entry lock) {
    List<String> lines = new ArrayList<>();
    if (!isOfAnApplication(lock)) {
      lock.evidence().forEach(line -> lines.addAll(behind(INDENT + "why: ", line)));
      lock.holder()
          .flatMap(SessionView::statement)
          .ifPresent(text -> lines.addAll(behind(INDENT + "its statement: ", text)));
      lock.siblings().forEach(sibling -> lines.addAll(behind(INDENT + "sibling: ", at(sibling))));
    }
    lock.waiters()
        .forEach(waiter -> lines.addAll(behind(INDENT + "waits: ", at(waiter) + queued(waiter))));
    return lines;
  }

  private List<String> blocking(Blocking blocking) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        behind(
            "blocking: ",
            blocking
                .root()
                .map(root -> "session " + at(root))
                .orElseGet(() ->
                    blocking
                        .preparedTransaction()
                        .map(gid -> "prepared transaction " + gid)
                        .orElse("a session of another database"))));
    blocking
        .migrations()
        .forEach(session ->
            lines.addAll(
                behind(
                    INDENT + "keeps waiting: ",
                    at(session) + session.wants().map(lock -> " (for " + lock + ")").orElse(""))));
    if (blocking.othersWaiting() > 0) {
      lines.add(INDENT + "and " + blocking.othersWaiting() + " more");
    }
    return lines;
  }

  private static String at(SessionView session) {
    return who(session)
        + ", "
        + doing(session)
        + session.statement().map(text -> ": " + text).orElse("");
  }

  private static String queued(SessionView waiter) {
    return waiter
        .waits()
        .map(how ->
            " ("
                + how
                + waiter.waitsForMs().map(millis -> " for " + words(millis)).orElse("")
                + ")")
        .orElse("");
  }

  private static String words(long millis) {
    return DurationText.words(Duration.ofMillis(millis));
  }
}
