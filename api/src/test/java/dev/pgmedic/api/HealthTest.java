package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The health report: its names are a contract with users. */
@Timeout(180)
class HealthTest {

  private static final String[] FIELDS = {
    "target",
    "healthy",
    "stale",
    "migration_tool",
    "migration_version",
    "migration_head",
    "enum_types_valid",
    "tables_present",
    "tables_expected",
    "advisory_locks_count",
    "known_good",
    "issues",
    "recommendations",
    "issue_details",
    "checked_at",
    "duration_ms"
  };

  @Test
  void aReportHasExactlyTheFieldsOfTheDesign() {
    // Given
    BrokenShop shop = BrokenShop.healable();
    try (Service service = Service.of(shop.target())) {
      String task = shop.propose(service).id().toString();

      // When
      JsonObject report = service.send(Call.get("/api/health/database")).json();

      // Then
      assertThat(report.fieldNames()).containsExactlyInAnyOrder(FIELDS);
      assertThat(report.getBoolean("healthy")).isFalse();
      assertThat(report.getBoolean("stale")).isFalse();
      assertThat(report.getJsonArray("issues").getString(0))
          .startsWith("table.missing: ")
          .contains("orders");
      assertThat(report.getJsonArray("recommendations")).hasSize(1);
      assertThat(report.getInteger("tables_expected")).isEqualTo(1);
      assertThat(report.getInteger("tables_present")).isZero();
      assertThat(report.getInstant("checked_at")).isNotNull();
      JsonObject detail = report.getJsonArray("issue_details").getJsonObject(0);
      assertThat(detail.fieldNames())
          .containsExactlyInAnyOrder(
              "id", "code", "subject", "severity", "evidence", "first_seen", "recovery_task");
      assertThat(detail.getString("recovery_task")).isEqualTo(task);
      assertThat(report.getJsonObject("known_good").fieldNames())
          .containsExactlyInAnyOrder("source", "confirmed", "version", "taken_at");
    }
  }

  @Test
  void aReportIsAlwaysTwoHundredUnlessAProbeAsks() {
    // Given
    BrokenShop shop = BrokenShop.healable();
    try (Service service = Service.of(shop.target())) {
      shop.propose(service);

      // When
      Reply plain = service.send(Call.get("/api/health/database?target=shop"));
      Reply probe = service.send(Call.get("/api/health/database?target=shop&fail=503"));

      // Then
      assertThat(plain.status()).isEqualTo(200);
      assertThat(probe.status()).isEqualTo(503);
      assertThat(probe.json()).isEqualTo(plain.json());
    }
  }

  @Test
  void severalTargetsWithoutANameAreAllShown() {
    // Given
    Target one = Target.of("one", TestDatabases.fresh());
    Target two = Target.of("two", TestDatabases.fresh());
    try (Service service = Service.of(one, two)) {

      // When
      JsonObject all = service.send(Call.get("/api/health/database")).json();
      Reply probe = service.send(Call.get("/api/health/database?fail=503"));
      JsonObject named = service.send(Call.get("/api/health/database?target=two")).json();

      // Then
      assertThat(all.fieldNames()).containsExactlyInAnyOrder("healthy", "targets");
      assertThat(all.getBoolean("healthy")).isFalse();
      assertThat(IntStream.range(0, 2).mapToObj(all.getJsonArray("targets")::getJsonObject))
          .allSatisfy(report -> assertThat(report.fieldNames()).containsExactlyInAnyOrder(FIELDS))
          .extracting(report -> report.getString("target"))
          .containsExactly("one", "two");
      assertThat(probe.status()).isEqualTo(503);
      assertThat(named.getString("target")).isEqualTo("two");
    }
  }

  @Test
  void aFleetIsReadAsOne() {
    // Given: more targets than the store's pool lets wait
    PostgresUrl nowhere = PostgresUrl.parse("postgresql://me@127.0.0.1:1/shop");
    Target[] fleet =
        IntStream.range(0, 600)
            .mapToObj(number -> Target.of("t" + number, nowhere))
            .toArray(Target[]::new);
    try (Service service = Service.of(fleet)) {

      // When
      JsonObject all = service.send(Call.get("/api/health/database")).json();
      JsonObject listed = service.send(Call.get("/api/targets")).json();
      String metrics = service.send(Call.get("/metrics")).body();

      // Then
      assertThat(all.getJsonArray("targets")).hasSize(600);
      assertThat(listed.getJsonArray("items")).hasSize(600);
      assertThat(metrics).contains("pgmedic_store_up 1");
    }
  }

  @Test
  void aCheckThatIsAskedForIsAnsweredByItsReport() {
    // Given
    try (Service service = Service.of(Target.of("shop", TestDatabases.fresh()))) {
      JsonObject report = service.send(Call.get("/api/health/database")).json();
      service
          .vertx()
          .eventBus()
          .<JsonObject>consumer(Addresses.CHECK, asked -> asked.reply(report));

      // When
      Reply reply = service.send(Call.post("/api/targets/shop/check", "").as(Service.APPROVER));

      // Then
      assertThat(reply.json()).isEqualTo(report);
    }
  }
}
