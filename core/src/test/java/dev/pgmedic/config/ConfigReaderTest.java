package dev.pgmedic.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file is read whole, and a mistake in it is told with its line and what was expected. */
class ConfigReaderTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("JARVIS_TOKEN", "a-long-enough-secret", "PGPASSFILE", "/nonexistent");

  @TempDir private Path folder;

  private Config read(String yaml) throws IOException {
    Path file = folder.resolve("pgmedic.yaml");
    Files.writeString(file, yaml);
    return new ConfigReader(name -> Optional.ofNullable(ENVIRONMENT.get(name))).read(file);
  }

  private static final String DESIGN =
      """
      store:
        url: postgresql://pgmedic@db/pgmedic
        directory: .pgmedic
      http:
        listen: 127.0.0.1:5000
      auth:
        anonymous: viewer
        tokens:
          - {name: jarvis, role: approver, token: "${JARVIS_TOKEN}"}
      defaults:
        check_every: 45s
        deadlines: {statement: 100s, command: 9m, recovery: 20m}
      include: [targets.d/*.yaml]
      targets:
        homelab:
          url: postgresql://pgmedic_monitor:secret@localhost:5432/homelab_jarvis
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
            url: postgresql://pgmedic_recovery@localhost:5432/homelab_jarvis
            restart:
              - [docker, restart, homelab-dashboard]
      """;

  @Test
  void readsAllThatTheDesignNames() throws IOException {
    // Given
    Files.createDirectories(folder.resolve("targets.d"));
    Files.writeString(
        folder.resolve("targets.d/more.yaml"), "targets: {shop: {url: postgresql://db/shop}}");

    // When
    Config config = read(DESIGN);

    // Then
    Target homelab = config.targets().get("homelab");
    assertThat(config.targets()).containsOnlyKeys("homelab", "shop");
    assertThat(config.store().url().orElseThrow().host()).isEqualTo("db");
    assertThat(config.http().port()).isEqualTo(5000);
    assertThat(config.auth().anonymous()).contains(Anonymous.VIEWER);
    assertThat(config.auth().tokens())
        .containsExactly(new Config.Token("jarvis", Role.APPROVER, "a-long-enough-secret"));
    assertThat(homelab.checkEvery()).isEqualTo(Duration.ofSeconds(45));
    assertThat(homelab.deadlines().statement()).isEqualTo(Duration.ofSeconds(100));
    assertThat(homelab.deadlines().connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(homelab.migrations().directory()).contains(folder.resolve("services/dashboard"));
    assertThat(homelab.migrations().lockKeys()).containsExactly(4711L);
    assertThat(homelab.expect().tables()).containsExactly("public.google_service_status");
    assertThat(homelab.recovery().orElseThrow().restart())
        .containsExactly(List.of("docker", "restart", "homelab-dashboard"));
    assertThat(config.targets().get("shop").recovery()).isEmpty();
    assertThat(config.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "targets: {a: {url: postgresql://h/d, check_evry: 3s}} | line 1 | check_every",
        "targets: {a: {url: postgresql://h/d, check_every: soon}} | line 1 | like 500ms, 30s",
        "targets: {a: {url: postgresql://h/d, check_every: 1ms}} | line 1 | at least 100ms",
        "targets: {a: {}} | line 1 | expected url",
        "targets: {a: {url: mysql://h/d}} | line 1 | postgresql://user",
        "targets: {'a b': {url: postgresql://h/d}} | line 1 | letters, digits",
        "targets: {} | line 1 | at least one target",
        "targets: {a: {url: postgresql://h/d}, a: {url: postgresql://h/e}} | line 1 | twice",
        "targets: {a: {url: '${NOWHERE}'}} | line 1 | the environment has no NOWHERE",
        "targets: {a: {url: postgresql://h/d, migrations: {tool: hope}}} | line 1 | alembic, sql",
        "{auth: {tokens: [{name: x, role: king, token: aaaaaaaaaaaaaaaaaaaa}]}, targets: {a: {url: "
            + "postgresql://h/d}}} | line 1 | viewer, approver, admin",
        "{auth: {tokens: [{name: x, role: admin, token: short}]}, targets: {a: {url: "
            + "postgresql://h/d}}} | line 1 | at least 16",
        "{http: {listen: here}, targets: {a: {url: postgresql://h/d}}} | line 1 | host:port",
        "targets: [a | line 1 | not YAML",
      })
  void tellsWhereAMistakeIsAndWhatWasExpected(String yaml, String line, String expected) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pgmedic.yaml")
        .hasMessageContaining(line)
        .hasMessageContaining(expected);
  }

  @Test
  void countsLines() {
    assertThatThrownBy(() -> read(DESIGN.replace("lock_keys: [4711]", "lock_keys: [many]")))
        .hasMessageContaining("line 23")
        .hasMessageContaining("targets.homelab.migrations.lock_keys")
        .hasMessageContaining("a whole number");
  }
}
