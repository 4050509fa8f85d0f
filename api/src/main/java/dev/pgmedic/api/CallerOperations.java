package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.config.Config.Role;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/** Who asks, so that a client can tell what to offer. */
final class CallerOperations {

  void addTo(Operations operations) {
    operations.answer("getCaller", CallerOperations::caller);
  }

  /**
   * Who asks, as it is served.
   *
   * @param name the token's name; absent without one
   * @param role what they may do
   * @param authenticatedBy how we know
   */
  private record View(Optional<String> name, String role, String authenticatedBy) {
    static View of(Caller caller) {
      return new View(Optional.of(caller.name()), word(caller.role()), caller.authenticatedBy());
    }

    private static String word(Role role) {
      return role.name().toLowerCase(Locale.ROOT);
    }
  }

  // Whoever comes here without a token may look: the operation needs a viewer.
  private static Future<Answer> caller(RoutingContext context) {
    View view =
        Access.asker(context)
            .map(View::of)
            .orElseGet(() -> new View(Optional.empty(), View.word(Role.VIEWER), "anonymous"));
    return Future.succeededFuture(Answer.ok(view));
  }
}
