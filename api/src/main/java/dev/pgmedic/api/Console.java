package dev.pgmedic.api;

import dev.pgmedic.digest.Sha256;
import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The operators' console: a page at {@code /} and what it is made of. It holds nothing of anybody's
 * and so is served to all; what it shows it asks the API for.
 */
final class Console {

  /** All that there is: nothing else is read from the class path, whatever a request asks for. */
  static final List<String> FILES =
      List.of(
          "index.html",
          "ages.js",
          "api.js",
          "base.css",
          "colours.css",
          "dom.js",
          "events.js",
          "format.js",
          "icon.svg",
          "icons.js",
          "lockgraph.js",
          "lockpicture.js",
          "main.js",
          "morph.js",
          "news.js",
          "overview.js",
          "pace.js",
          "parts.css",
          "parts.js",
          "router.js",
          "session.js",
          "shell.css",
          "shell.js",
          "shortcuts.js",
          "sql.js",
          "sse.js",
          "stage.js",
          "theme.js",
          "views.css",
          "views/audit.js",
          "views/decision.js",
          "views/eventrow.js",
          "views/events.js",
          "views/fleet.js",
          "views/issue.js",
          "views/locks.js",
          "views/nowhere.js",
          "views/settle.js",
          "views/signin.js",
          "views/steps.js",
          "views/target.js",
          "views/task.js",
          "views/tasks.js",
          "views/timeline.js");

  /**
   * The page runs its own scripts, asks its own server, is framed by nobody, and never makes
   * elements out of text, so that a database cannot write into it.
   */
  static final String POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types 'none'");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final List<Part> parts;

  private Console(List<Part> parts) {
    this.parts = parts;
  }

  /** Reads the console; called where a file may be read. */
  static Console read() {
    return new Console(FILES.stream().map(Part::read).toList());
  }

  private record Part(List<String> paths, String type, String tag, Buffer body) {
    static Part read(String name) {
      String text = SqlResource.read(Console.class, "console/" + name);
      Stream<String> paths = Stream.of("/console/" + name);
      return new Part(
          (name.equals("index.html") ? Stream.concat(Stream.of("/"), paths) : paths).toList(),
          TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"),
          '"' + Sha256.hex(text).substring(0, 32) + '"',
          Buffer.buffer(text));
    }
  }

  void addTo(Router router) {
    for (Part part : parts) {
      part.paths().forEach(path -> router.get(path).handler(context -> answer(context, part)));
    }
  }

  private static void answer(RoutingContext context, Part part) {
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.ETAG, part.tag())
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader("Content-Security-Policy", POLICY)
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Cross-Origin-Opener-Policy", "same-origin")
            .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (part.tag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end().onFailure(context::fail);
      return;
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, part.type())
        .end(part.body())
        .onFailure(context::fail);
  }
}
