package dev.pgmedic.lock;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the host that a lock row names, {@code name (address)}, with where a session came from.
 * Says no only where both are addresses of one family and differ: a host has addresses of two, and
 * writes down whichever it likes.
 */
final class RecordedHost {

  private static final Pattern LITERAL =
      Pattern.compile("\\(\\[?([0-9A-Fa-f:.]*[:.][0-9A-Fa-f:.]*)(?:%[^)]*)?]?\\)");

  private RecordedHost() {}

  static boolean mayBe(String recorded, Backend session) {
    Matcher literal = LITERAL.matcher(recorded);
    Optional<InetAddress> there = literal.find() ? address(literal.group(1)) : Optional.empty();
    Optional<InetAddress> from = session.client().flatMap(RecordedHost::address);
    return there.isEmpty()
        || from.isEmpty()
        || from.get().isLoopbackAddress()
        || there.get().isLoopbackAddress()
        || there.get().getClass() != from.get().getClass()
        || there.get().equals(from.get());
  }

  // No name can get here, so nothing is asked of a name server.
  private static Optional<InetAddress> address(String literal) {
    try {
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }
}
