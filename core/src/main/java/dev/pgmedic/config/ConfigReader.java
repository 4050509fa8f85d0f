package dev.pgmedic.config;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Store;
import dev.pgmedic.config.Config.Tls;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a configuration file and those that it includes. Blocking. */
public final class ConfigReader {

  private static final String DEFAULT_DIRECTORY = ".pgmedic";

  // Thousands of targets; the parser's own limit is for strangers' files.
  private static final int LONGEST = 32 << 20;

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
        root.fields("store", "http", "auth", "webhooks", "defaults", "include", "targets");
    TargetReader reader = new TargetReader(new Passwords(environment), top.get("defaults"));
    Fleet fleet = new Fleet(reader);
    fleet.add(top.get("targets"), base);
    for (Path included : included(top.get("include"), file)) {
      fleet.add(parse(included).fields("targets").get("targets"), base(included));
    }
    Map<String, Target> targets = fleet.targets();
    if (targets.isEmpty()) {
      throw root.mistake("expected at least one target under targets:");
    }
    Http http = http(top.get("http"), base);
    return new Config(
        store(top.get("store"), base),
        http,
        auth(top.get("auth"), new TokenReader(base, targets.keySet())),
        new WebhookReader(base).read(top.get("webhooks"), targets.keySet()),
        targets);
  }

  private YamlNode parse(Path file) {
    try (var reader = Files.newBufferedReader(file)) {
      LoaderOptions options = new LoaderOptions();
      options.setCodePointLimit(LONGEST);
      Node node = new Yaml(options).compose(reader);
      if (node == null) {
        throw new ConfigException(file.toString(), "is empty; expected targets:");
      }
      return YamlNode.root(file.toString(), node, environment);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new ConfigException(file + " line " + line, "not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new ConfigException(file.toString(), "not YAML: " + e.getMessage());
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private static Path base(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  // Two patterns may name the same file, and one of them this file itself.
  private static Set<Path> included(@Nullable YamlNode include, Path file) {
    Set<Path> files = new LinkedHashSet<>();
    for (YamlNode pattern : include == null ? List.<YamlNode>of() : include.items()) {
      List<Path> matching = pattern.parsed(text -> matching(base(file), text));
      if (matching.isEmpty()) {
        throw pattern.mistake(
            "expected at least one file that it names, found none in "
                + base(file)
                + "; only its last part may have * and ?");
      }
      files.addAll(matching);
    }
    files.remove(file.toAbsolutePath().normalize());
    return files;
  }

  private static List<Path> matching(Path base, String pattern) {
    Path whole = base.resolve(pattern).normalize();
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

  private Store store(@Nullable YamlNode node, Path base) {
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

  private static Http http(@Nullable YamlNode node, Path base) {
    if (node == null) {
      return Http.DEFAULT;
    }
    Map<String, YamlNode> fields = node.fields("listen", "names", "tls");
    List<String> names = fields.containsKey("names") ? fields.get("names").texts() : List.of();
    Http listen =
        fields.containsKey("listen")
            ? fields.get("listen").parsed(ConfigReader::listen)
            : Http.DEFAULT;
    return new Http(
        listen.host(),
        listen.port(),
        new TreeSet<>(names),
        Optional.ofNullable(fields.get("tls")).map(tls -> tls(tls, base)));
  }

  private static Tls tls(YamlNode node, Path base) {
    Map<String, YamlNode> fields = node.fields("certificate", "key");
    YamlNode certificate = fields.get("certificate");
    YamlNode key = fields.get("key");
    if (certificate == null || key == null) {
      throw node.mistake("expected certificate and key, a PEM file each");
    }
    return new Tls(
        certificate.parsed(path -> pem(base.resolve(path), "CERTIFICATE")),
        key.parsed(path -> pem(base.resolve(path), "PRIVATE KEY")));
  }

  private static Path pem(Path file, String kind) {
    try {
      if (Files.readString(file).contains(kind + "-----")) {
        return file;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        "expected a PEM file with BEGIN " + kind + ", and " + file + " is none");
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
        return new Http(host, port, Set.of());
      }
    } catch (NumberFormatException e) {
      // told below, with what was expected
    }
    throw new IllegalArgumentException(
        "expected host:port, such as 127.0.0.1:5000, found \"" + text + "\"");
  }

  private static Auth auth(@Nullable YamlNode node, TokenReader reader) {
    if (node == null) {
      return new Auth(Optional.empty(), List.of());
    }
    Map<String, YamlNode> fields = node.fields("anonymous", "tokens");
    List<Token> tokens = new ArrayList<>();
    for (YamlNode item :
        fields.containsKey("tokens") ? fields.get("tokens").items() : List.<YamlNode>of()) {
      tokens.add(reader.read(item));
    }
    return new Auth(
        Optional.ofNullable(fields.get("anonymous")).map(word -> word.oneOf(Anonymous.class)),
        tokens);
  }

  static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).stream().findFirst().orElse("").strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    }
  }
}
