package dev.pgmedic.api;

import dev.pgmedic.api.Need.Level;
import dev.pgmedic.api.Need.Reach;
import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides who may do what. */
final class Access {

  private static final String CALLER = "pgmedic.caller";
  private static final List<String> FORWARDING = List.of("forwarded", "via", "x-real-ip");
  private static final String FORWARDING_PREFIX = "x-forwarded-";

  private static final String UNWANTED =
      "with a cookie a change comes from the console: expected its Origin, or Sec-Fetch-Site:"
          + " same-origin";

  private static final String ENDED =
      "this session has ended: its token is good no more, nobody used it for twelve hours, or it is"
          + " seven days old; sign in again";

  private final Optional<Anonymous> anonymous;
  private final boolean loopback;
  private final FailedLogins failures = new FailedLogins(System::nanoTime);
  private final Callers callers;

  /**
   * The rules of one listener.
   *
   * @param targets all that are watched
   * @param store knows the tokens that the configuration does not name, and who is signed in
   */
  Access(ApiOptions options, Collection<Target> targets, Store store) {
    this.anonymous = options.auth().anonymous();
    this.loopback = options.http().loopback();
    this.callers = new Callers(options.auth().tokens(), targets, store, failures);
  }

  /** Lets a request pass that may do what it asks for, and fails it otherwise. */
  void check(RoutingContext context, Need need) {
    HttpServerRequest request = context.request();
    Optional<String> bearer = bearer(request).map(String::strip);
    Optional<String> cookie = bearer.isPresent() ? Optional.empty() : SessionCookie.of(request);
    if (cookie.isPresent() && !SessionCookie.isWanted(request)) {
      context.fail(Problem.forbidden(UNWANTED));
      return;
    }
    Optional<String> session = cookie.filter(given -> need.level().takesSessions());
    Optional<Duration> wait =
        bearer.or(() -> session).flatMap(given -> failures.wait(address(request)));
    if (wait.isPresent()) {
      context.fail(refusal(context, wait.get()));
      return;
    }
    Optional<Caller> known =
        Optional.<Caller>ofNullable(context.get(CALLER))
            .or(() -> bearer.flatMap(callers::configured));
    if (known.isPresent() || bearer.or(() -> session).isEmpty()) {
      decide(context, need, known);
    } else {
      search(context, need, bearer, session.orElse(""));
    }
  }

  // The body waits until the store has answered, and until somebody listens for it.
  private void search(RoutingContext context, Need need, Optional<String> bearer, String session) {
    HttpServerRequest request = context.request();
    String address = address(request);
    request.pause();
    bearer
        .map(token -> callers.ofToken(token, address))
        .orElseGet(() -> callers.ofCookie(session, address))
        .onComplete(found -> {
          if (found.failed()) {
            context.fail(Problem.unavailable("the store, which knows the tokens, does not answer"));
          } else if (found.result().isEmpty()) {
            context.fail(
                bearer.isPresent()
                    ? Problem.unauthorized("this token is not known, or is good no more")
                    : Problem.sessionEnded(ENDED));
          } else {
            decide(context, need, found.result());
          }
          request.resume();
        });
  }

  /**
   * Notes who is signed in with a cookie, for an operation that itself needs nobody. Completes with
   * whether somebody is; fails with 429 where too many guesses came from the address, and as the
   * store fails.
   */
  Future<Boolean> know(RoutingContext context, String cookie) {
    String address = address(context.request());
    Optional<Duration> wait = failures.wait(address);
    if (wait.isPresent()) {
      return Future.failedFuture(refusal(context, wait.get()));
    }
    return callers
        .ofCookie(cookie, address)
        .map(found -> {
          found.ifPresent(caller -> context.put(CALLER, caller));
          return found.isPresent();
        });
  }

