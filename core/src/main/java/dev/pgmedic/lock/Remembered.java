package dev.pgmedic.lock;

import dev.pgmedic.postgres.BackendSession;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is kept of a look for the next one: who holds the lock of a migration tool, and nothing of
 * the other sessions, however many there are.
 *
 * @param holding the look, with those locks and their holders alone
 * @param rows the lock rows
 * @param pooled the sessions that a pooler gave to us while they held a key
 * @param patience since when who wants what
 */
record Remembered(
    LockLook holding, List<LockRow> rows, Set<BackendSession> pooled, Patience patience) {

  Remembered {
    rows = List.copyOf(rows);
    pooled = Set.copyOf(pooled);
  }

  /** What is kept of a first look. */
  static Remembered of(LockLook look, LockRows rows) {
    return kept(look, rows, Set.of(), Patience.NONE);
  }

  /** What is kept of the next look. */
  Remembered after(LockLook look, LockRows read) {
    return kept(look, read, pooled, patience);
  }

  private static Remembered kept(
      LockLook look, LockRows rows, Set<BackendSession> pooled, Patience patience) {
    List<SessionLock> held =
        look.held().stream().filter(lock -> !lock.tool().equals(SeenLock.APPLICATION)).toList();
    List<Backend> holders =
        held.stream().flatMap(lock -> lock.session().stream()).distinct().toList();
    return new Remembered(
        new LockLook(look.at(), look.self(), holders, held, held.size()),
        rows.held(),
        pooled(look, holders, pooled),
        patience.after(look, rows));
  }

  // We take no lock: one that our own session holds was left there by another client of a pooler.
  private static Set<BackendSession> pooled(
      LockLook look, List<Backend> holders, Set<BackendSession> before) {
    Set<BackendSession> still =
        holders.stream()
            .flatMap(holder -> holder.identity().stream())
            .filter(before::contains)
            .collect(Collectors.toCollection(HashSet::new));
    holders.stream()
        .filter(holder -> holder.pid() == look.self())
        .flatMap(holder -> holder.identity().stream())
        .forEach(still::add);
    return still;
  }

  /** Whether somebody holds a lock whom only two looks can judge. */
  boolean asksForAnotherLook() {
    return !rows.isEmpty()
        || holding.held().stream().anyMatch(lock -> !lock.tool().equals(SeenLock.PGMEDIC));
  }
}
