package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The quarantine over HTTP: a viewer looks into it, an admin alone empties it. */
@Timeout(180)
class QuarantineTest {

  private static final String ONE = "/api/quarantine?target=shop&schema=pgmedic_q_1a";

  private final BrokenShop shop = BrokenShop.healable();
  private final BrokenShop shown = BrokenShop.observed();
  private final Target gone =
      Target.of("gone", PostgresUrl.parse("postgresql://me@127.0.0.1:1/mydb"));
  private final Service service = Service.of(shop.target(), shown.target(), gone);

  @BeforeEach
  void fill() {
    for (BrokenShop target : List.of(shop, shown)) {
      TestDatabases.run(
          target.target().url(),
          "CREATE SCHEMA pgmedic_q_1a",
          "CREATE TABLE pgmedic_q_1a.\"a; b\" (id int)",
          "INSERT INTO pgmedic_q_1a.\"a; b\" VALUES (1), (2)",
          "ANALYZE pgmedic_q_1a.\"a; b\"");
    }
  }

  @AfterEach
  void close() {
    service.close();
  }

  private static Call delete(String path) {
    return new Call("DELETE", path, Map.of(), "");
  }

  private List<String> rows() {
    return TestDatabases.query(
        shop.target().url(),
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname ~ '^pgmedic_q_'");
  }

  @Test
  void whatLiesThereIsListedByTargetAndATargetThatIsDownKeepsNobodyFromIt() {
    // When
    JsonObject all = service.send(Call.get("/api/quarantine").as(Service.VIEWER)).json();
    JsonObject one = service.send(Call.get("/api/quarantine?target=shop")).json();
    Reply unknown = service.send(Call.get("/api/quarantine?target=other"));

    // Then
    assertThat(all.getJsonArray("items")).hasSize(2);
    assertThat(all.getJsonArray("unseen").getJsonObject(0).getString("target")).isEqualTo("gone");
    assertThat(one.getJsonArray("items")).hasSize(1);
    JsonObject held = one.getJsonArray("items").getJsonObject(0);
    assertThat(held.getString("target")).isEqualTo("shop");
    assertThat(held.getString("schema")).isEqualTo("pgmedic_q_1a");
    assertThat(held.getJsonArray("objects").getJsonObject(0).getMap())
        .containsEntry("kind", "table")
        .containsEntry("name", "pgmedic_q_1a.\"a; b\"")
        .containsEntry("rows_estimate", 2);
    assertThat(held.getJsonArray("needed_by")).isEmpty();
    unknown.problem(404);
  }

  @Test
  void anAdminAloneEmptiesItAndSeesWhatIsGone() {
    // When
    Reply nobody = service.send(delete(ONE));
    Reply approver = service.send(delete(ONE).as(Service.APPROVER));
    Reply stale = service.send(delete(ONE + "&digest=sha256:0").as(Service.ADMIN));
    List<String> before = rows();
    Reply admin = service.send(delete(ONE).as(Service.ADMIN));
    Reply again = service.send(delete(ONE).as(Service.ADMIN));

    // Then
    nobody.problem(401);
    approver.problem(403);
    assertThat(stale.problem(409)).isEqualTo("not-emptied");
    assertThat(before).containsExactly("a; b");
    assertThat(admin.status()).as(admin.body()).isEqualTo(200);
    assertThat(admin.json().getJsonArray("objects")).hasSize(1);
    assertThat(rows()).isEmpty();
    assertThat(again.problem(409)).isEqualTo("not-emptied");
    assertThat(service.audited()).containsExactly("root empty_quarantine shop");
  }

  @Test
  void whatCannotBeAuditedIsNotEmptied() {
    // Given
    TestDatabases.run(
        service.storeUrl(), "ALTER TABLE pgmedic.audit ADD CHECK (action <> 'empty_quarantine')");

    // When
    Reply reply = service.send(delete(ONE).as(Service.ADMIN));

    // Then
    reply.problem(503);
    assertThat(rows()).containsExactly("a; b");
  }

  @Test
  void nothingElseIsEmptied() {
    // When
    Reply other =
        service.send(delete("/api/quarantine?target=shop&schema=public").as(Service.ADMIN));
    Reply none = service.send(delete("/api/quarantine?target=shop").as(Service.ADMIN));
    Reply observed =
        service.send(delete("/api/quarantine?target=shown&schema=pgmedic_q_1a").as(Service.ADMIN));
    TestDatabases.run(
        shop.target().url(), "CREATE VIEW public.v AS SELECT * FROM pgmedic_q_1a.\"a; b\"");
    Reply needed = service.send(delete(ONE).as(Service.ADMIN));

    // Then
    other.problem(400);
    none.problem(400);
    assertThat(observed.problem(409)).isEqualTo("observe-only");
    assertThat(needed.problem(409)).isEqualTo("not-emptied");
    assertThat(needed.body()).contains("view public.v");
    assertThat(rows()).containsExactly("a; b");
  }
}
