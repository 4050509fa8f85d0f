package dev.pgmedic.style;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks at a file line by line. */
final class Lines {
  private Lines() {}

  /** Returns the place of every such line, as {@code path:line: }. */
  static Stream<String> matching(JavaFile file, Pattern pattern) {
    return matching(file, pattern.asPredicate());
  }

  static Stream<String> matching(JavaFile file, Predicate<String> condition) {
    var lines = file.lines();
    return IntStream.range(0, lines.size())
        .filter(index -> condition.test(lines.get(index)))
        .mapToObj(index -> file.path() + ":" + (index + 1) + ": ");
  }
}
