package dev.pgmedic.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.target.Target;
import dev.pgmedic.webhook.AddressRange;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat;
import dev.pgmedic.webhook.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class ConfigReaderTest {

  private static final String SECRET = "a-very-secret-token";
  private static final String HOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String WHOLE =
      """
      store:
        url: postgresql://pgmedic:hidden1@db/pgmedic
        directory: .pgmedic
      http:
        listen: 127.0.0.1:5001
        names: [pgmedic.example]
      auth:
        anonymous: health
        tokens:
          - {name: jarvis, role: approver, token: "${JARVIS_TOKEN}"}
          - {name: root, role: admin, token_file: token.txt}
          - name: ci
            role: viewer
            kind: service
            token: ${JARVIS_TOKEN}-of-ci
            targets: [other, homelab]
            labels: {env: home}
            expires: 2027-01-31T01:00:00+01:00
      webhooks:
        allow: [10.1.0.0/16, "fd00::1"]
        receivers:
          - {name: ops, url: "https://hooks.example/hidden4", format: slack, secret_file: hook.txt}
          - name: all
            url_file: url.txt
            secret: ${HOOK_SECRET}
            targets: [homelab]
            types: [issue.opened, task.failed]
      defaults:
        check_every: 45s
        deadlines: {statement: 90s, command: 5m, recovery: 20m, idle: 3m}
      include: [targets.d/*.yaml]
      targets:
        homelab:
          url: postgresql://pgmedic_monitor@localhost:5433/homelab_jarvis
          labels: {env: home}
          migrations:
            tool: alembic
            directory: services/dashboard
            upgrade: [alembic, upgrade, head]
            environment: {DATABASE_URL: "{url}"}
            lock_keys: [4711]
          expect:
            tables: [google_service_status]
            enums:
              serviceconnectionstatus: [connected, disconnected, error]
          recovery:
            url: postgresql://pgmedic_recovery:hidden2@localhost:5433/homelab_jarvis
            restart:
              - [docker, restart, homelab-dashboard, "--token=${JARVIS_TOKEN}"]
          deadlines: {check: 500ms}
      """;

  @TempDir private Path folder;

  private final Map<String, String> environment = new java.util.HashMap<>();

  @Test
  void theWholeFileOfTheDesignIsRead() throws IOException {
    // Given
    environment.put("JARVIS_TOKEN", SECRET);
    environment.put("HOOK_SECRET", HOOK);
    write("hook.txt", HOOK + "\n");
    write("url.txt", "http://10.1.2.3:8080/hidden5\n");
    write("token.txt", "a-token-from-a-file\n");
    write("targets.d/more.yaml", "targets: {other: {url: \"postgres://a:hidden3@h/b\"}}");

    // When
    Config config = read(WHOLE);

    // Then
    assertThat(config.store().url().orElseThrow().password()).contains("hidden1");
    assertThat(config.store().directory()).isEqualTo(folder.resolve(".pgmedic"));
    assertThat(config.http())
        .isEqualTo(new Config.Http("127.0.0.1", 5001, java.util.Set.of("pgmedic.example")));
    assertThat(config.auth().anonymous()).contains(Config.Anonymous.HEALTH);
    assertThat(config.auth().tokens())
        .containsExactly(
            new Config.Token("jarvis", Config.Role.APPROVER, SECRET),
            new Config.Token("root", Config.Role.ADMIN, "a-token-from-a-file"),
            new Config.Token(
                "ci",
                Config.Role.VIEWER,
                SECRET + "-of-ci",
                Config.Source.CONFIG,
                TokenKind.SERVICE,
                new Scope(Set.of("homelab", "other"), Map.of("env", "home")),
                Optional.of(Instant.parse("2027-01-31T00:00:00Z"))));
    assertThat(config.targets()).containsOnlyKeys("homelab", "other");
    assertTarget(config.targets().values().iterator().next());
    assertWebhooks(config.webhooks());
    assertThat(config.toString()).doesNotContain(SECRET, HOOK, "a-token-from", "hidden");
  }

  private static void assertWebhooks(Config.Webhooks webhooks) {
    assertThat(webhooks.receivers())
        .containsExactly(
            new Webhook(
                "ops",
                URI.create("https://hooks.example/hidden4"),
                WebhookFormat.SLACK,
                new WebhookSecret(HOOK),
                EventFilter.ALL),
            new Webhook(
                "all",
                URI.create("http://10.1.2.3:8080/hidden5"),
                WebhookFormat.CLOUDEVENTS,
                new WebhookSecret(HOOK),
                EventFilter.parse("homelab", "issue.opened,task.failed")));
    assertThat(webhooks.open().allowed())
        .containsExactly(AddressRange.parse("10.1.0.0/16"), AddressRange.parse("fd00::1"));
  }

  private void assertTarget(Target target) {
    assertThat(target.url())
        .hasToString("postgresql://pgmedic_monitor@localhost:5433/homelab_jarvis");
    assertThat(target.labels()).containsEntry("env", "home");
    assertThat(target.checkEvery()).isEqualTo(Duration.ofSeconds(45));
    assertThat(target.deadlines().statement()).isEqualTo(Duration.ofSeconds(90));
    assertThat(target.deadlines().check()).isEqualTo(Duration.ofMillis(500));
    assertThat(target.deadlines().idle()).isEqualTo(Duration.ofMinutes(3));
    assertThat(target.deadlines().connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(target.migrations().tool()).contains("alembic");
    assertThat(target.migrations().directory()).contains(folder.resolve("services/dashboard"));
    assertThat(target.migrations().upgrade()).containsExactly("alembic", "upgrade", "head");
    assertThat(target.migrations().environment()).containsEntry("DATABASE_URL", "{url}");
    assertThat(target.migrations().lockKeys()).containsExactly(4711L);
    assertThat(target.expect().tables()).containsExactly("public.google_service_status");
    assertThat(target.expect().enums())
        .containsEntry(
            "public.serviceconnectionstatus", List.of("connected", "disconnected", "error"));
    assertThat(target.recovery().orElseThrow().url().user()).isEqualTo("pgmedic_recovery");
    assertThat(target.recovery().orElseThrow().restart())
        .containsExactly(
            // Filled in where it runs: a plan shows what is written here.
            List.of("docker", "restart", "homelab-dashboard", "--token=${JARVIS_TOKEN}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          targets: {a: {url: "postgres://u@h/d", colour: red}} | colour: is not known here
          strange: 1 | strange: is not known here
          targets: {a: {check_every: 5s}} | expected url
          targets: {a: {url: "mysql://u@h/d"}} | expected postgresql://
          targets: {a: {url: "postgres://u@h/d", check_every: 5 parsecs}} | a duration like 500ms
          targets: {a: {url: "postgres://u@h/d", check_every: 5ms}} | at least 100ms
          targets: {a: {url: "postgres://u@h/d", deadlines: {check: 0s}}} | more than zero
          targets: {a: {url: "postgres://h/d", migrations: {tool: flyweight}}} | found "flyweight"
          targets: {a: {url: "postgres://u@h/d", migrations: {lock_keys: [x]}}} | a whole number
          targets: {a: {url: "${NOWHERE}"}} | the environment has no NOWHERE
          targets: {a: {url: "postgres://h/d", migrations: {upgrade: ["${NOWHERE}"]}}} | no NOWHERE
          targets: {"a/b": {url: "postgres://u@h/d"}} | expected 1 to 63 letters
          targets: {} | at least one target
          targets: [a] | expected names with values
          http: {listen: nowhere} | expected host:port
          http: {listen: "h:70000"} | expected host:port
          http: {tls: {certificate: a.crt}} | expected certificate and key
          http: {tls: {certificate: a.crt, key: a.key}} | a.crt cannot be read
          http: {tls: {certificate: pgmedic.yaml, key: a.key}} | BEGIN CERTIFICATE
          auth: {anonymous: all} | expected one of [viewer, health, none]
          auth: {tokens: [{name: a, role: king, token: 12345678901234567}]} | found "king"
          auth: {tokens: [{name: a, role: admin}]} | one of token and token_file
          auth: {tokens: [{name: a, role: admin, token: short}]} | at least 16 characters
          auth: {tokens: [{name: a, role: admin, token: 1234567890123456, kind: robot}]} | "robot"
          auth: {tokens: [{name: a, role: admin, token: 1234567890123456, targets: [b]}]} | [z]
          auth: {tokens: [{name: a, role: admin, token: 1234567890123456, targets: []}]} | for all
          auth: {tokens: [{name: a, role: admin, token: 1234567890123456, labels: {}}]} | for all
          auth: {tokens: [{name: a, role: admin, token: 1234567890123456, expires: soon}]} | a time
          auth: {tokens: [{name: policy, role: admin, token: 1234567890123456}]} | another name
          targets: {a: {url: x}, a: {url: y}} | stands twice
          webhooks: {allow: [localhost]} | an address or a range such as
          webhooks: {allow: [10.0.0.0/99]} | an address or a range such as
          webhooks: {receivers: [{name: a, url: "https://h/x"}]} | one of secret and secret_file
          webhooks: {receivers: [{name: a, url: "https://h/x", secret: short}]} | whsec_ and
          webhooks: {receivers: [{name: a, url: "ftp://h/x", secret: s}]} | http:// or https://
          webhooks: {receivers: [{name: a, url: "http://h", url_file: x, secret: s}]} | url_file
          targets: {a: {url: "postgres://u@h/d", recovery: {password_file: x}}} | expected url
          targets: { | not YAML
          """)
  void aMistakeNamesItsFileItsLineAndWhatWasExpected(String line, String expected)
      throws IOException {
    // Given
    String rest = line.startsWith("targets") ? "" : "\ntargets: {z: {url: \"postgres://u@h/d\"}}\n";

    // When
    Throwable mistake = catchThrowable(() -> read("# a comment\n" + line + rest));

    // Then
    assertThat(mistake)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pgmedic.yaml line ")
        .hasMessageContaining(expected);
  }

  @Test
  void theLineOfAMistakeIsTheOneThatHoldsIt() throws IOException {
    // Given
    String text = WHOLE.replace("command: 5m", "command: soon");

    // When
    Throwable mistake = catchThrowable(() -> read(text.replace("${JARVIS_TOKEN}", SECRET)));

    // Then
    assertThat(mistake).hasMessageContaining("pgmedic.yaml line 30: defaults.deadlines.command:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          h:5432:d:u:one                     | one
          *:*:*:*:any                        | any
          # h:5432:d:u:no                    |
          other:5432:d:u:no                  |
          h:5432:d:u:with\\:colon\\\\        | with:colon\\
          """)
  void aPasswordIsTakenFromThePasswordFile(String line, String password) throws IOException {
    // Given
    write("pgpass", line + "\n");
    environment.put("PGPASSFILE", folder.resolve("pgpass").toString());

    // When
    Config config = read("targets: {a: {url: \"postgres://u@h/d\"}}");

    // Then
    assertThat(config.targets().values())
        .singleElement()
        .returns(Optional.ofNullable(password), target -> target.url().password());
  }

  @Test
  void aPasswordInTheUrlWinsOverTheEnvironment() throws IOException {
    // Given
    environment.put("PGPASSWORD", "from-env");

    // When
    Config config =
        read("targets: {a: {url: \"postgres://u:own@h/d\"}, b: {url: \"postgres://u@h/d\"}}");

    // Then
    assertThat(config.targets().values())
        .extracting(target -> target.url().password().orElse(""))
        .containsExactly("own", "from-env");
  }

  private Config read(String text) throws IOException {
    write("pgmedic.yaml", text);
    return new ConfigReader(name -> Optional.ofNullable(environment.get(name)))
        .read(folder.resolve("pgmedic.yaml"));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
