package dev.pgmedic.config;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Store;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a configuration file and those that it includes. Blocking. */
public final class ConfigReader {

  private static final String DEFAULT_DIRECTORY = ".pgmedic";

  private final Function<String, Optional<String>> environment;

  /**
   * A reader.
   *
   * @param environment looks up what <code>${NAME}</code> stands for
   */
  public ConfigReader(Function<String, Optional<String>> environment) {
    this.environment = environment;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException at the first mistake, with its file, line and what was expected
   */
  public Config read(Path file) {
    YamlNode root = parse(file);
    Path base = base(file);
    Map<String, YamlNode> top =
        root.fields("store", "http", "auth", "defaults", "include", "targets");
    TargetReader reader = new TargetReader(new Passwords(environment), top.get("defaults"));
    Map<String, Target> targets = new LinkedHashMap<>();
    add(targets, reader, top.get("targets"), base);
    for (String pattern :
        top.containsKey("include") ? top.get("include").texts() : List.<String>of()) {
      for (Path included : matching(base, pattern)) {
        add(targets, reader, parse(included).fields("targets").get("targets"), base(included));
      }
    }
    if (targets.isEmpty()) {
      throw root.mistake("expected at least one target under targets:");
    }
    Http http = http(top.get("http"));
    return new Config(store(top.get("store"), base), http, auth(top.get("auth"), base), targets);
  }

  private YamlNode parse(Path file) {
    try (var reader = Files.newBufferedReader(file)) {
      Node node = new Yaml(new LoaderOptions()).compose(reader);
      if (node == null) {
        throw new ConfigException(file.toString(), "is empty; expected targets:");
      }
      return new YamlNode(file.toString(), "", node, environment);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new ConfigException(file + " line " + line, "not YAML: " + e.getProblem());
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private static Path base(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  private static void add(
      Map<String, Target> targets,
      TargetReader reader,
      @org.jspecify.annotations.Nullable YamlNode node,
      Path base) {
    if (node == null) {
      return;
    }
    node.entries()
        .forEach((name, value) -> {
          if (targets.put(name, reader.read(name, value, base)) != null) {
            throw value.mistake("another file names this target too");
          }
        });
  }

  private static List<Path> matching(Path base, String pattern) {
    Path whole = base.resolve(pattern);
    Path folder = whole.getParent() == null ? base : whole.getParent();
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(folder, String.valueOf(whole.getFileName()))) {
        found.forEach(files::add);
      } catch (IOException e) {
        throw new ConfigException(folder.toString(), "cannot be read: " + e.getMessage());
      }
    }
    return files.stream().sorted().toList();
  }

  private Store store(@org.jspecify.annotations.Nullable YamlNode node, Path base) {
    if (node == null) {
      return new Store(Optional.empty(), base.resolve(DEFAULT_DIRECTORY));
    }
    Map<String, YamlNode> fields = node.fields("url", "directory");
    Optional<PostgresUrl> url =
        Optional.ofNullable(fields.get("url"))
            .map(value -> new Passwords(environment).complete(value.parsed(PostgresUrl::parse)));
    String directory =
        fields.containsKey("directory") ? fields.get("directory").text() : DEFAULT_DIRECTORY;
    return new Store(url, base.resolve(directory));
  }

  private static Http http(@org.jspecify.annotations.Nullable YamlNode node) {
    if (node == null) {
      return Http.DEFAULT;
    }
    Map<String, YamlNode> fields = node.fields("listen", "names");
    List<String> names = fields.containsKey("names") ? fields.get("names").texts() : List.of();
    Http listen =
        fields.containsKey("listen")
            ? fields.get("listen").parsed(ConfigReader::listen)
            : Http.DEFAULT;
    return new Http(listen.host(), listen.port(), new TreeSet<>(names));
  }

  /**
   * Reads where to listen.
   *
   * @throws IllegalArgumentException when it is not {@code host:port}
   */
  public static Http listen(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= 65_535) {
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        return new Http(host, port, java.util.Set.of());
      }
    } catch (NumberFormatException e) {
      // told below, with what was expected
    }
    throw new IllegalArgumentException(
        "expected host:port, such as 127.0.0.1:5000, found \"" + text + "\"");
  }

  private static Auth auth(@org.jspecify.annotations.Nullable YamlNode node, Path base) {
    if (node == null) {
      return new Auth(Optional.empty(), List.of());
    }
    Map<String, YamlNode> fields = node.fields("anonymous", "tokens");
    List<Token> tokens = new ArrayList<>();
    for (YamlNode item :
        fields.containsKey("tokens") ? fields.get("tokens").items() : List.<YamlNode>of()) {
      tokens.add(token(item, base));
    }
    return new Auth(
        Optional.ofNullable(fields.get("anonymous")).map(word -> word.oneOf(Anonymous.class)),
        tokens);
  }

  private static Token token(YamlNode item, Path base) {
    Map<String, YamlNode> fields = item.fields("name", "role", "token", "token_file");
    YamlNode name = fields.get("name");
    YamlNode role = fields.get("role");
    YamlNode secret = fields.get("token");
    YamlNode secretFile = fields.get("token_file");
    if (name == null || role == null || (secret == null) == (secretFile == null)) {
      throw item.mistake("expected name, role, and one of token and token_file");
    }
    String value =
        secret != null
            ? secret.text()
            : java.util.Objects.requireNonNull(secretFile)
                .parsed(path -> firstLine(base.resolve(path)));
    if (value.length() < 16) {
      throw item.mistake("expected a token of at least 16 characters");
    }
    return new Token(name.text(), role.oneOf(Role.class), value);
  }

  static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).stream().findFirst().orElse("").strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    }
  }
}
