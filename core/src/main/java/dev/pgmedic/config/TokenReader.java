package dev.pgmedic.config;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Source;
import dev.pgmedic.config.Config.Token;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bearer tokens under {@code auth.tokens}. Blocking. */
final class TokenReader {

  private static final int SHORTEST = 16;

  private final Path base;
  private final Set<String> targets;

  /**
   * A reader.
   *
   * @param base what relative paths are relative to
   * @param targets the names that a token may be limited to
   */
  TokenReader(Path base, Set<String> targets) {
    this.base = base;
    this.targets = Set.copyOf(targets);
  }

  Token read(YamlNode item) {
    Map<String, YamlNode> fields =
        item.fields("name", "role", "token", "token_file", "kind", "targets", "labels", "expires");
    YamlNode name = fields.get("name");
    YamlNode role = fields.get("role");
    if (name == null || role == null) {
      throw item.mistake("expected name, role, and one of token and token_file");
    }
    if (name.text().equals("policy")) {
      throw name.mistake("expected another name: what runs without a person is approved by policy");
    }
    return new Token(
        name.text(),
        role.oneOf(Role.class),
        secret(item, fields.get("token"), fields.get("token_file")),
        Source.CONFIG,
        Optional.ofNullable(fields.get("kind"))
            .map(kind -> kind.oneOf(TokenKind.class))
            .orElse(TokenKind.PERSON),
        new Scope(targets(fields.get("targets")), labels(fields.get("labels"))),
        Optional.ofNullable(fields.get("expires")).map(TokenReader::time));
  }

  private String secret(YamlNode item, @Nullable YamlNode text, @Nullable YamlNode file) {
    if ((text == null) == (file == null)) {
      throw item.mistake("expected name, role, and one of token and token_file");
    }
    String secret =
        text != null
            ? text.text()
            : Objects.requireNonNull(file)
                .parsed(path -> ConfigReader.firstLine(base.resolve(path)));
    if (secret.length() < SHORTEST) {
      throw item.mistake("expected a token of at least " + SHORTEST + " characters");
    }
    return secret;
  }

  // What is written and empty would limit nothing, and was meant to limit all.
  private Set<String> targets(@Nullable YamlNode node) {
    if (node == null) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>();
    for (YamlNode item : node.items()) {
      if (!targets.contains(item.text())) {
        throw item.mistake("expected one of " + targets + ", found \"" + item.text() + "\"");
      }
      names.add(item.text());
    }
    if (names.isEmpty()) {
      throw node.mistake("expected at least one target; left out, the token is for all");
    }
    return names;
  }

  private static Map<String, String> labels(@Nullable YamlNode node) {
    if (node == null) {
      return Map.of();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    node.entries().forEach((name, value) -> labels.put(name, value.text()));
    if (labels.isEmpty()) {
      throw node.mistake("expected at least one label; left out, the token is for all");
    }
    return labels;
  }

  private static Instant time(YamlNode node) {
    try {
      return OffsetDateTime.parse(node.text()).toInstant();
    } catch (DateTimeParseException e) {
      throw node.mistake(
          "expected a time such as 2027-01-31T00:00:00Z, found \"" + node.text() + "\"");
    }
  }
}
