package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store's role that is no superuser adds to the audit, and has no right to do more. */
@Timeout(120)
class AuditRightsTest {

  private static PostgresUrl ordinary() {
    PostgresUrl url = TestDatabases.fresh();
    String role = TestDatabases.role(url);
    TestDatabases.run(url, "GRANT CREATE ON DATABASE " + url.database() + " TO " + role);
    return TestDatabases.as(url, role);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE pgmedic.audit SET actor = 'nobody'",
        "DELETE FROM pgmedic.audit",
        "TRUNCATE pgmedic.audit",
      })
  void itHasNoRightToRewriteIt(String statement) {
    PostgresUrl store = ordinary();
    BrokenShop shop = BrokenShop.healable();
    try (Service service = new Service(Service.Setup.of(shop.target()).withStore(store))) {
      // Given
      String task = shop.propose(service).id().toString();
      Call reject = Call.post("/api/recovery-tasks/" + task + "/reject", new JsonObject());
      Reply rejected = service.send(reject.as(Service.APPROVER));

      // When
      assertThatThrownBy(() -> TestDatabases.run(store, statement))
          .hasStackTraceContaining("permission denied for table audit");

      // Then
      assertThat(rejected.status()).as(rejected.body()).isEqualTo(200);
      assertThat(service.audited()).containsExactly("jarvis reject shop");
    }
  }
}
