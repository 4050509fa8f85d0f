package dev.pgmedic.webhook;

import dev.pgmedic.event.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** How an event reads at its receiver. */
public enum WebhookFormat {
  /**
   * The CloudEvent as the stream has it.
   *
   * @see <a
   *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">Structured
   *     mode</a>
   */
  CLOUDEVENTS {
    @Override
    public Content render(Event event) {
      return new Content("application/cloudevents+json", Map.of(), event.toCloudEvent().encode());
    }
  },

  /**
   * A line in a channel; nothing in it can be a link, a mention or markup of its own.
   *
   * @see <a href="https://docs.slack.dev/messaging/formatting-message-text">Escaping</a>
   */
  SLACK {
    @Override
    public Content render(Event event) {
      String text =
          Headline.of(event).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
      return json(new JsonObject().put("text", text));
    }
  },

  /**
   * A line in a channel that mentions nobody.
   *
   * @see <a href="https://discord.com/developers/docs/resources/webhook#execute-webhook">Execute
   *     Webhook</a>
   */
  DISCORD {
    @Override
    public Content render(Event event) {
      JsonObject nobody = new JsonObject().put("parse", new JsonArray());
      return json(
          new JsonObject().put("content", Headline.of(event)).put("allowed_mentions", nobody));
    }
  },

  /**
   * A notification, the more urgent the worse it is.
   *
   * @see <a href="https://docs.ntfy.sh/publish/">Publishing</a>
   */
  NTFY {
    @Override
    public Content render(Event event) {
      String target = event.target().replaceAll("[^ -~]", "?");
      return new Content(
          "text/plain; charset=utf-8",
          Map.of("Title", "pgmedic: " + target, "Priority", priority(event)),
          Headline.of(event));
    }
  };

  /**
   * What is sent.
   *
   * @param type the media type
   * @param headers further headers
   * @param body the text
   */
  public record Content(String type, Map<String, String> headers, String body) {

    /** Copies the headers. */
    public Content {
      headers = Map.copyOf(headers);
    }
  }

  /** What is sent of an event. */
  public abstract Content render(Event event);

  private static Content json(JsonObject body) {
    return new Content("application/json", Map.of(), body.encode());
  }

  private static String priority(Event event) {
    return switch (event.data().getString("severity", "")) {
      case "critical" -> "urgent";
      case "high" -> "high";
      default -> "default";
    };
  }

  /**
   * Reads the name as the configuration writes it.
   *
   * @throws IllegalArgumentException when no format is called that
   */
  public static WebhookFormat of(String name) {
    return Arrays.stream(values())
        .filter(format -> format.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "format: expected one of "
                    + Arrays.toString(values())
                    + ", found \""
                    + name
                    + "\""));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
