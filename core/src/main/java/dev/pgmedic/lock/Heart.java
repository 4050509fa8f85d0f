package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import java.time.Duration;
import java.util.Optional;

/**
 * Judges the holder of our own migration lock, the only one that promises to show that it lives.
 */
final class Heart {

  private static final String OURS = "it is pgmedic's own key of this database";

  private Heart() {}

  /**
   * Orphaned when the holder waits for its client, in no transaction, and was silent for longer
   * than {@code pause}: a session in the middle of a statement or a transaction beats again when
   * that ends.
   */
  static Judgement judge(Optional<Backend> session, Duration pause) {
    return session
        .filter(Backend::isVisible)
        .filter(holder -> holder.identity().isPresent())
        .map(holder -> judge(holder, pause))
        .orElse(
            Judgement.of(
                Verdict.UNKNOWN,
                OURS,
                "what its holder does may not be seen by this role; GRANT pg_monitor helps"));
  }

  private static Judgement judge(Backend holder, Duration pause) {
    if (!holder.isIdleOutsideTransaction()) {
      return Judgement.of(
          Verdict.LIVE,
          OURS,
          "session " + holder.pid() + " is " + holder.doing() + "; its heart beats when that ends");
    }
    Duration quiet = holder.quiet().orElse(Duration.ZERO);
    return Judgement.of(
        quiet.compareTo(pause) > 0 ? Verdict.ORPHANED : Verdict.LIVE,
        OURS,
        "the last beat of its heart was "
            + DurationText.words(quiet)
            + " ago; it never pauses longer than "
            + DurationText.words(pause));
  }
}
