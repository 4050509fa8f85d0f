package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the assistants' manual, as they stand there. */
@Timeout(180)
class JarvisManualTest {

  private static final Pattern CALL = Pattern.compile("(?s)\\n```sh\\n(curl .*?)\\n```\\n");

  @TempDir private Path folder;
  private final Map<String, String> known = new HashMap<>();
  private List<String> calls = List.of();

  @BeforeEach
  void read() throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "curl"))),
        "curl is not installed");
    Path page = Path.of(System.getProperty("pgmedic.root", ".."), "docs", "jarvis.md");
    calls =
        CALL.matcher(Files.readString(page))
            .results()
            .map((MatchResult at) -> at.group(1))
            .toList();
  }

  /** The answer to a call of the page, counted from 1. */
  private JsonObject answer(int number) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-ceu", calls.get(number - 1))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(known);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(70, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new JsonObject(Files.readString(out));
  }

  @Test
  void fiveCallsAreACompleteIncident() throws Exception {
    try (BrokenShop shop = new BrokenShop(folder)) {
      // Given
      JsonObject waiting = shop.breakIt();
      known.put("PGMEDIC", shop.base());
      known.put("TOKEN", BrokenShop.APPROVER.secret());

      // When
      JsonObject health = answer(1);
      known.put("ISSUE", health.getJsonArray("issue_details").getJsonObject(0).getString("id"));
      JsonObject proposed = answer(2);
      known.put("TASK", proposed.getString("id"));
      JsonObject task = answer(3);
      known.put("DIGEST", task.getJsonObject("plan").getString("digest"));
      JsonObject approved = answer(4);
      JsonObject ended = answer(5);
      while (List.of("approved", "running").contains(ended.getString("state"))) {
        ended = answer(5);
      }

      // Then
      assertThat(calls).hasSize(5);
      assertThat(health.getBoolean("healthy")).isFalse();
      assertThat(proposed).isEqualTo(waiting);
      assertThat(task.getJsonObject("plan").getJsonArray("steps")).isNotEmpty();
      assertThat(approved.getJsonArray("approvals").getJsonObject(0).getString("comment"))
          .isEqualTo("go");
      assertThat(ended.getString("state")).isEqualTo("succeeded");
      assertThat(TestDatabases.query(shop.url(), "SELECT count(*) FROM orders"))
          .containsExactly("0");
    }
  }
}
