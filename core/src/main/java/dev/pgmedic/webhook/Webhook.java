package dev.pgmedic.webhook;

import dev.pgmedic.event.EventFilter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where events are sent.
 *
 * @param name what people call it; one webhook has it
 * @param url whom to send to; may hold a secret, and is shown without its path
 * @param format how an event reads there
 * @param secret signs what is sent
 * @param filter which events
 */
public record Webhook(
    String name, URI url, WebhookFormat format, WebhookSecret secret, EventFilter filter) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /** Rejects a name that is none. */
  public Webhook {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: expected 1 to 64 letters, digits, dots, - and _, found \"" + name + "\"");
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when nothing can be sent there; its text has no part of the
   *     URL
   */
  public static URI url(String text) {
    try {
      URI url = new URI(text);
      if (SCHEMES.contains(String.valueOf(url.getScheme()))
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // told below, without the text: it may hold a secret
    }
    throw new IllegalArgumentException(
        "url: expected http:// or https://, a host and a path, without a user and without #");
  }

  /** Where it goes, without what may be secret. */
  public String shownUrl() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + "/…";
  }

  @Override
  public String toString() {
    return "Webhook[" + name + ", " + shownUrl() + ", " + format + "]";
  }
}
