package dev.pgmedic.store;

import dev.pgmedic.access.TokenKind;
import java.util.Optional;

/**
 * Who changes something.
 *
 * @param name the name of the token
 * @param kind what carries the token; absent where there is none
 * @param authenticatedBy how we know, such as {@code config token}
 * @param onBehalfOf for whom they say that they act; a claim that nothing proves
 * @param address where the request came from; empty where nobody asked
 * @param requestId the request's id; empty where nobody asked
 */
public record Actor(
    String name,
    Optional<TokenKind> kind,
    String authenticatedBy,
    Optional<String> onBehalfOf,
    String address,
    String requestId) {

  /** The owner's configuration, where nobody was asked. */
  static final Actor POLICY =
      new Actor(Decision.POLICY, Optional.empty(), Decision.POLICY, Optional.empty(), "", "");
}
