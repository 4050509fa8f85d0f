package dev.pgmedic.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the sessions that keep migrations waiting. A wait that will end by itself is none of them:
 * a migration that waits for a migration at work, or for a statement that has just begun.
 */
final class Blockades {

  // A schema is changed by one session after the other, and the next waits for the one before.
  private static final Set<String> CHANGES_SCHEMA =
      Set.of("alter", "create", "drop", "reindex", "refresh", "cluster", "comment", "truncate");
  private static final Set<String> MAINTENANCE = Set.of("vacuum", "analyze");

  private final LockLook look;
  private final LockLimits limits;
  private final Set<String> histories;
  private final List<JudgedLock> held;
  private final Map<Integer, Backend> sessions;

  /**
   * Blockades in one look.
   *
   * @param histories the qualified names of the tables that only migrations want
   * @param locks the locks, judged
   */
  Blockades(LockLook look, LockLimits limits, Set<String> histories, List<JudgedLock> locks) {
    this.look = look;
    this.limits = limits;
    this.histories = Set.copyOf(histories);
    this.held = locks.stream().filter(lock -> !lock.isOfAnApplication()).toList();
    this.sessions =
        look.sessions().stream().collect(Collectors.toMap(Backend::pid, session -> session));
  }

  List<Blockade> found() {
    Map<Integer, List<Backend>> waiting = new TreeMap<>();
    look.sessions().stream()
        .filter(session -> session.isOfAClient() && session.wanted().isPresent())
        .forEach(session ->
            roots(session, new HashSet<>())
                .forEach(
                    root -> waiting.computeIfAbsent(root, pid -> new ArrayList<>()).add(session)));
    return waiting.entrySet().stream()
        .flatMap(entry -> blockade(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  // Two sessions that wait for each other have no root; the server ends one of them.
  private Set<Integer> roots(Backend session, Set<Integer> passed) {
    Set<Integer> roots = new HashSet<>();
    for (int pid : session.blockedBy()) {
      Optional<Backend> next = Optional.ofNullable(sessions.get(pid));
      if (next.filter(blocker -> !blocker.blockedBy().isEmpty()).isEmpty()) {
        roots.add(pid);
      } else if (passed.add(pid)) {
        roots.addAll(roots(next.get(), passed));
      }
    }
    return roots;
  }

  private Optional<Blockade> blockade(int pid, List<Backend> waiting) {
    List<Backend> migrations =
        waiting.stream()
            .filter(this::migrates)
            .sorted(Comparator.comparing(Blockades::waited).reversed())
            .toList();
    Optional<Backend> root = Optional.ofNullable(sessions.get(pid));
    return migrations.isEmpty() || !lasts(root, migrations)
        ? Optional.empty()
        : Optional.of(new Blockade(pid, root, migrations, waiting.size() - migrations.size()));
  }

  private static Duration waited(Backend session) {
    return session.wanted().flatMap(Wanted::waited).orElse(Duration.ZERO);
  }

  private boolean migrates(Backend session) {
    return held.stream().anyMatch(lock -> lock.isHeldBy(session))
        || session
            .wanted()
            .filter(wanted ->
                wanted.relation().filter(histories::contains).isPresent()
                    || (wanted.isOfASchemaChange() && !startsWith(session, MAINTENANCE)))
            .isPresent();
  }

  private boolean lasts(Optional<Backend> root, List<Backend> migrations) {
    boolean waitsLong =
        migrations.stream()
            .flatMap(session -> session.wanted().stream())
            .anyMatch(wanted -> wanted.hasWaited(limits.waiting()));
    return root.map(session ->
            !isToldAsALock(session)
                && !isAMigrationAtWork(session, migrations)
                && (waitsLong || isForgotten(session)))
        .orElse(waitsLong);
  }

  private boolean isForgotten(Backend session) {
    return session.isIdleInTransaction() && session.isIdleFor(limits.pausing());
  }

  private boolean isToldAsALock(Backend session) {
    return heldBy(session)
        .anyMatch(
            lock -> lock.verdict() == Verdict.ORPHANED || lock.verdict() == Verdict.SUSPECTED);
  }

  // Some tools keep their lock in one session and wait for that very session in another.
  private boolean isAMigrationAtWork(Backend root, List<Backend> migrations) {
    boolean waitsForItself = migrations.stream().anyMatch(root::isSiblingOf);
    boolean holdsALock = heldBy(root).anyMatch(lock -> lock.verdict() == Verdict.LIVE);
    boolean changesTheSchema =
        !root.isIdle() && (root.progress() || startsWith(root, CHANGES_SCHEMA));
    return changesTheSchema || (holdsALock && !waitsForItself);
  }

  private Stream<JudgedLock> heldBy(Backend session) {
    return held.stream().filter(lock -> lock.isHeldBy(session));
  }

  private static boolean startsWith(Backend session, Set<String> words) {
    return session
        .statement()
        .map(text -> text.strip().split("\\W", 2)[0].toLowerCase(Locale.ROOT))
        .filter(words::contains)
        .isPresent();
  }
}
