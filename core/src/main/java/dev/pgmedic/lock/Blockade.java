package dev.pgmedic.lock;

import java.util.List;
import java.util.Optional;

/**
 * What keeps migrations waiting: the root of a queue, not those who stand in it.
 *
 * @param pid the root's process; 0 is a prepared transaction
 * @param root the root; absent for a prepared transaction and a session of another database
 * @param migrations the sessions that want to change the schema and cannot, longest wait first
 * @param others how many sessions more wait for the same root
 */
public record Blockade(int pid, Optional<Backend> root, List<Backend> migrations, long others) {

  /** Copies the list; there is at least one migration in it. */
  public Blockade {
    migrations = List.copyOf(migrations);
    if (migrations.isEmpty()) {
      throw new IllegalArgumentException("expected a session that waits");
    }
  }

  /** The root in one phrase, the same for as long as it is the root. */
  public String name() {
    return root.map(Backend::name)
        .orElseGet(() ->
            pid == 0
                ? "a prepared transaction" + prepared().map(gid -> " (" + gid + ")").orElse("")
                : "session " + pid + " of another database");
  }

  /** The prepared transaction in the way, quoted; absent when it is none. */
  public Optional<String> prepared() {
    return migrations.stream()
        .filter(waiting -> pid == 0)
        .flatMap(waiting -> waiting.wanted().flatMap(Wanted::prepared).stream())
        .findFirst();
  }
}
