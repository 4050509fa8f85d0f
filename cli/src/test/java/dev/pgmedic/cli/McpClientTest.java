package dev.pgmedic.cli;

import static dev.pgmedic.cli.BrokenShop.APPROVER;
import static dev.pgmedic.cli.BrokenShop.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official client of the Model Context Protocol, in TypeScript, lives through an incident. */
@Timeout(240)
class McpClientTest {

  private static final Path ROOT = Path.of(System.getProperty("pgmedic.root", ".."));
  private static final Path TOOLS = ROOT.resolve("cli/target/mcp-tools").toAbsolutePath();
  private static final Path SCRIPT = ROOT.resolve("cli/src/test/mcp/incident.mjs").toAbsolutePath();

  @TempDir private Path folder;
  private BrokenShop shop;

  @BeforeEach
  void start() {
    assumeTrue(
        Files.isDirectory(TOOLS.resolve("node_modules/@modelcontextprotocol")),
        "the client is not installed: make tools");
    shop = new BrokenShop(folder);
  }

  @AfterEach
  void close() {
    if (shop != null) {
      shop.close();
    }
  }

  private JsonObject incident(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("node", SCRIPT.toString()));
    words.addAll(List.of(arguments));
    Path err = folder.resolve("mcp.err");
    Path out = folder.resolve("mcp.out");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("MCP_TOOLS", TOOLS.toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(Files.readString(err)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return new JsonObject(Files.readString(out));
  }

  private void assertHealed(JsonObject seen, JsonObject task) {
    assertThat(seen.getString("server")).isEqualTo("pgmedic");
    assertThat(seen.getJsonArray("tools"))
        .contains("read_health", "approve_recovery", "cancel_recovery", "undo_recovery");
    assertThat(seen.getJsonObject("health").getBoolean("healthy")).isFalse();
    assertThat(seen.getJsonObject("incident").getString("ask")).startsWith("Shall pgmedic run");
    assertThat(seen.getJsonObject("plan")).isEqualTo(task.getJsonObject("plan"));
    assertThat(seen.getJsonObject("approved").getString("id")).isEqualTo(task.getString("id"));
    JsonObject ended = shop.api().ended(task.getString("id"));
    assertThat(ended.getString("state")).isEqualTo("succeeded");
    assertThat(ended.getJsonArray("approvals").getJsonObject(0).getString("by"))
        .isEqualTo("jarvis");
    assertThat(TestDatabases.query(shop.url(), "SELECT count(*) FROM orders")).containsExactly("0");
    // A table that was made anew may have rows by now, and nothing of it is taken back.
    assertThat(seen.getJsonObject("undo").getString("error")).startsWith("not undoable: ");
    assertThat(seen.getJsonObject("cancelled").getString("error")).startsWith("already ended: ");
  }

  @Test
  void overHttp() throws Exception {
    // Given
    JsonObject task = shop.breakIt();

    // When
    JsonObject seen = incident("http", shop.base() + "/mcp", APPROVER.secret());

    // Then
    assertHealed(seen, task);
  }

  @Test
  void overStdio() throws Exception {
    // Given
    JsonObject task = shop.breakIt();
    Files.writeString(
        Files.createDirectories(folder.resolve(".pgmedic")).resolve("admin.token"),
        APPROVER.secret());
    List<String> words = new ArrayList<>(List.of("stdio"));
    words.addAll(OneShot.words("mcp", "--server", shop.base()));

    // When
    JsonObject seen = incident(words.toArray(String[]::new));

    // Then
    assertHealed(seen, task);
  }

  @Test
  void whoMayOnlyLookIsToldSo() throws Exception {
    // Given
    JsonObject task = shop.breakIt();

    // When
    JsonObject seen = incident("http", shop.base() + "/mcp", VIEWER.secret());

    // Then
    assertThat(seen.getJsonArray("tools"))
        .doesNotContain("approve_recovery", "cancel_recovery", "undo_recovery");
    for (String refused : List.of("undo", "cancelled")) {
      assertThat(seen.getJsonObject(refused).getString("error"))
          .isEqualTo("forbidden: expected a token of role approver");
    }
    assertThat(seen.getJsonObject("approved").getString("error"))
        .isEqualTo("forbidden: expected a token of role approver");
    assertThat(shop.api().get("/api/recovery-tasks/" + task.getString("id")).getString("state"))
        .isEqualTo("awaiting_approval");
  }
}
