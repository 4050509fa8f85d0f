package dev.pgmedic.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The tokens that a server's store has, page by page. */
final class TokenPages {

  private final ServerClient client;

  TokenPages(ServerClient client) {
    this.client = client;
  }

  /** All of them, the oldest first. Blocking; fails as the client does. */
  List<JsonObject> all() {
    List<JsonObject> all = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonObject page =
          client.get("/api/tokens?limit=500" + (next.isEmpty() ? "" : "&after=" + next));
      page.getJsonArray("items").forEach(token -> all.add((JsonObject) token));
      next = page.getString("next_after");
    }
    return all;
  }
}
