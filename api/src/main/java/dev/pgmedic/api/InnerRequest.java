package dev.pgmedic.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for an operation of the API that came inside of another one: by the same caller, from
 * the same address, with the same id. What answers the operation sees the parameters and the body
 * of the inner request, all else of the outer one, and its response is kept instead of sent. So
 * roles, scopes, the audit and every refusal are those of the operation, whoever brings it.
 */
final class InnerRequest {

  /** They are about the response of the outer request. */
  private static final List<String> NOT_HANDED_ON =
      List.of("Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID");

  private final RoutingContext outer;
  private final Inner inner;
  private final Handler<RoutingContext> handler;
  // adapter: of a response that is written in calls
  private final Promise<Response> promise = Promise.promise();
  private final RoutingContext context = of(RoutingContext.class, this::onContext);
  private final HttpServerRequest request = of(HttpServerRequest.class, this::onRequest);
  private final HttpServerResponse response = of(HttpServerResponse.class, this::onResponse);
  private final RequestBody body = of(RequestBody.class, this::onBody);
  private final MultiMap sent = MultiMap.caseInsensitiveMultiMap();
  private int status = 200;
  private int code = 500;
  private @Nullable Throwable failure;

  private InnerRequest(RoutingContext outer, Inner inner, Handler<RoutingContext> handler) {
    this.outer = outer;
    this.inner = inner;
    this.handler = handler;
    sent.addAll(outer.response().headers()); // the request's id among them
  }

  /**
   * What is asked for.
   *
   * @param method of the operation
   * @param parameters of its path and query, by name
   * @param body empty where it has none
   */
  record Inner(HttpMethod method, Map<String, String> parameters, JsonObject body) {}

  /**
   * What answered it.
   *
   * @param status the HTTP status
   * @param body as it would have been sent
   */
  record Response(int status, String body) {
    boolean ok() {
      return status < 300;
    }
  }

  /**
   * The response to an inner request. Never fails: what went wrong is a problem, as it would have
   * been sent.
   *
   * @param access lets the request pass, or fails it
   * @param handler answers it then
   */
  static Future<Response> run(
      RoutingContext outer,
      Inner inner,
      Handler<RoutingContext> access,
      Handler<RoutingContext> handler) {
    InnerRequest request = new InnerRequest(outer, inner, handler);
    request.guarded(access);
    return request.promise.future();
  }

  private void guarded(Handler<RoutingContext> part) {
    try {
      part.handle(context);
    } catch (RuntimeException e) {
      fail(500, e);
    }
  }

  private @Nullable Object onContext(Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "request":
        return request;
      case "response":
        return response;
      case "body":
        return body;
      case "pathParam":
        return inner.parameters().get(arguments[0]);
      case "pathParams":
        return inner.parameters();
      case "next":
        guarded(handler);
        return null;
      case "fail":
        fail(arguments);
        return null;
      case "failure":
        return failure;
      case "statusCode":
        return code;
      default:
        return invoke(outer, method, arguments);
    }
  }

  private void fail(Object... arguments) {
    code = arguments[0] instanceof Integer given ? given : 500;
    failure = arguments[arguments.length - 1] instanceof Throwable thrown ? thrown : null;
    new Problems().handle(context);
  }

  private @Nullable Object onRequest(Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "method" -> inner.method();
      case "getParam" ->
          inner
              .parameters()
              .getOrDefault(arguments[0], arguments.length > 1 ? (String) arguments[1] : null);
      case "params" -> MultiMap.caseInsensitiveMultiMap().addAll(inner.parameters());
      case "headers" -> headers();
      case "getHeader" -> headers().get(String.valueOf(arguments[0]));
      default -> invoke(outer.request(), method, arguments);
    };
  }

  private MultiMap headers() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(outer.request().headers());
    NOT_HANDED_ON.forEach(headers::remove);
    return headers.set("Accept", "application/json");
  }

  private Object onBody(Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "asJsonObject" -> inner.body();
      case "buffer" -> inner.body().toBuffer();
      case "asString" -> inner.body().encode();
      case "isEmpty" -> inner.body().isEmpty();
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private Object onResponse(Method method, Object[] arguments) {
    switch (method.getName()) {
      case "setStatusCode":
        status = (Integer) arguments[0];
        return response;
      case "putHeader":
        sent.set(String.valueOf(arguments[0]), String.valueOf(arguments[1]));
        return response;
      case "headers":
        return sent;
      case "end":
        promise.tryComplete(
            new Response(status, arguments.length == 0 ? "" : String.valueOf(arguments[0])));
        return Future.succeededFuture();
      case "ended":
        return promise.future().isComplete();
      case "closed":
        return false;
      default:
        throw new UnsupportedOperationException(method.getName());
    }
  }

  private interface Calls {
    @Nullable Object call(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T of(Class<T> type, Calls calls) {
    InvocationHandler handler =
        (self, method, arguments) ->
            calls.call(method, arguments == null ? new Object[0] : arguments);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object invoke(Object target, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
