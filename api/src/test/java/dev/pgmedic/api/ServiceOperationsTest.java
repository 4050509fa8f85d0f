package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What runs pgmedic asks of it: probes, metrics, the contract. */
@Timeout(180)
class ServiceOperationsTest {

  private static final String SAMPLE =
      "[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\\})? -?[0-9.eE+-]+";

  private final Target target = Target.of("shop", TestDatabases.fresh());

  @Test
  void theProbesAndTheMetricsTellOfAStoreThatIsThere() {
    try (Service service = Service.of(target)) {
      // When
      Reply live = service.send(Call.get("/livez"));
      Reply ready = service.send(Call.get("/readyz"));
      Reply metrics = service.send(Call.get("/metrics"));

      // Then
      assertThat(List.of(live.status(), ready.status(), metrics.status())).containsOnly(200);
      assertThat(metrics.headers().get("Content-Type")).startsWith("text/plain; version=0.0.4");
      List<String> lines = metrics.body().lines().toList();
      assertThat(lines).allMatch(line -> line.startsWith("# ") || line.matches(SAMPLE));
      assertThat(lines)
          .contains(
              "# TYPE pgmedic_store_up gauge",
              "pgmedic_store_up 1.0",
              "pgmedic_target_healthy{target=\"shop\"} 0.0");
      assertThat(lines.stream().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
    }
  }

  @Test
  void aStoreThatHangsIsNotReadyWithinTwoSeconds() throws IOException {
    try (TcpProxy proxy = TcpProxy.before(TestDatabases.fresh());
        Service service = new Service(Service.Setup.of(target).withStore(proxy.url()))) {
      // Given
      assertThat(service.send(Call.get("/readyz")).status()).isEqualTo(200);
      TcpProxy unused = proxy.stallsAt("SELECT");
      long start = System.nanoTime();

      // When
      Reply ready = service.send(Call.get("/readyz"));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Reply live = service.send(Call.get("/livez"));
      Reply metrics = service.send(Call.get("/metrics"));

      // Then
      ready.problem(503);
      assertThat(took).isLessThan(Duration.ofSeconds(4));
      assertThat(live.status()).isEqualTo(200);
      assertThat(metrics.body()).contains("pgmedic_store_up 0.0");
    }
  }

  @Test
  void aStoreThatIsGoneIsNotReadyAndNobodyIsToldWhy() throws IOException {
    try (TcpProxy proxy = TcpProxy.before(TestDatabases.fresh());
        Service service = new Service(Service.Setup.of(target).withStore(proxy.url()))) {
      // Given
      proxy.close();

      // When
      Reply ready = service.send(Call.get("/readyz"));
      Reply health = service.send(Call.get("/api/health/database"));
      Reply metrics = service.send(Call.get("/metrics"));

      // Then
      ready.problem(503);
      health.problem(503);
      assertThat(health.body()).doesNotContain("localhost", "Exception");
      assertThat(metrics.body()).contains("pgmedic_store_up 0.0");
    }
  }

  @Test
  void theContractThatIsServedIsOpenApiThreeOneAndTheRoutersOwn() {
    try (Service service = Service.of(target)) {
      // When
      Reply reply = service.send(Call.get("/api/openapi.yaml"));

      // Then
      assertThat(reply.headers()).containsEntry("Content-Type", "application/yaml");
      Map<String, Object> yaml =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(reply.body());
      JsonObject contract = new JsonObject(yaml);
      OpenAPIVersion version = OpenAPIVersion.fromContract(contract);
      assertThat(version).isEqualTo(OpenAPIVersion.V3_1);
      var valid =
          version
              .getRepository(service.vertx(), "https://pgmedic.example/")
              .compose(
                  schemas -> version.validateContract(service.vertx(), schemas, contract.copy()))
              .timeout(30, TimeUnit.SECONDS)
              .await();
      assertThat(valid.getValid()).as("%s", valid.getErrors()).isTrue();
      OpenAPIContract router =
          OpenAPIContract.from(service.vertx(), Contract.forRouter())
              .timeout(30, TimeUnit.SECONDS)
              .await();
      assertThat(router.operations()).hasSize(Needed.operations().size());
    }
  }

  @Test
  void aTargetIsShownWithoutItsPassword() {
    // Given
    Target secret =
        Target.of("shop", TestDatabases.fresh().withPassword(Optional.of(Service.PASSWORD)));
    try (Service service = Service.of(secret)) {

      // When
      Reply one = service.send(Call.get("/api/targets/shop").as(Service.ADMIN));
      Reply all = service.send(Call.get("/api/targets").as(Service.ADMIN));

      // Then
      assertThat(one.json().getString("url")).contains(":***@");
      assertThat(all.body()).contains(":***@").doesNotContain(Service.PASSWORD);
    }
  }
}
