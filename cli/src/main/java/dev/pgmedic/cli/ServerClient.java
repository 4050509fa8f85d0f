package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Talks to a server for a command that has nothing else to do meanwhile. Blocking. */
final class ServerClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int CONFLICT = 409;

  private final URI server;
  private final Optional<String> token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  ServerClient(URI server, Optional<String> token) {
    this.server = server;
    this.token = token;
  }

  /**
   * What answers a GET.
   *
   * @throws ConfigException when the server refuses, with its words
   * @throws ServerUnreachable when it does not answer within 30 s, or says that it cannot
   */
  String text(String path) {
    return answered(request(path).GET());
  }

  /** As {@link #text}, for an answer in JSON. */
  JsonObject get(String path) {
    return new JsonObject(text(path));
  }

  /**
   * As {@link #get}, for a POST.
   *
   * @throws ServerRefused when the server does not do it as things are
   */
  JsonObject post(String path, JsonObject body) {
    return new JsonObject(post(path, body.encode()));
  }

  /** As {@link #post(String, JsonObject)}, for JSON as it is written. */
  String post(String path, String json) {
    return answered(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** As {@link #get}, for a DELETE. */
  JsonObject delete(String path) {
    return new JsonObject(answered(request(path).DELETE()));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(ANSWER);
    return token.map(secret -> request.header("Authorization", "Bearer " + secret)).orElse(request);
  }

  /**
   * What a GET answers with, as it comes: over a connection of another kind, for there alone
   * reading has a limit.
   *
   * @param lastEventId behind which a stream of events goes on
   * @param silence how long nothing may come before reading fails
   * @throws ConfigException when the server refuses, with its words
   * @throws ServerUnreachable when it does not answer in time, or says that it cannot
   */
  InputStream stream(String path, Optional<String> lastEventId, Duration silence) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) server.resolve(path).toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) silence.toMillis());
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Accept", "text/event-stream");
      token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
      lastEventId.ifPresent(id -> connection.setRequestProperty("Last-Event-ID", id));
      if (connection.getResponseCode() == 200) {
        return connection.getInputStream();
      }
      throw refusal(connection.getResponseCode(), connection.getContentType(), body(connection));
    } catch (IOException e) {
      throw new ServerUnreachable(server, e);
    }
  }

  private static String body(HttpURLConnection connection) throws IOException {
    try (InputStream body = connection.getErrorStream()) {
      return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String answered(HttpRequest.Builder request) {
    HttpResponse<String> response = sent(request.build());
    if (response.statusCode() < 300) {
      return response.body();
    }
    throw refusal(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(null),
        response.body());
  }

  private RuntimeException refusal(int status, @Nullable String type, String body) {
    String told = told(status, String.valueOf(type), body);
    if (status >= 500) {
      return new ServerUnreachable(server, told);
    }
    return status == CONFLICT
        ? new ServerRefused(told)
        : new ConfigException(server.toString(), told);
  }

  private static String told(int status, String type, String body) {
    if (!type.startsWith("application/problem+json")) {
      return "HTTP status " + status;
    }
    JsonObject problem = new JsonObject(body);
    return problem.getString("title") + ": " + problem.getString("detail");
  }

  private HttpResponse<String> sent(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new ServerUnreachable(server, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerUnreachable(server, new InterruptedIOException("interrupted"));
    }
  }
}
