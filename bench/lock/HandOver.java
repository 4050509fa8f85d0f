import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.lock.MigrationLock;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** How long nobody works between one holder of a lock and the next. */
final class HandOver {

  private static final System.Logger LOG = System.getLogger("bench");
  private static final int ROUNDS = 50;

  /** Says when its work begins, works until it is told to stop, says when it ends. */
  private static final List<String> WORK =
      List.of("sh", "-c", "date +%s%N; read -r stop; date +%s%N");

  private final Server server;
  private final Peers peers;
  private final Random random = new Random();

  HandOver(Server server, Peers peers) {
    this.server = server;
    this.peers = peers;
  }

  /** Somebody who has the lock. */
  private interface Holder {
    /** Gives it back; when the work under it ended, in nanoseconds. */
    long release();
  }

  /**
   * Somebody got the lock.
   *
   * @param nanos when the work under it began, by the clock of {@link Holder#release}
   */
  private record Got(long nanos, Holder holder) {}

  void measure(Consumer<String> page) {
    page.accept("## Hand-over: from the end of one's work to the beginning of the next one's\n");
    page.accept("| whose lock | waiters | n | median ms | p95 ms | ratio to blocking |");
    page.accept("|---|---|---|---|---|---|");
    for (int waiters : List.of(1, 10)) {
      Sample blocking = sample(this::blockingSession, waiters);
      page.accept(row("in one JVM: `pg_advisory_lock`", waiters, blocking, blocking));
      Sample ours = sample(this::ourSession, waiters);
      page.accept(row("**in one JVM: `MigrationLock`**", waiters, ours, blocking));
      Sample psql = sample(got -> process(peers.psql(server.url(), WORK), got), waiters);
      page.accept(row("processes: `psql`, `pg_advisory_lock`", waiters, psql, psql));
      List<String> guards = peers.guard(server.url(), List.of("--wait", "30m"), WORK);
      Sample guard = sample(got -> process(guards, got), waiters);
      page.accept(row("**processes: `pgmedic guard`**", waiters, guard, psql));
    }
    page.accept("");
  }

  private static String row(String who, int waiters, Sample sample, Sample peer) {
    String row =
        "| %s | %d | %s | %.1f |"
            .formatted(who, waiters, sample.cells(), sample.median() / peer.median());
    LOG.log(System.Logger.Level.INFO, row);
    return row;
  }

  /** A chain: whoever gets the lock is the next holder, and another one joins those who wait. */
  private Sample sample(Consumer<BlockingQueue<Got>> contender, int waiters) {
    BlockingQueue<Got> queue = new LinkedBlockingQueue<>();
    contender.accept(queue);
    Holder holder = next(queue).holder();
    for (int i = 1; i < waiters; i++) {
      contender.accept(queue);
    }
    List<Double> millis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      contender.accept(queue);
      server.untilSessions(1 + waiters);
      // They have waited for a while, and are at no particular point of their pauses.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(300)));
      long end = holder.release();
      Got got = next(queue);
      millis.add((got.nanos() - end) / 1e6);
      holder = got.holder();
    }
    for (int i = 1; i < waiters; i++) {
      holder.release();
      holder = next(queue).holder();
    }
    holder.release();
    server.untilSessions(0);
    return new Sample(millis);
  }

  private static Got next(BlockingQueue<Got> queue) {
    try {
      Got got = queue.poll(Server.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (got == null) {
        throw new IllegalStateException("nobody got the lock within " + Server.PATIENCE);
      }
      return got;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ourSession(BlockingQueue<Got> queue) {
    MigrationLock.Run run = new MigrationLock.Run("bench-" + random.nextInt(1 << 30), 0);
    MigrationLock.of(server.vertx(), run, Server.LIMIT, Server.LIMIT)
        .acquire(server.url(), Server.PATIENCE, session -> Future.succeededFuture())
        .onSuccess(held -> queue.add(new Got(System.nanoTime(), () -> released(held))))
        .onFailure(error -> LOG.log(System.Logger.Level.ERROR, "got no lock", error));
  }

  private static long released(HeldLock held) {
    long end = System.nanoTime();
    held.release().await();
    return end;
  }

  private void blockingSession(BlockingQueue<Got> queue) {
    PgConnection session = server.connect();
    session
        .query("SELECT pg_advisory_lock(7)")
        .execute()
        .onSuccess(rows -> queue.add(new Got(System.nanoTime(), () -> unlocked(session))))
        .onFailure(error -> LOG.log(System.Logger.Level.ERROR, "got no lock", error));
  }

  private static long unlocked(PgConnection session) {
    long end = System.nanoTime();
    session.query("SELECT pg_advisory_unlock(7)").execute().await();
    session.close().await();
    return end;
  }

  private static void process(List<String> words, BlockingQueue<Got> queue) {
    // Guard tells on stderr whom it waits for.
    Process process = Peers.start(new ProcessBuilder(words).redirectError(DISCARD));
    Thread.startVirtualThread(() -> {
      BufferedReader out = process.inputReader(UTF_8);
      queue.add(new Got(Long.parseLong(line(out)), () -> stopped(process, out)));
    });
  }

  private static long stopped(Process process, BufferedReader out) {
    try (Writer in = process.outputWriter(UTF_8)) {
      in.write("stop\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Long.parseLong(line(out));
  }

  private static String line(BufferedReader out) {
    try {
      return String.valueOf(out.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
