package dev.pgmedic.api;

import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks.
 *
 * @param name the token's name
 * @param role what it may do
 * @param kind what carries it
 * @param authenticatedBy how we know
 * @param targets for which of the targets here it is; absent means for all, also for those that the
 *     store alone knows
 */
record Caller(
    String name, Role role, TokenKind kind, String authenticatedBy, Optional<Set<String>> targets) {

  /** Copies the targets. */
  Caller {
    targets = targets.map(Set::copyOf);
  }

  /** The same one, as whoever signed in with their token. */
  Caller signedIn() {
    return new Caller(name, role, kind, "session of token " + name, targets);
  }

  /** Whether they may see this target, and act on it as far as their role goes. */
  boolean sees(String target) {
    return targets.map(names -> names.contains(target)).orElse(true);
  }
}
