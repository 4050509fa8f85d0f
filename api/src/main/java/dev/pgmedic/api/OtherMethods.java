package dev.pgmedic.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Path;
import java.util.List;
import java.util.Optional;

/** Says to whoever came with another method which ones a path has. */
final class OtherMethods implements Handler<RoutingContext> {

  private final OpenAPIContract contract;

  OtherMethods(OpenAPIContract contract) {
    this.contract = contract;
  }

  @Override
  public void handle(RoutingContext context) {
    List<String> methods =
        Optional.ofNullable(contract.findPath(context.normalizedPath()))
            .map(OtherMethods::methods)
            .orElse(List.of("GET")); // the console's
    context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", methods));
    Problem.of(
            405,
            "method-not-allowed",
            "the method: expected " + String.join(" or ", methods) + " at this path")
        .write(context);
  }

  private static List<String> methods(Path path) {
    return path.getOperations().stream()
        .map(operation -> operation.getHttpMethod().name())
        .sorted()
        .toList();
  }
}
