package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An incident on a terminal of 80 columns: the pictures of it in the manual are of this test. */
@Timeout(240)
class TerminalPicturesTest {

  @TempDir private Path folder;
  private Chromium chromium;
  private BrokenShop shop;

  @BeforeEach
  void start() {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "script of util-linux is not here");
    chromium = Chromium.start();
    shop = new BrokenShop(folder);
  }

  @AfterEach
  void close() {
    if (shop != null) {
      shop.close();
      chromium.close();
    }
  }

  private static void assertWellSet(String said) {
    assertThat(said).contains("\u001b[");
    assertThat(TerminalPage.overwritten(said).replaceAll("\u001b\\[[0-9;]*m", "").lines())
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void anIncidentFromTheFirstLookToTheLastStep() throws IOException {
    // Given
    JsonObject task = shop.breakIt();
    Files.writeString(
        folder.resolve("pgmedic.yaml"),
        "store: {url: \"%s\"}\ntargets:\n  shop: {url: \"%s\"}\n"
            .formatted(shop.store().reveal(), shop.url().reveal()));
    Files.writeString(
        Files.createDirectories(folder.resolve(".pgmedic")).resolve("admin.token"),
        BrokenShop.APPROVER.secret());
    Map<String, String> answers = new LinkedHashMap<>();
    answers.put("Type lost to accept that: ", "lost");
    answers.put("Type yes: ", "yes");
    String id = task.getString("id");

    // When
    String check = Typist.answering(folder, Map.of(), "check", "-c", "pgmedic.yaml");
    String approve =
        Typist.answering(folder, answers, "approve", "--server", shop.base(), id, "--wait");

    // Then
    chromium.picture("check", TerminalPage.of("pgmedic check -c pgmedic.yaml", check));
    chromium.picture("approve", TerminalPage.of("pgmedic approve " + id + " --wait", approve));
    assertWellSet(check);
    assertThat(check).contains("table.missing: public.orders is gone");
    assertWellSet(approve);
    assertThat(approve).contains("CREATE TABLE public.orders", ": succeeded");
  }
}
