package dev.pgmedic.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param items at most as many as were asked for
 * @param nextAfter where the next page begins; absent on the last one
 */
public record Page<T>(List<T> items, Optional<String> nextAfter) {

  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  /** Cuts a list that was read with one item more than {@code limit}. */
  static <T> Page<T> of(List<T> read, int limit, Function<T, String> cursor) {
    return read.size() <= limit
        ? new Page<>(read, Optional.empty())
        : new Page<>(read.subList(0, limit), Optional.of(cursor.apply(read.get(limit - 1))));
  }
}
