package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.ForeignText;
import java.time.Duration;

/**
 * Who holds pgmedic's own migration lock, in one sentence for an error: who, since when, what that
 * session does, who waits, and the verdict with its evidence. Everything in it that came from the
 * database is visible, bounded and quoted, and statements are without their literals.
 */
public final class LockExplanation {

  private LockExplanation() {}

  /** Explains the holder, whose heart may pause as long as a heart ever does. */
  public static String of(AdvisoryLock lock) {
    return of(lock, MigrationLock.LONGEST_PAUSE);
  }

  /**
   * Explains the holder.
   *
   * @param pause the longest that its heart may pause
   */
  public static String of(AdvisoryLock lock, Duration pause) {
    String evidence = String.join("; ", Heart.judge(lock.session(), pause).evidence());
    return brief(lock, pause) + " (" + evidence + ")";
  }

  /** The same without the evidence, for whoever is told again and again. */
  static String brief(AdvisoryLock lock, Duration pause) {
    return lock.holder()
        + lock.session().map(LockExplanation::session).orElse("")
        + (lock.waiting().isEmpty() ? "" : "; " + lock.waiters() + " wait for it")
        + "; verdict: "
        + lock.verdict(pause);
  }

  private static String session(Backend holder) {
    return holder
            .application()
            .map(name -> ", application_name " + ForeignText.quoted(name) + ",")
            .orElse("")
        + holder.user().map(user -> " of user " + ForeignText.quoted(user)).orElse("")
        + holder.client().map(address -> " from " + address).orElse("")
        + holder
            .backendStart()
            .flatMap(start ->
                holder
                    .stateSince()
                    .flatMap(since -> holder.quiet().map(since::plus))
                    .map(now ->
                        ", begun " + DurationText.words(Duration.between(start, now)) + " ago"))
            .orElse("")
        + ", "
        + holder.doing()
        + holder.statement().map(text -> ", its statement: " + text).orElse("");
  }
}
