package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scraper reads of one incident. */
@Timeout(120)
class MetricsTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  private Map<String, Double> metrics() {
    return service
        .send(Call.get("/metrics"))
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(parts -> parts[0], parts -> Double.valueOf(parts[1])));
  }

  @Test
  void tellOfTheCheckAndOfTheTask() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject approval =
        new JsonObject().put("plan_digest", task.plan().digest()).put("accept_data_loss", true);
    String path = "/api/recovery-tasks/" + task.id() + "/approve";
    assertThat(service.send(Call.post(path, approval).as(Service.APPROVER)).status())
        .isEqualTo(200);
    TestDatabases.run(
        service.storeUrl(),
        "UPDATE pgmedic.target SET checked_at = now() - interval '100 seconds'",
        "UPDATE pgmedic.recovery_task SET state = 'running',"
            + " started_at = (SELECT at + interval '3 seconds' FROM pgmedic.approval)");

    // When
    Map<String, Double> metrics = metrics();

    // Then
    assertThat(metrics)
        .containsEntry("pgmedic_store_up", 1.0)
        .containsEntry("pgmedic_store_connections_limit", 8.0)
        .containsEntry("pgmedic_target_healthy{target=\"shop\"}", 0.0)
        .containsEntry("pgmedic_target_migration_at_work{target=\"shop\"}", 0.0)
        .containsEntry("pgmedic_advisory_locks{target=\"shop\"}", 0.0)
        .containsEntry("pgmedic_open_issues{code=\"table.missing\",target=\"shop\"}", 1.0)
        .containsEntry("pgmedic_recovery_tasks{state=\"running\"}", 1.0)
        .containsEntry("pgmedic_recovery_tasks{state=\"failed\"}", 0.0)
        .containsEntry("pgmedic_approve_to_start_seconds_bucket{le=\"2.5\"}", 0.0)
        .containsEntry("pgmedic_approve_to_start_seconds_bucket{le=\"5.0\"}", 1.0)
        .containsEntry("pgmedic_approve_to_start_seconds_bucket{le=\"+Inf\"}", 1.0)
        .containsEntry("pgmedic_approve_to_start_seconds_sum", 3.0)
        .containsKeys("pgmedic_store_connections", "pgmedic_store_response_seconds");
    assertThat(metrics.get("pgmedic_check_age_seconds{target=\"shop\"}")).isBetween(99.0, 200.0);
    assertThat(metrics.get("pgmedic_check_lateness_seconds{target=\"shop\"}"))
        .isBetween(69.0, 170.0);
    assertThat(metrics.get("pgmedic_event_sequence")).isGreaterThan(2.0);
  }

  @Test
  void tellHowFarStreamsAndWebhooksAreBehind() {
    // Given: nobody sends
    JsonObject body = new JsonObject().put("name", "ops").put("url", "https://hooks.example/x");
    assertThat(service.send(Call.post("/api/webhooks", body).as(Service.ADMIN)).status())
        .isEqualTo(201);
    shop.propose(service);
    TestDatabases.run(
        service.storeUrl(),
        "UPDATE pgmedic.webhook_delivery SET since = since - interval '1 hour'",
        "UPDATE pgmedic.webhook_delivery SET state = 'dead' WHERE sequence = 1");

    // When
    Map<String, Double> metrics = metrics();

    // Then
    assertThat(metrics).containsEntry("pgmedic_webhook_dead{webhook=\"ops\"}", 1.0);
    assertThat(metrics.get("pgmedic_webhook_pending{webhook=\"ops\"}")).isPositive();
    assertThat(metrics.get("pgmedic_webhook_lag_seconds{webhook=\"ops\"}"))
        .isBetween(3_600.0, 4_000.0);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> List.of(0.0).contains(metrics().get("pgmedic_event_lag_seconds")));
  }
}
