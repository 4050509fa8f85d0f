package dev.pgmedic.cli;

import dev.pgmedic.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list, as a server answers with it.
 *
 * @param items as they were served
 * @param nextAfter where the next page begins; absent on the last one
 */
record ServedPage(List<JsonObject> items, Optional<String> nextAfter) {

  static ServedPage of(String json) {
    JsonObject page = new JsonObject(json);
    return new ServedPage(
        page.getJsonArray("items").stream().map(JsonObject.class::cast).toList(),
        Optional.ofNullable(page.getString("next_after")));
  }

  /**
   * One page of several lists, as if they were one. An item that moved from one to the other
   * meanwhile is there once, as it was seen last.
   *
   * @param pages their pages behind the same place, with up to {@code limit} items each
   * @param time the name of the moment that the items are sorted by, then by {@code id}
   */
  static ServedPage merged(List<ServedPage> pages, String time, int limit) {
    Map<String, JsonObject> byId = new HashMap<>();
    pages.forEach(page -> page.items().forEach(item -> byId.put(item.getString("id"), item)));
    List<JsonObject> all =
        byId.values().stream()
            .sorted(
                Comparator.comparing((JsonObject item) -> Instant.parse(item.getString(time)))
                    .thenComparing(item -> item.getString("id")))
            .toList();
    List<JsonObject> kept = all.subList(0, Math.min(limit, all.size()));
    boolean more =
        kept.size() < all.size() || pages.stream().anyMatch(page -> page.nextAfter().isPresent());
    return new ServedPage(
        kept, more ? Optional.of(kept.get(kept.size() - 1).getString("id")) : Optional.empty());
  }

  /** As the server writes it. */
  String json() {
    return new JsonObject()
        .put("items", new JsonArray(items))
        .put("next_after", nextAfter.orElse(null))
        .encode();
  }

  /**
   * Each item for people, and how to go on behind the last.
   *
   * @param none what is said when there is no item
   */
  <T> List<String> lines(Class<T> type, Function<T, List<String>> text, String none) {
    List<String> lines = new ArrayList<>();
    items.forEach(item -> lines.addAll(text.apply(Json.read(item.encode(), type))));
    if (lines.isEmpty()) {
      lines.add(none);
    }
    nextAfter.ifPresent(next -> lines.add("more: --after " + next));
    return lines;
  }
}
