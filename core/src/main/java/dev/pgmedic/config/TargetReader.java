package dev.pgmedic.config;

import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Replay;
import dev.pgmedic.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one target of a configuration file. */
final class TargetReader {

  private static final Map<String, String> ENVIRONMENT = Map.of("DATABASE_URL", "{url}");

  private final Passwords passwords;
  private final Duration checkEvery;
  private final Deadlines deadlines;
  private final Policy policy;

  TargetReader(Passwords passwords, @Nullable YamlNode defaults) {
    this.passwords = passwords;
    Map<String, YamlNode> fields =
        defaults == null ? Map.of() : defaults.fields("check_every", "deadlines", "recovery");
    this.checkEvery = checkEvery(fields.get("check_every"), Target.DEFAULT_CHECK_EVERY);
    this.deadlines = deadlines(fields.get("deadlines"), Deadlines.DEFAULT);
    this.policy = policy(fields.get("recovery"));
  }

  private static Policy policy(@Nullable YamlNode node) {
    if (node == null) {
      return Policy.DEFAULT;
    }
    return PolicyReader.read(
        node, node.fields(PolicyReader.FIELDS.toArray(String[]::new)), Policy.DEFAULT);
  }

  Target read(String name, YamlNode node, Path base) {
    Map<String, YamlNode> fields =
        node.fields(
            "url",
            "password_file",
            "labels",
            "migrations",
            "expect",
            "recovery",
            "check_every",
            "deadlines");
    YamlNode url = fields.get("url");
    if (url == null) {
      throw node.mistake("expected url: postgresql://user@host:port/database");
    }
    PostgresUrl address = url(url, fields.get("password_file"), base);
    try {
      return new Target(
          name,
          address,
          texts(fields.get("labels")),
          migrations(fields.get("migrations"), base),
          expect(fields.get("expect")),
          Optional.ofNullable(fields.get("recovery")).map(r -> recovery(r, address, base)),
          checkEvery(fields.get("check_every"), checkEvery),
          deadlines(fields.get("deadlines"), deadlines));
    } catch (IllegalArgumentException e) {
      throw node.mistake(String.valueOf(e.getMessage()));
    }
  }

  private PostgresUrl url(YamlNode node, @Nullable YamlNode passwordFile, Path base) {
    PostgresUrl url = node.parsed(PostgresUrl::parse);
    if (passwordFile != null) {
      String password = passwordFile.parsed(path -> ConfigReader.firstLine(base.resolve(path)));
      return url.withPassword(Optional.of(password));
    }
    return passwords.complete(url);
  }

  private static Duration checkEvery(@Nullable YamlNode node, Duration otherwise) {
    if (node == null) {
      return otherwise;
    }
    Duration every = node.duration();
    if (every.toMillis() < 100) {
      throw node.mistake("expected at least 100ms");
    }
    return every;
  }

  private static Deadlines deadlines(@Nullable YamlNode node, Deadlines otherwise) {
    if (node == null) {
      return otherwise;
    }
    Map<String, YamlNode> fields =
        node.fields("connect", "check", "lock_wait", "statement", "command", "recovery", "idle");
    return new Deadlines(
        limit(fields.get("connect"), otherwise.connect()),
        limit(fields.get("check"), otherwise.check()),
        limit(fields.get("lock_wait"), otherwise.lockWait()),
        limit(fields.get("statement"), otherwise.statement()),
        limit(fields.get("command"), otherwise.command()),
        limit(fields.get("recovery"), otherwise.recovery()),
        limit(fields.get("idle"), otherwise.idle()));
  }

  private static Duration limit(@Nullable YamlNode node, Duration otherwise) {
    if (node == null) {
      return otherwise;
    }
    Duration limit = node.duration();
    if (limit.isZero()) {
      throw node.mistake("expected more than zero: nothing here waits for ever");
    }
    return limit;
  }

  private static Migrations migrations(@Nullable YamlNode node, Path base) {
    if (node == null) {
      return Migrations.DETECTED;
    }
    Map<String, YamlNode> fields =
        node.fields("tool", "table", "directory", "upgrade", "environment", "lock_keys", "replay");
    return new Migrations(
        Optional.ofNullable(fields.get("tool")).map(TargetReader::tool),
        Optional.ofNullable(fields.get("table")).map(TargetReader::table),
        Optional.ofNullable(fields.get("directory")).map(d -> base.resolve(d.text()).normalize()),
        fields.containsKey("upgrade") ? fields.get("upgrade").words() : List.of(),
        fields.containsKey("environment") ? values(fields.get("environment")) : ENVIRONMENT,
        fields.containsKey("lock_keys")
            ? fields.get("lock_keys").items().stream().map(YamlNode::number).toList()
            : List.of(),
        fields.containsKey("replay") ? replay(fields.get("replay")) : Replay.OF_FILES);
  }

  private static Replay replay(YamlNode node) {
    if (node.isText()) {
      if (!node.text().equals("off")) {
        throw node.mistake("expected off, or command: with the words of a command");
      }
      return Replay.OFF;
    }
    YamlNode command = node.fields("command").get("command");
    if (command == null || command.items().isEmpty()) {
      throw node.mistake("expected command: with the words of a command");
    }
    return Replay.by(command.words());
  }

  private static String tool(YamlNode node) {
    Set<String> known = dev.pgmedic.history.tool.MigrationTools.names();
    if (!known.contains(node.text())) {
      throw node.mistake("expected one of " + known + ", found \"" + node.text() + "\"");
    }
    return node.text();
  }

  private static String table(YamlNode node) {
    if (Sql.parts(node.text()).size() != 2) {
      throw node.mistake("expected schema.table, found \"" + node.text() + "\"");
    }
    return node.text();
  }

  private static Expectation expect(@Nullable YamlNode node) {
    if (node == null) {
      return Expectation.NONE;
    }
    Map<String, YamlNode> fields = node.fields("tables", "enums");
    Map<String, List<String>> enums = new LinkedHashMap<>();
    if (fields.containsKey("enums")) {
      fields.get("enums").entries().forEach((name, labels) -> enums.put(name, labels.texts()));
    }
    return new Expectation(
        fields.containsKey("tables") ? new TreeSet<>(fields.get("tables").texts()) : Set.of(),
        enums);
  }

  private Recovery recovery(YamlNode node, PostgresUrl url, Path base) {
    List<String> names = new ArrayList<>(List.of("url", "password_file", "restart"));
    names.addAll(PolicyReader.FIELDS);
    Map<String, YamlNode> fields = node.fields(names.toArray(String[]::new));
    if (fields.containsKey("password_file") && !fields.containsKey("url")) {
      throw node.mistake("expected url: beside password_file:");
    }
    return new Recovery(
        fields.containsKey("url") ? url(fields.get("url"), fields.get("password_file"), base) : url,
        fields.containsKey("restart")
            ? fields.get("restart").items().stream().map(YamlNode::words).toList()
            : List.of(),
        PolicyReader.read(node, fields, policy));
  }

  private static Map<String, String> texts(@Nullable YamlNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (node != null) {
      node.entries().forEach((name, value) -> texts.put(name, value.text()));
    }
    return texts;
  }

  // For commands, which alone get to know what variables stand for.
  private static Map<String, String> values(YamlNode node) {
    Map<String, String> values = new LinkedHashMap<>();
    node.entries().forEach((name, value) -> values.put(name, value.written()));
    return values;
  }
}
