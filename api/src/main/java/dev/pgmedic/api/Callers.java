package dev.pgmedic.api;

import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.digest.Sha256;
import dev.pgmedic.store.BrowserSessions;
import dev.pgmedic.store.BrowserSessions.Owner;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tokens;
import dev.pgmedic.store.Tokens.Stored;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Knows who asks by what a request carries. Belongs to one event loop. */
final class Callers {

  private final Collection<Target> targets;
  private final ConfiguredTokens configured;
  private final SecretSearch<Stored> made;
  private final BrowserSessions signedIn;
  private final SecretSearch<Owner> sessions;

  /**
   * Those whom the configuration and the store know.
   *
   * @param targets all that are watched
   * @param failures counts what nobody knows
   */
  Callers(List<Token> tokens, Collection<Target> targets, Store store, FailedLogins failures) {
    this.targets = List.copyOf(targets);
    this.configured = new ConfiguredTokens(tokens, targets, InstantSource.system());
    this.made = new SecretSearch<>(Tokens::isOurs, new Tokens(store)::good, failures);
    this.signedIn = new BrowserSessions(store);
    this.sessions = new SecretSearch<>(BrowserSessions::isOurs, signedIn::good, failures);
  }

  /** Whose token of the configuration this is; empty when it is none that is good. */
  Optional<Caller> configured(String secret) {
    return configured.find(secret);
  }

  /** Whose token of the store this is; empty when it is none that is good. Fails as the store. */
  Future<Optional<Caller>> ofToken(String secret, String address) {
    return made.find(secret, address).map(found -> found.map(this::caller));
  }

  /**
   * Who is signed in with this cookie; empty when nobody is. A session whose token has left the
   * configuration ends: it is none again when the token comes back. Fails as the store fails.
   */
  Future<Optional<Caller>> ofCookie(String cookie, String address) {
    return sessions
        .find(cookie, address)
        .compose(found -> {
          Optional<Caller> caller = found.flatMap(owner -> owner(cookie, owner));
          return found.isPresent() && caller.isEmpty()
              ? signedIn.end(cookie).map(Optional.empty())
              : Future.succeededFuture(caller.map(Caller::signedIn));
        });
  }

  /** Whether somebody is signed in with this cookie, which does not count as its use. */
  Future<Boolean> isSignedIn(String cookie) {
    return signedIn
        .lasts(Sha256.hex(cookie))
        .map(found -> found.flatMap(owner -> owner(cookie, owner)).isPresent());
  }

  private Optional<Caller> owner(String cookie, Owner owner) {
    return switch (owner) {
      case Owner.OfStore(Stored token) -> Optional.of(caller(token));
      case Owner.OfConfiguration(String proof) -> configured.proven(cookie, proof);
    };
  }

  private Caller caller(Stored token) {
    return new Caller(
        token.name(),
        token.mayBe(),
        TokenKind.of(token.kind()),
        "token of the store",
        Sight.of(token.scope(), targets));
  }
}
