package dev.pgmedic.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventType;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(10)
class WebhookFormatTest {

  private static Event event(EventType type, JsonObject data) {
    return new Event(new Cursor("0a1b2c3d", 7), type, "shop", "id", Instant.EPOCH, data);
  }

  private static Event hostile() {
    return event(
        EventType.ISSUE_OPENED,
        new JsonObject()
            .put("severity", "critical")
            .put("code", "table.missing")
            .put("message", "<!channel> @everyone <http://evil|click> & \n\u0007gone"));
  }

  @Test
  void slackReadsNoMarkupOfTheDatabases() {
    assertThat(new JsonObject(WebhookFormat.SLACK.render(hostile()).body()).getString("text"))
        .isEqualTo(
            "[shop] issue.opened: critical table.missing: &lt;!channel&gt; @everyone"
                + " &lt;http://evil|click&gt; &amp;  gone");
  }

  @Test
  void discordMentionsNobody() {
    // When
    JsonObject body = new JsonObject(WebhookFormat.DISCORD.render(hostile()).body());

    // Then
    assertThat(body.getString("content")).contains("@everyone").doesNotContain("\n");
    assertThat(body.getJsonObject("allowed_mentions").getJsonArray("parse")).isEmpty();
  }

  @Test
  void ntfyIsTheMoreUrgentTheWorseItIs() {
    // When
    WebhookFormat.Content content = WebhookFormat.NTFY.render(hostile());

    // Then
    assertThat(content.headers())
        .containsEntry("Title", "pgmedic: shop")
        .containsEntry("Priority", "urgent");
    assertThat(content.body()).startsWith("[shop] issue.opened: critical table.missing");
  }

  @Test
  void cloudEventsAreTheEventsThemselves() {
    // When
    WebhookFormat.Content content = WebhookFormat.CLOUDEVENTS.render(hostile());

    // Then
    assertThat(content.type()).isEqualTo("application/cloudevents+json");
    assertThat(Event.of(new JsonObject(content.body()))).isEqualTo(hostile());
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void everyTypeHasALineThatIsBounded(EventType type) {
    // Given
    String longest = "x".repeat(5_000);
    JsonObject data =
        new JsonObject().put("message", longest).put("summary", longest).put("title", longest);

    // When
    String line = WebhookFormat.NTFY.render(event(type, data)).body();

    // Then
    assertThat(line).startsWith("[shop] " + type + ":").hasSizeLessThanOrEqualTo(500);
  }
}
