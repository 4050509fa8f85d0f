package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Issues;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issues are listed in pages; a person ends only what no check can end. */
@Timeout(180)
class IssuesTest {

  private final Target target = Target.of("shop", TestDatabases.fresh());
  private final Service service = Service.of(target);

  @AfterEach
  void close() {
    service.close();
  }

  private List<String> seed(IssueCode code, int count) {
    List<Finding> findings =
        IntStream.range(0, count)
            .mapToObj(i -> new Finding(code, "public.t" + i, "it is so", "Look", Map.of()))
            .toList();
    var report =
        new Issues(service.store()).record(target, BrokenShop.found(target, findings)).await();
    return report.issueDetails().stream().map(detail -> detail.id().toString()).toList();
  }

  private static Call resolution(String id) {
    return Call.post("/api/issues/" + id + "/resolve", new JsonObject().put("reason", "restored"));
  }

  @Test
  void allPagesTogetherHaveEachIssueOnceAndTheLastHasNoNext() {
    // Given
    List<String> ids = seed(IssueCode.DATA_LOST, 5);

    // When
    List<String> seen = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String next = "";
    while (next != null) {
      String after = next.isEmpty() ? "" : "&after=" + next;
      JsonObject page = service.send(Call.get("/api/issues?limit=2" + after)).json();
      page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
      sizes.add(page.getJsonArray("items").size());
      next = page.getString("next_after");
    }

    // Then
    assertThat(sizes).containsExactly(2, 2, 1);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void onlyLostDataEndsByWordAndOnlyOnce() {
    // Given
    String lost = seed(IssueCode.DATA_LOST, 1).get(0);

    // When
    Reply approver = service.send(resolution(lost).as(Service.APPROVER));
    Reply admin = service.send(resolution(lost).as(Service.ADMIN));
    Reply again = service.send(resolution(lost).as(Service.ADMIN));

    // Then
    approver.problem(403);
    assertThat(admin.json().getString("state")).isEqualTo("resolved");
    assertThat(admin.json().getString("resolution")).isEqualTo("root: restored");
    assertThat(again.problem(409)).isEqualTo("not-resolvable");
    assertThat(service.audited()).hasSize(1).allMatch(done -> done.startsWith("root resolve "));
  }

  @Test
  void whatACheckEndsAPersonDoesNot() {
    // Given
    String unreachable = seed(IssueCode.CONNECTION_UNREACHABLE, 1).get(0);

    // When
    Reply reply = service.send(resolution(unreachable).as(Service.ADMIN));

    // Then
    assertThat(reply.problem(409)).isEqualTo("not-resolvable");
    assertThat(service.send(Call.get("/api/issues/" + unreachable)).json().getString("state"))
        .isEqualTo("open");
  }

  @Test
  void filtersLetOnlyTheirOwnPass() {
    // Given
    String id = seed(IssueCode.DATA_LOST, 2).get(0);
    assertThat(service.send(resolution(id).as(Service.ADMIN)).status()).isEqualTo(200);

    // When
    List<Integer> counts =
        List.of("state=open", "state=resolved", "code=data.lost", "code=table.missing", "target=no")
            .stream()
            .map(query -> service.send(Call.get("/api/issues?" + query)).json())
            .map(page -> page.getJsonArray("items").size())
            .toList();

    // Then
    assertThat(counts).containsExactly(1, 1, 2, 0, 0);
  }

  @Test
  void anIssueWithAnOpenTaskIsAnsweredWithItAndWithoutAMonitorNoneIsMade() {
    // Given
    BrokenShop shop = BrokenShop.healable();
    try (Service other = Service.of(shop.target())) {
      var task = shop.propose(other);
      String lone = seed(IssueCode.TABLE_MISSING, 1).get(0);

      // When
      Reply open =
          other.send(
              Call.post("/api/issues/" + task.issues().get(0) + "/recovery-task", "")
                  .as(Service.APPROVER));
      Reply none =
          service.send(Call.post("/api/issues/" + lone + "/recovery-task", "").as(Service.ADMIN));

      // Then
      assertThat(open.status()).isEqualTo(200);
      assertThat(open.json().getString("id")).isEqualTo(task.id().toString());
      assertThat(none.problem(503)).isEqualTo("unavailable");
    }
  }
}
