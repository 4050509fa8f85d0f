package dev.pgmedic.event.consumer;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The log of a pgmedic anywhere, read page by page over its HTTP API. */
public final class HttpEventHistory implements EventHistory {

  private static final int PAGE = 100;
  private static final long LIMIT_SECONDS = 30;

  private final HttpClient client;
  private final String base;
  private final Optional<String> token;

  /**
   * A log.
   *
   * @param base where the API is, such as {@code http://127.0.0.1:5000}
   * @param token a token that may view, where the API asks for one
   */
  public HttpEventHistory(Vertx vertx, URI base, Optional<String> token) {
    this.client = vertx.createHttpClient();
    this.base = base.toString().replaceFirst("/+$", "");
    this.token = token;
  }

  /**
   * Fails with an {@link IllegalStateException} when the API refuses, and as HTTP does, in 30 s.
   */
  @Override
  public Future<Page> after(Optional<Cursor> cursor) {
    String position = cursor.map(Cursor::toString).orElse("now");
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            // Ends the request itself, which the future's timeout does not.
            .setTimeout(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS))
            .setAbsoluteURI(base + "/api/events?limit=" + PAGE + "&after=" + position)
            .putHeader("Accept", "application/json");
    token.ifPresent(secret -> options.putHeader("Authorization", "Bearer " + secret));
    return client
        .request(options)
        .compose(HttpClientRequest::send)
        .compose(HttpEventHistory::page)
        .timeout(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static Future<Page> page(HttpClientResponse response) {
    return response
        .body()
        .map(body -> {
          if (response.statusCode() != 200) {
            throw new IllegalStateException(
                "GET /api/events answered " + response.statusCode() + ": " + body);
          }
          return page(body.toJsonObject());
        });
  }

  private static Page page(JsonObject page) {
    JsonArray items = page.getJsonArray("items");
    List<Event> events =
        IntStream.range(0, items.size())
            .mapToObj(items::getJsonObject)
            .filter(HttpEventHistory::known)
            .map(Event::of)
            .toList();
    return new Page(
        events,
        Cursor.parse(page.getString("cursor")).orElseThrow(),
        page.getBoolean("stale"),
        page.getString("next_after") != null);
  }

  // A newer pgmedic may tell of things that this consumer has no name for.
  private static boolean known(JsonObject cloudEvent) {
    return EventType.isKnown(cloudEvent.getString("type", ""));
  }
}
