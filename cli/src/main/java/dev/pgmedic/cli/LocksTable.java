package dev.pgmedic.cli;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.LockReport;
import dev.pgmedic.lock.LockReport.Blocking;
import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.lock.LockReport.SessionView;
import dev.pgmedic.lock.SeenLock;
import dev.pgmedic.postgres.ForeignText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The locks of a database as a table for people: a line for each, and below it why, what its
 * holder's siblings do and who waits.
 */
final class LocksTable {

  private static final int MOST_OF_APPLICATIONS = 20;
  private static final String INDENT = "           ";
  private static final List<String> HEAD =
      List.of("VERDICT", "TOOL", "LOCK", "HOLDER", "HELD FOR", "DOING");

  private LocksTable() {}

  static String of(LockReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(summary(report));
    List<Entry> tools = report.locks().stream().filter(lock -> !isOfAnApplication(lock)).toList();
    List<Entry> applications =
        report.locks().stream().filter(LocksTable::isOfAnApplication).toList();
    List<Entry> shown = new ArrayList<>(tools);
    applications.stream().limit(MOST_OF_APPLICATIONS).forEach(shown::add);
    if (!shown.isEmpty()) {
      List<List<String>> cells = new ArrayList<>(List.of(HEAD));
      shown.forEach(lock -> cells.add(cells(lock)));
      List<String> table = TextTable.lines(cells);
      lines.add(table.get(0));
      for (int i = 0; i < shown.size(); i++) {
        lines.add(table.get(i + 1));
        lines.addAll(below(shown.get(i)));
      }
    }
    report.blocking().forEach(blocking -> lines.addAll(blocking(blocking)));
    lines.addAll(applications(applications.size(), report.locksNotShown()));
    report
        .unreadTables()
        .forEach(table ->
            lines.add("not read: " + table.tool() + "'s " + table.table() + ": " + table.reason()));
    report.hints().forEach(hint -> lines.add("note: " + hint));
    return String.join(System.lineSeparator(), lines);
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

  private static List<String> below(Entry lock) {
    List<String> lines = new ArrayList<>();
    if (!isOfAnApplication(lock)) {
      lock.evidence().forEach(line -> lines.add(INDENT + "why: " + line));
      lock.holder()
          .flatMap(SessionView::statement)
          .ifPresent(text -> lines.add(INDENT + "its statement: " + text));
      lock.siblings().forEach(sibling -> lines.add(INDENT + "sibling: " + at(sibling)));
    }
    lock.waiters().forEach(waiter -> lines.add(INDENT + "waits: " + at(waiter) + queued(waiter)));
    return lines;
  }

  private static List<String> blocking(Blocking blocking) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "blocking: "
            + blocking
                .root()
                .map(root -> "session " + at(root))
                .orElseGet(() ->
                    blocking
                        .preparedTransaction()
                        .map(gid -> "prepared transaction " + gid)
                        .orElse("a session of another database")));
    blocking
        .migrations()
        .forEach(session ->
            lines.add(
                INDENT
                    + "keeps waiting: "
                    + at(session)
                    + session.wants().map(lock -> " (for " + lock + ")").orElse("")));
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
