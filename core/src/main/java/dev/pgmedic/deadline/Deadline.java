package dev.pgmedic.deadline;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Bounds asynchronous work. {@link Future#timeout} alone does not end the work that it gives up, so
 * a limit is always paired with a cancel, and the cancel is bounded too.
 */
public final class Deadline {

  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(5);

  private Deadline() {}

  /**
   * Waits for {@code work} no longer than {@code limit}.
   *
   * <p>The future completes with the result of {@code work}; fails with the failure of {@code
   * work}; or fails with {@link DeadlinePassed} after {@code cancel} was run and has ended or 5 s
   * have passed, whatever came first. A failure of {@code cancel} is added to {@link
   * DeadlinePassed} as suppressed.
   *
   * @param limit more than zero
   * @param step what the work is called in the error
   * @param cancel ends the work where it runs
   */
  public static <T> Future<T> within(
      Duration limit, String step, Future<T> work, Supplier<Future<Void>> cancel) {
    return work.recover(cause -> Future.failedFuture(new WorkFailed(cause)))
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .recover(error ->
            switch (error) {
              case WorkFailed failed -> Future.failedFuture(failed.getCause());
              case TimeoutException ours -> cancelled(new DeadlinePassed(step, limit), cancel);
              default -> Future.failedFuture(error);
            });
  }

  /**
   * As {@link #within(Duration, String, Future, Supplier)}, for work that ends by itself when
   * nobody listens.
   */
  public static <T> Future<T> within(Duration limit, String step, Future<T> work) {
    return within(limit, step, work, Future::succeededFuture);
  }

  private static <T> Future<T> cancelled(DeadlinePassed passed, Supplier<Future<Void>> cancel) {
    return cancel
        .get()
        .timeout(CANCEL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .transform(done -> {
          if (done.failed()) {
            passed.addSuppressed(done.cause());
          }
          return Future.failedFuture(passed);
        });
  }

  /** Tells a timeout of the work itself from ours. */
  private static final class WorkFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WorkFailed(Throwable cause) {
      super(cause);
    }

    @Override
    @SuppressWarnings("NullAway") // the constructor always has one
    public synchronized Throwable getCause() {
      return super.getCause();
    }
  }
}
