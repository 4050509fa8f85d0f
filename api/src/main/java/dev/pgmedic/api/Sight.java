package dev.pgmedic.api;

import dev.pgmedic.access.Scope;
import dev.pgmedic.target.Target;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which targets whoever asks may see. */
final class Sight {

  private Sight() {}

  /** Which of these targets a scope covers; absent when nothing limits it. */
  static Optional<Set<String>> of(Scope scope, Collection<Target> targets) {
    return Optional.of(scope)
        .filter(limited -> !limited.isAll())
        .map(limited ->
            targets.stream().filter(limited::covers).map(Target::name).collect(Collectors.toSet()));
  }

  /**
   * Refuses whoever asks for what belongs to a target that is not theirs.
   *
   * @throws Problem 403
   */
  static void mustSee(RoutingContext context, String target) {
    if (Access.asker(context).filter(caller -> !caller.sees(target)).isPresent()) {
      throw Problem.forbidden(notSeen(target));
    }
  }

  /** Why somebody is refused who asks for what belongs to a target that is not theirs. */
  static String notSeen(String target) {
    return "this token is not for target " + target;
  }

  /** The targets that a request names, in its path and in each {@code target} of its query. */
  static Stream<String> named(RoutingContext context) {
    Stream<String> path = Optional.ofNullable(context.pathParam("name")).stream();
    Stream<String> query =
        context.request().params().getAll("target").stream()
            .flatMap(names -> asked(names).stream());
    return Stream.concat(path, query);
  }

  /** Whether whoever asks may see a target. */
  static boolean sees(RoutingContext context, String target) {
    return Access.asker(context).map(caller -> caller.sees(target)).orElse(true);
  }

  /**
   * Of which targets a list tells: those that were asked for, which {@link Access} has looked at,
   * else all that whoever asks may see. Empty means that nothing limits it.
   */
  static Set<String> targets(RoutingContext context) {
    Set<String> asked = Query.text(context, "target").map(Sight::asked).orElse(Set.of());
    return asked.isEmpty()
        ? Access.asker(context).flatMap(Caller::targets).orElse(Set.of())
        : asked;
  }

  // No name has a comma.
  private static Set<String> asked(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }
}
