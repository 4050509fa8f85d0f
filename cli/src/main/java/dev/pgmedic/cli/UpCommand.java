package dev.pgmedic.cli;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.config.ConfigReader;
import dev.pgmedic.embedded.EmbeddedServer;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the service until it is told to stop. */
@Command(
    name = "up",
    description = "Runs the service: monitor, approval API and recovery worker.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: pgmedic up --url postgresql://me@localhost/mydb"})
final class UpCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description = "Some of api, monitor, recovery-worker; default all.")
  private List<String> roles = List.of();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the API listens; default 127.0.0.1:5000.")
  private @Nullable String listen;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Config config = source.read();
    Set<Node.Role> wanted = wantedRoles();
    Config.Http http = http(config);
    AdminToken token = AdminToken.in(config.store().directory());
    Config.Auth auth = token.orConfigured(config);
    Closing closing = new Closing();
    Runtime.getRuntime().addShutdownHook(new Thread(closing::close, "pgmedic-stop"));
    try {
      PostgresUrl store = store(config, closing);
      Vertx vertx = closing.add(ServiceVertx.start(config.store().directory()));
      Node node =
          Node.start(
                  vertx,
                  store,
                  new Node.Parts(
                      wanted,
                      config.targets(),
                      new ApiOptions(http, auth),
                      Node.Patience.DEFAULT,
                      config.webhooks()))
              .await();
      closing.add(node);
      tell(config, http, wanted, node, token);
      new CountDownLatch(1).await();
      return 0;
    } finally {
      closing.close();
    }
  }

  private static PostgresUrl store(Config config, Closing closing) throws IOException {
    if (config.store().url().isPresent()) {
      return config.store().url().get();
    }
    return closing.add(EmbeddedServer.open(config.store().directory())).url("postgres");
  }

  private Set<Node.Role> wantedRoles() {
    Set<Node.Role> wanted = EnumSet.noneOf(Node.Role.class);
    for (String name : roles) {
      wanted.add(
          Node.Role.ALL.stream()
              .filter(role -> role.toString().equals(name.strip().toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(() ->
                  new ConfigException(
                      "--roles", "expected some of " + Node.Role.ALL + ", found " + name)));
    }
    return wanted.isEmpty() ? Node.Role.ALL : wanted;
  }

  private Config.Http http(Config config) {
    if (listen == null) {
      return config.http();
    }
    try {
      return config.http().at(ConfigReader.listen(listen));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--listen", String.valueOf(e.getMessage()));
    }
  }

  private void tell(
      Config config, Config.Http http, Set<Node.Role> wanted, Node node, AdminToken token) {
    PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
    out.println("pgmedic watches " + config.targets().keySet() + " as " + wanted);
    if (wanted.contains(Node.Role.API)) {
      String base = http.scheme() + "://" + http.host() + ":" + node.port();
      out.println("console: " + base + "/");
      out.println("health:  curl -s " + base + "/api/health/database");
      out.println("events:  curl -N " + base + "/api/events?after=beginning");
      if (config.auth().tokens().isEmpty()) {
        out.println("token:   " + token.file() + " (admin; send it as Authorization: Bearer)");
      }
    }
    out.flush();
  }
}
