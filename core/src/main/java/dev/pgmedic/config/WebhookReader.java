package dev.pgmedic.config;

import dev.pgmedic.config.Config.Webhooks;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.webhook.AddressRange;
import dev.pgmedic.webhook.OpenAddresses;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat;
import dev.pgmedic.webhook.WebhookSecret;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads where events are sent. */
final class WebhookReader {

  private final Path base;

  WebhookReader(Path base) {
    this.base = base;
  }

  Webhooks read(@Nullable YamlNode node, Set<String> targets) {
    if (node == null) {
      return Webhooks.NONE;
    }
    Map<String, YamlNode> fields = node.fields("allow", "receivers");
    List<AddressRange> allowed =
        items(fields.get("allow")).stream().map(item -> item.parsed(AddressRange::parse)).toList();
    Map<String, Webhook> receivers = new LinkedHashMap<>();
    for (YamlNode item : items(fields.get("receivers"))) {
      Webhook receiver = receiver(item, targets);
      if (receivers.put(receiver.name(), receiver) != null) {
        throw item.mistake("another receiver has this name too");
      }
    }
    return new Webhooks(new OpenAddresses(allowed), List.copyOf(receivers.values()));
  }

  private static List<YamlNode> items(@Nullable YamlNode node) {
    return node == null ? List.of() : node.items();
  }

  private Webhook receiver(YamlNode item, Set<String> targets) {
    Map<String, YamlNode> fields =
        item.fields(
            "name", "url", "url_file", "format", "secret", "secret_file", "targets", "types");
    YamlNode name = fields.get("name");
    Optional<YamlNode> url = one(item, fields, "url", "url_file");
    Optional<YamlNode> secret = one(item, fields, "secret", "secret_file");
    if (name == null || url.isEmpty() || secret.isEmpty()) {
      throw item.mistake(
          "expected name, one of url and url_file, and one of secret and secret_file");
    }
    try {
      return new Webhook(
          name.text(),
          value(url.get(), fields.containsKey("url_file"), Webhook::url),
          fields.containsKey("format")
              ? fields.get("format").parsed(WebhookFormat::of)
              : WebhookFormat.CLOUDEVENTS,
          value(secret.get(), fields.containsKey("secret_file"), WebhookSecret::new),
          new EventFilter(
              items(fields.get("targets")).stream()
                  .map(target -> known(target, targets))
                  .collect(Collectors.toSet()),
              items(fields.get("types")).stream()
                  .map(type -> type.parsed(EventType::of))
                  .collect(Collectors.toSet())));
    } catch (IllegalArgumentException e) {
      throw item.mistake(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<YamlNode> one(
      YamlNode item, Map<String, YamlNode> fields, String name, String file) {
    Set<String> both = new HashSet<>(Set.of(name, file));
    both.retainAll(fields.keySet());
    if (both.size() > 1) {
      throw item.mistake("expected one of " + name + " and " + file);
    }
    return both.stream().findFirst().map(fields::get);
  }

  private <T> T value(YamlNode node, boolean isFile, Function<String, T> parser) {
    return node.parsed(
        text -> parser.apply(isFile ? ConfigReader.firstLine(base.resolve(text)) : text));
  }

  private static String known(YamlNode node, Set<String> targets) {
    String target = node.text();
    if (!targets.contains(target)) {
      throw node.mistake("expected one of " + targets + ", found \"" + target + "\"");
    }
    return target;
  }
}