  /**
   * Whether who sent a request that passed would be known now too. Completes with true where nobody
   * said who they are; fails as the store fails.
   */
  Future<Boolean> stillKnows(HttpServerRequest request) {
    Optional<String> bearer = bearer(request).map(String::strip);
    if (bearer.isEmpty()) {
      return SessionCookie.of(request)
          .map(callers::isSignedIn)
          .orElse(Future.succeededFuture(true));
    }
    return bearer.flatMap(callers::configured).isPresent()
        ? Future.succeededFuture(true)
        : callers.ofToken(bearer.get(), address(request)).map(Optional::isPresent);
  }

  private void decide(RoutingContext context, Need need, Optional<Caller> known) {
    if (known.isPresent()) {
      Optional<String> objection = objection(context, need, known.get());
      if (objection.isPresent()) {
        context.fail(Problem.forbidden(objection.get()));
        return;
      }
      context.put(CALLER, known.get());
      context.next();
    } else if (anonymousMay(context.request(), need.level())) {
      context.next();
    } else {
      context.fail(Problem.unauthorized("expected Authorization: Bearer and a token"));
    }
  }

  private static Optional<String> objection(RoutingContext context, Need need, Caller caller) {
    if (!may(caller.role(), need.level())) {
      String role = need.level().name().toLowerCase(Locale.ROOT);
      return Optional.of("expected a token of role " + role);
    }
    if (caller.targets().isEmpty() || need.reach() == Reach.NONE) {
      return Optional.empty();
    }
    if (need.reach() == Reach.ALL) {
      return Optional.of("expected a token that is for all targets");
    }
    if (caller.targets().get().isEmpty()) {
      return Optional.of("this token is for none of the targets here");
    }
    return Sight.named(context).filter(name -> !caller.sees(name)).findFirst().map(Sight::notSeen);
  }

  // Also a good token waits: who guesses must not learn that it is one.
  private static Problem refusal(RoutingContext context, Duration wait) {
    long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
    context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    return Problem.tooManyFailedLogins(
        "too many unknown tokens came from this address; try again in " + seconds + " s");
  }

  private static String address(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    return remote == null ? "" : String.valueOf(remote.hostAddress());
  }

  /** Who asks; absent where nobody said. */
  static Optional<Caller> asker(RoutingContext context) {
    return Optional.ofNullable(context.get(CALLER));
  }

  /** Who asks, on an operation that needs a token. */
  static Caller caller(RoutingContext context) {
    return asker(context)
        .orElseThrow(() -> Problem.unauthorized("expected Authorization: Bearer and a token"));
  }

  /**
   * Who asks, and from where, as the audit keeps it.
   *
   * @param body what they say, as the contract has it; empty where it has no body
   */
  static Actor actor(RoutingContext context, JsonObject body) {
    Caller caller = caller(context);
    return new Actor(
        caller.name(),
        Optional.of(caller.kind()),
        caller.authenticatedBy(),
        Optional.ofNullable(body.getString("on_behalf_of")),
        address(context.request()),
        RequestIds.of(context));
  }

  /** The token that a request carries; empty where it is none, absent where there is none. */
  static Optional<String> bearer(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .map(header -> header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7) : "");
  }

  private static boolean may(Role role, Level level) {
    return switch (level) {
      case PUBLIC, HEALTH, VIEWER, TOKEN -> true;
      case APPROVER -> role != Role.VIEWER;
      case ADMIN -> role == Role.ADMIN;
    };
  }

  // A proxy on this machine forwards requests of others: they do not count as loopback.
  private boolean anonymousMay(HttpServerRequest request, Level level) {
    boolean forwarded = request.headers().names().stream().anyMatch(Access::isForwarding);
    Anonymous allowed =
        anonymous.orElse(loopback && !forwarded ? Anonymous.VIEWER : Anonymous.NONE);
    return switch (level) {
      case PUBLIC -> true;
      case HEALTH -> allowed != Anonymous.NONE;
      case VIEWER -> allowed == Anonymous.VIEWER;
      case TOKEN, APPROVER, ADMIN -> false;
    };
  }

  private static boolean isForwarding(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return FORWARDING.contains(name) || name.startsWith(FORWARDING_PREFIX);
  }
}
