package dev.pgmedic.api;

import dev.pgmedic.config.Config.Token;
import dev.pgmedic.digest.Sha256;
import dev.pgmedic.store.BrowserSessions;
import dev.pgmedic.target.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The tokens that the configuration names: kept as hashes and compared in constant time. */
final class ConfiguredTokens {

  private final List<Known> tokens;
  private final InstantSource clock;

  /**
   * The tokens of a configuration.
   *
   * @param targets all that it watches
   * @param clock when they expire
   */
  ConfiguredTokens(List<Token> tokens, Collection<Target> targets, InstantSource clock) {
    this.tokens = tokens.stream().map(token -> Known.of(token, targets)).toList();
    this.clock = clock;
  }

  private record Known(Caller caller, String hash, Optional<Instant> expires) {
    static Known of(Token token, Collection<Target> targets) {
      Caller caller =
          new Caller(
              token.name(),
              token.role(),
              token.kind(),
              token.source().label(),
              Sight.of(token.scope(), targets));
      return new Known(caller, Sha256.hex(token.secret()), token.expires());
    }

    boolean isGood(Instant now) {
      return expires.map(now::isBefore).orElse(true);
    }
  }

  /** Whose secret this is; empty when it is nobody's, or good no more. */
  Optional<Caller> find(String secret) {
    String hash = Sha256.hex(secret);
    return find(token -> same(token.hash(), hash));
  }

  /** Whose session this is; empty when it is nobody's, or their token is good no more. */
  Optional<Caller> proven(String cookie, String proof) {
    return find(token -> same(BrowserSessions.proof(cookie, token.hash()), proof));
  }

  private Optional<Caller> find(Predicate<Known> wanted) {
    Instant now = clock.instant();
    Optional<Caller> found = Optional.empty();
    for (Known token : tokens) {
      if (wanted.test(token) && token.isGood(now)) {
        found = Optional.of(token.caller());
      }
    }
    return found;
  }

  private static boolean same(String hash, String other) {
    return MessageDigest.isEqual(bytes(hash), bytes(other));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
