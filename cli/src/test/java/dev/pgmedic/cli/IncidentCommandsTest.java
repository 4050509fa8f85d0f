package dev.pgmedic.cli;

import static dev.pgmedic.cli.BrokenShop.APPROVER;
import static dev.pgmedic.cli.BrokenShop.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.config.Config.Token;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code issues}, {@code tasks}, {@code approve} and {@code reject} as people start them. */
@Timeout(240)
class IncidentCommandsTest {

  private static final String NOBODYS = "00000000-0000-0000-0000-000000000001";

  @TempDir private Path folder;
  private BrokenShop shop;
  private JsonObject task;
  private String id;
  private String digest;

  @BeforeEach
  void breakIt() {
    shop = new BrokenShop(folder);
    task = shop.breakIt();
    id = task.getString("id");
    digest = task.getJsonObject("plan").getString("digest");
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private String state() {
    return shop.api().get("/api/recovery-tasks/" + id).getString("state");
  }

  private List<String> tables() {
    return TestDatabases.query(
        shop.url(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  }

  @Test
  void whatIsWrongIsListedAndOneIssueIsShownWithItsEvidence() throws IOException {
    // When
    OneShot open = shop.run(VIEWER, "issues");
    OneShot json = shop.run(VIEWER, "issues", "--json", "--code", "table.missing");
    String issue =
        new JsonObject(json.out()).getJsonArray("items").getJsonObject(0).getString("id");
    OneShot one = shop.run(VIEWER, "issues", issue);
    OneShot resolved = shop.run(VIEWER, "issues", "--state", "resolved", "--target", "shop");
    OneShot other = shop.run(VIEWER, "issues", NOBODYS);

    // Then
    assertThat(open.code()).as(open.err()).isZero();
    assertThat(open.out())
        .contains("critical  table.missing: public.orders is gone")
        .contains("            -> ", "shop, since 20", "task  " + id);
    assertThat(one.out()).contains("issue " + issue, "known_good  ").startsWith("  critical  ");
    assertThat(open.out()).doesNotContain("known_good  ");
    assertThat(resolved.out()).isEqualTo("No such issue.\n");
    assertThat(other.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(other.err()).contains("no issue " + NOBODYS);
  }

  @Test
  void whatIsOpenIsListedAndOneTaskIsShownWithEveryStatement() throws IOException {
    // When
    OneShot open = shop.run(VIEWER, "tasks");
    OneShot json = shop.run(VIEWER, "tasks", "--json");
    OneShot ended = shop.run(VIEWER, "tasks", "--state", "succeeded");
    OneShot one = shop.run(VIEWER, "tasks", id);
    OneShot served = shop.run(VIEWER, "tasks", id, "--json");

    // Then
    assertThat(open.code()).as(open.err()).isZero();
    assertThat(open.out())
        .startsWith("awaiting_approval  shop, high priority, proposed 20")
        .contains("  LOST BEFORE WE LOOKED: about 100 rows of public.orders")
        .contains("  waits for approvals, 0 of 1, until 20", "  task " + id)
        .doesNotContain("CREATE TABLE");
    assertThat(new JsonObject(json.out()).getJsonArray("items")).containsExactly(task);
    assertThat(ended.out()).isEqualTo("No such task.\n");
    assertThat(one.out()).contains("Plan " + digest, "CREATE TABLE public.orders");
    assertThat(new JsonObject(served.out())).isEqualTo(task);
  }

  @Test
  void withoutATerminalOnlyThePlanThatIsNamedIsApproved() throws IOException {
    // When
    OneShot silent = shop.run(APPROVER, "approve", id);
    OneShot other = shop.run(APPROVER, "approve", id, "--digest", "sha256:0");
    OneShot loss = shop.run(APPROVER, "approve", id, "--digest", digest);
    OneShot viewer = shop.run(VIEWER, "approve", id, "--digest", digest, "--accept-data-loss");
    String before = state();
    OneShot meant =
        shop.run(
            APPROVER,
            "approve",
            id,
            "--digest",
            digest,
            "--accept-data-loss",
            "--comment",
            "go",
            "--wait");
    OneShot again = shop.run(APPROVER, "approve", id, "--digest", digest, "--accept-data-loss");

    // Then
    assertThat(silent.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(silent.err()).contains("--digest: expected it where no terminal can be asked");
    assertThat(other.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(other.err()).contains("refused, nothing was done: digest mismatch");
    assertThat(loss.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(loss.err()).contains("data loss not accepted");
    assertThat(viewer.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(viewer.err()).contains("expected a token of role approver");
    assertThat(before).isEqualTo("awaiting_approval");
    assertThat(meant.code()).as(meant.out() + meant.err()).isZero();
    assertThat(meant.out())
        .contains("public.orders", ": succeeded\n", "succeeded  shop, high priority")
        .doesNotContain("\r");
    assertThat(tables()).contains("orders");
    assertThat(again.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(again.err()).contains("not awaiting approval");
  }

  @Test
  void onATerminalThePlanIsShownAndThePersonAsked() throws IOException {
    // Given
    assumeTrue(System.getProperty("os.name").equals("Linux"), "script of util-linux is not here");

    // When
    OneShot no = shop.typing("lost\nno\n", APPROVER, "approve", id);
    String before = state();
    OneShot yes = shop.typing("lost\nyes\n", APPROVER, "approve", id, "--wait");
    OneShot late = shop.typing("yes\n", APPROVER, "approve", id);

    // Then
    assertThat(no.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(no.out())
        .contains("CREATE TABLE public.orders", "Type lost to accept that: ", "not approved");
    assertThat(before).isEqualTo("awaiting_approval");
    assertThat(yes.code()).as(yes.out()).isZero();
    assertThat(yes.out()).contains("Run this plan on shop? Type yes: ", ": succeeded");
    assertThat(yes.out().replaceAll("\u001b\\[[0-9;]*m", "").split("[\r\n]"))
        .filteredOn(line -> !line.contains("Type lost"))
        .allMatch(line -> line.length() <= 80);
    assertThat(tables()).contains("orders");
    assertThat(late.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(late.out()).contains("the task is succeeded").doesNotContain("Type yes");
  }

  @Test
  void aRejectionIsAskedForOrNamed() throws IOException {
    // Given
    assumeTrue(System.getProperty("os.name").equals("Linux"), "script of util-linux is not here");

    // When
    OneShot silent = shop.run(APPROVER, "reject", id);
    OneShot json = shop.run(APPROVER, "reject", id, "--json");
    OneShot unsure = shop.typing("yes\n", APPROVER, "reject", id);
    String before = state();
    OneShot meant = shop.typing("no\n", APPROVER, "reject", id, "--comment", "not today");
    OneShot again = shop.run(APPROVER, "reject", id, "--digest", digest);

    // Then
    assertThat(silent.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(json.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(json.err()).contains("--digest: expected it with --json");
    assertThat(unsure.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(before).isEqualTo("awaiting_approval");
    assertThat(meant.code()).as(meant.out()).isZero();
    assertThat(meant.out()).contains("CREATE TABLE public.orders", "rejected");
    JsonObject decided =
        shop.api().get("/api/recovery-tasks/" + id).getJsonArray("approvals").getJsonObject(0);
    assertThat(decided.getString("comment")).isEqualTo("not today");
    assertThat(decided.getString("plan_digest")).isEqualTo(digest);
    assertThat(again.code()).isEqualTo(Pgmedic.UNHEALTHY);
  }

  @Test
  void aServerThatIsNotThereEndsWith3AndATokenThatIsNoneWith2() throws IOException {
    // When
    OneShot gone = OneShot.run(folder, "tasks", "--server", "http://127.0.0.1:1");
    OneShot wrong = shop.run(new Token("x", APPROVER.role(), "guess"), "tasks");
    OneShot many = shop.run(VIEWER, "tasks", "--limit", "501");

    // Then
    assertThat(gone.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(gone.err()).contains("no answer from http://127.0.0.1:1");
    assertThat(wrong.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(wrong.err()).contains("this token is not known");
    assertThat(many.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(many.err()).contains("--limit: expected 1 to 500, found 501");
  }
}
