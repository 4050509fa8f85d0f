package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServedPageTest {

  private static JsonObject item(String id, String at) {
    return new JsonObject().put("id", id).put("at", at);
  }

  private static ServedPage page(Optional<String> next, JsonObject... items) {
    return new ServedPage(List.of(items), next);
  }

  @Test
  void severalListsAreOneByTimeAndThenById() {
    // Given: an instant is written without its fraction where that is zero
    JsonObject first = item("z", "2026-11-27T05:00:00Z");
    JsonObject second = item("a", "2026-11-27T05:00:00.5Z");
    JsonObject third = item("b", "2026-11-27T05:00:00.5Z");

    // When
    ServedPage merged =
        ServedPage.merged(
            List.of(page(Optional.empty(), third), page(Optional.empty(), first, second)),
            "at",
            10);

    // Then
    assertThat(merged.items()).containsExactly(first, second, third);
    assertThat(merged.nextAfter()).isEmpty();
  }

  @Test
  void whatMovedMeanwhileIsThereOnceAsItWasSeenLast() {
    // Given
    JsonObject waiting = item("a", "2026-11-27T05:00:00Z").put("state", "awaiting_approval");
    JsonObject running = waiting.copy().put("state", "running");

    // When
    ServedPage merged =
        ServedPage.merged(
            List.of(page(Optional.empty(), waiting), page(Optional.empty(), running)), "at", 10);

    // Then
    assertThat(merged.items()).containsExactly(running);
  }

  @Test
  void aPageThatIsFullOrNotTheLastSaysWhereToGoOn() {
    // Given
    JsonObject one = item("a", "2026-11-27T05:00:00Z");
    JsonObject two = item("b", "2026-11-27T05:00:01Z");

    // When
    ServedPage full =
        ServedPage.merged(
            List.of(page(Optional.empty(), one), page(Optional.empty(), two)), "at", 1);
    ServedPage more =
        ServedPage.merged(
            List.of(page(Optional.of("b"), one, two), page(Optional.empty())), "at", 2);

    // Then
    assertThat(full.items()).containsExactly(one);
    assertThat(full.nextAfter()).contains("a");
    assertThat(more.nextAfter()).contains("b");
    assertThat(new JsonObject(more.json()).getString("next_after")).isEqualTo("b");
  }
}
