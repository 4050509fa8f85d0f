package dev.pgmedic.cli;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The same work on several things, a few at a time. */
final class InTurns {

  private static final int AT_ONCE = 8;

  private InTurns() {}

  /** Completes with all results in the order of the things; fails with the first failure. */
  static <T, R> Future<List<R>> each(List<T> things, Function<T, Future<R>> work) {
    if (things.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<Future<R>> now = things.stream().limit(AT_ONCE).map(work).toList();
    return Future.all(now)
        .compose(done -> each(things.subList(now.size(), things.size()), work))
        .map(rest -> {
          List<R> results = new ArrayList<>(now.stream().map(Future::result).toList());
          results.addAll(rest);
          return results;
        });
  }
}
