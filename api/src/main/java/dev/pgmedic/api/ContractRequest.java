package dev.pgmedic.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the contract's validator looks at. It reads {@code 1.5} as a number, also where the contract
 * has a text, and decodes a query twice: here a text stays what it is, and is written as JSON.
 */
final class ContractRequest implements ValidatableRequest {

  private final Map<String, RequestParameter> headers;
  private final Map<String, RequestParameter> path;
  private final Map<String, RequestParameter> query;
  private final RequestParameter body;
  private final String contentType;

  private ContractRequest(RoutingContext context, Operation operation) {
    HttpServerRequest request = context.request();
    headers = read(operation, Location.HEADER, request::getHeader);
    path = read(operation, Location.PATH, context::pathParam);
    query = read(operation, Location.QUERY, request::getParam);
    Buffer sent = Optional.ofNullable(context.body().buffer()).orElseGet(Buffer::buffer);
    body = () -> sent;
    contentType = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
  }

  /** A request whose body has been read. */
  static Future<ValidatableRequest> of(RoutingContext context, Operation operation) {
    return Future.succeededFuture(new ContractRequest(context, operation));
  }

  private static Map<String, RequestParameter> read(
      Operation operation, Location where, Function<String, String> reader) {
    Map<String, RequestParameter> read = new HashMap<>();
    for (Parameter parameter : operation.getParameters()) {
      if (parameter.getIn() == where) {
        Object value = written(parameter, reader.apply(parameter.getName()));
        read.put(parameter.getName(), () -> value);
      }
    }
    return read;
  }

  @SuppressWarnings("NullAway") // the validator takes null for what is not there
  private static Object written(Parameter parameter, String value) {
    return value != null && parameter.getSchemaType() == SchemaType.STRING
        ? Json.encode(value)
        : value;
  }

  @Override
  public Map<String, RequestParameter> getHeaders() {
    return headers;
  }

  @Override
  public Map<String, RequestParameter> getCookies() {
    return Map.of();
  }

  @Override
  public Map<String, RequestParameter> getPathParameters() {
    return path;
  }

  @Override
  public Map<String, RequestParameter> getQuery() {
    return query;
  }

  @Override
  public RequestParameter getBody() {
    return body;
  }

  @Override
  public String getContentType() {
    return contentType;
  }
}
