package dev.pgmedic.api;

import dev.pgmedic.digest.Sha256;
import dev.pgmedic.json.Json;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskView;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The entity tag of a task: another one whenever anything changed of what is served of it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1">RFC 9110, conditional
 *     requests</a>
 */
final class TaskTag {

  private static final int LENGTH = 32;
  private static final String ANY = "*";
  private static final String WEAK = "W/";

  private TaskTag() {}

  /** The tag of a task as it is served. */
  static String of(TaskView task) {
    return '"' + Sha256.hex(Json.write(task)).substring(0, LENGTH) + '"';
  }

  /** Whether a task is what {@code If-Match} says that it is; any is, where there is no such. */
  static Predicate<RecoveryTask> ifMatch(RoutingContext context) {
    Optional<String> expected = header(context, "If-Match");
    return task -> expected.stream().allMatch(given -> names(given, of(TaskView.of(task))));
  }

  /** Whether a task is another than {@code If-None-Match} says is known; none, where none is. */
  static Predicate<RecoveryTask> news(RoutingContext context) {
    Optional<String> known = header(context, "If-None-Match");
    return task -> known.stream().anyMatch(given -> !names(given, of(TaskView.of(task))));
  }

  /** Whether whoever asks has what is tagged so. */
  static boolean isKnown(RoutingContext context, String tag) {
    return header(context, "If-None-Match").stream().anyMatch(given -> names(given, tag));
  }

  private static Optional<String> header(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getHeader(name));
  }

  // What a proxy compressed has a weak tag, and is the same task.
  private static boolean names(String header, String tag) {
    return Arrays.stream(header.split(",", -1))
        .map(String::strip)
        .map(given -> given.startsWith(WEAK) ? given.substring(WEAK.length()) : given)
        .anyMatch(given -> given.equals(tag) || given.equals(ANY));
  }
}
