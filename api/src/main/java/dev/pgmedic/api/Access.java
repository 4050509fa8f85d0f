package dev.pgmedic.api;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.digest.Sha256;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides who may do what. Tokens are kept as hashes and compared in constant time. */
final class Access {

  private static final String CALLER = "pgmedic.caller";
  private static final List<String> FORWARDING = List.of("forwarded", "via", "x-real-ip");
  private static final String FORWARDING_PREFIX = "x-forwarded-";

  private final Optional<Anonymous> anonymous;
  private final boolean loopback;
  private final List<Known> tokens;

  /**
   * The rules of one listener.
   *
   * @param loopback whether only this machine can reach it
   */
  Access(Auth auth, boolean loopback) {
    this.anonymous = auth.anonymous();
    this.loopback = loopback;
    this.tokens = auth.tokens().stream().map(Known::of).toList();
  }

  private record Known(String name, Role role, String hash) {
    static Known of(Token token) {
      return new Known(token.name(), token.role(), Sha256.hex(token.secret()));
    }
  }

  /**
   * Who asks.
   *
   * @param name the token's name
   * @param role what it may do
   */
  record Caller(String name, Role role) {}

  /** What an operation needs, as the contract words it in {@code x-pgmedic-role}. */
  enum Need {
    PUBLIC,
    HEALTH,
    VIEWER,
    APPROVER,
    ADMIN
  }

  /** Lets a request pass that may do what it asks for, and fails it otherwise. */
  void check(RoutingContext context, Need need) {
    Optional<String> bearer = bearer(context.request());
    Optional<Known> known = bearer.flatMap(this::find);
    if (bearer.isPresent() && known.isEmpty()) {
      context.fail(Problem.unauthorized("this token is not known"));
      return;
    }
    if (known.isPresent()) {
      Caller caller = new Caller(known.get().name(), known.get().role());
      if (!may(caller.role(), need)) {
        context.fail(
            Problem.forbidden("expected a token of role " + need.name().toLowerCase(Locale.ROOT)));
        return;
      }
      context.put(CALLER, caller);
      context.next();
    } else if (anonymousMay(context.request(), need)) {
      context.next();
    } else {
      context.fail(Problem.unauthorized("expected Authorization: Bearer and a token"));
    }
  }

  /** Who asks, on an operation that needs a token. */
  static Caller caller(RoutingContext context) {
    Caller caller = context.get(CALLER);
    if (caller == null) {
      throw Problem.unauthorized("expected Authorization: Bearer and a token");
    }
    return caller;
  }

  private static Optional<String> bearer(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .map(header -> header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7) : "");
  }

  private Optional<Known> find(String secret) {
    String hash = Sha256.hex(secret.strip());
    Optional<Known> found = Optional.empty();
    for (Known token : tokens) {
      if (MessageDigest.isEqual(bytes(token.hash()), bytes(hash))) {
        found = Optional.of(token);
      }
    }
    return found;
  }

  private static boolean may(Role role, Need need) {
    return switch (need) {
      case PUBLIC, HEALTH, VIEWER -> true;
      case APPROVER -> role != Role.VIEWER;
      case ADMIN -> role == Role.ADMIN;
    };
  }

  // A proxy on this machine forwards requests of others: they do not count as loopback.
  private boolean anonymousMay(HttpServerRequest request, Need need) {
    boolean forwarded = request.headers().names().stream().anyMatch(Access::isForwarding);
    Anonymous allowed =
        anonymous.orElse(loopback && !forwarded ? Anonymous.VIEWER : Anonymous.NONE);
    return switch (need) {
      case PUBLIC -> true;
      case HEALTH -> allowed != Anonymous.NONE;
      case VIEWER -> allowed == Anonymous.VIEWER;
      case APPROVER, ADMIN -> false;
    };
  }

  private static boolean isForwarding(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return FORWARDING.contains(name) || name.startsWith(FORWARDING_PREFIX);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
