package dev.pgmedic.history.tool;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A version of numbers: {@code 1.10} is newer than {@code 1.9}, and {@code 001} is {@code 1} and
 * {@code 1.0}.
 *
 * @param parts the numbers, without zeros at the end
 */
record VersionNumber(List<BigInteger> parts) implements Comparable<VersionNumber> {

  private static final Pattern NUMBERS = Pattern.compile("-?\\d{1,60}([._]\\d{1,60}){0,60}");

  /** By number; what is no number comes first, by its letters. */
  static final Comparator<String> ORDER =
      Comparator.comparing(VersionNumber::of).thenComparing(Comparator.naturalOrder());

  /** Reads a version; one that is not of numbers has no parts. */
  static VersionNumber of(String version) {
    if (!NUMBERS.matcher(version).matches()) {
      return new VersionNumber(List.of());
    }
    List<BigInteger> numbers =
        Stream.of(version.split("[._]")).map(BigInteger::new).collect(Collectors.toList());
    while (numbers.size() > 1 && numbers.get(numbers.size() - 1).signum() == 0) {
      numbers.remove(numbers.size() - 1);
    }
    return new VersionNumber(numbers);
  }

  /** One spelling for all that mean the same version. */
  static String key(String version) {
    List<BigInteger> parts = of(version).parts();
    return parts.isEmpty()
        ? version
        : parts.stream().map(BigInteger::toString).collect(Collectors.joining("."));
  }

  @Override
  public int compareTo(VersionNumber other) {
    for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
      int difference = part(i).compareTo(other.part(i));
      if (difference != 0) {
        return difference;
      }
    }
    return Integer.compare(parts.size(), other.parts.size());
  }

  private BigInteger part(int index) {
    return index < parts.size() ? parts.get(index) : BigInteger.ZERO;
  }
}
