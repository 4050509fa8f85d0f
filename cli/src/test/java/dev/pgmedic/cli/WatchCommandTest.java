package dev.pgmedic.cli;

import static dev.pgmedic.cli.BrokenShop.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.store.Tokens.Made;
import dev.pgmedic.store.Tokens.NewToken;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pgmedic watch} in a process of its own. */
@Timeout(240)
class WatchCommandTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String COURSE =
      "baseline.taken,task.proposed,task.approved,task.started,task.succeeded";

  @TempDir private Path folder;
  private BrokenShop shop;

  @BeforeEach
  void start() {
    shop = new BrokenShop(folder);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private static List<String> types(OneShot ended) {
    return ended
        .out()
        .lines()
        .map(line -> new JsonObject(line).getString("type").replace("dev.pgmedic.", ""))
        .toList();
  }

  @Test
  void whatHappensIsShownOverARestartOfTheServiceOnceAndInOrder() throws Exception {
    // Given
    Path cursor = folder.resolve("watch.cursor");
    try (var elsewhere = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<OneShot> watching =
          CompletableFuture.supplyAsync(
              () -> watch("--type", COURSE, "--limit", "5", "--cursor", "watch.cursor"), elsewhere);
      await().atMost(SOON).until(() -> Files.exists(cursor));

      // When
      shop.restart(() -> {});
      JsonObject task = shop.breakIt();
      assertThat(shop.api().approve(task, true).statusCode()).isEqualTo(200);
      OneShot watched = watching.get();

      // Then
      assertThat(watched.code()).as(watched.err()).isZero();
      assertThat(types(watched)).containsExactly(COURSE.split(","));
      assertThat(watched.err())
          .contains("the connection is lost", "the connection is back")
          .doesNotContain("--after");
      assertThat(Files.readString(cursor)).isEqualTo(last(watched) + "\n");
      assertThat(watch("--type", "baseline.taken", "--limit", "1", "--cursor", "other").out())
          .isEqualTo(watched.out().lines().findFirst().orElseThrow() + "\n");
    }
  }

  @Test
  void aTokenThatIsRevokedEndsItAndItSaysWhy() throws Exception {
    // Given
    Path cursor = folder.resolve("watch.cursor");
    NewToken reader =
        new NewToken("reader", Role.VIEWER, TokenKind.PERSON, Scope.ALL, Optional.empty());
    Made made = shop.tokens().create(reader, "the test").await().orElseThrow();
    Token token = new Token("reader", Role.VIEWER, made.secret());
    try (var elsewhere = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<OneShot> watching =
          CompletableFuture.supplyAsync(() -> watch(token, "--cursor", "watch.cursor"), elsewhere);
      await().atMost(SOON).until(() -> Files.exists(cursor));

      // When
      assertThat(shop.tokens().revoke(made.token().id(), "the test").await()).isPresent();
      OneShot watched = watching.get();

      // Then
      assertThat(watched.code()).as(watched.err()).isEqualTo(Pgmedic.USAGE);
      assertThat(watched.err().lines().toList().getLast())
          .contains("unauthorized: this token is not known, or is good no more");
    }
  }

  private OneShot watch(String... arguments) {
    return watch(VIEWER, arguments);
  }

  private OneShot watch(Token token, String... arguments) {
    List<String> words = new ArrayList<>(List.of("watch", "--json", "--after", "beginning"));
    words.addAll(List.of(arguments));
    try {
      return shop.run(token, words.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String last(OneShot watched) {
    String line = watched.out().lines().reduce((before, after) -> after).orElseThrow();
    return new JsonObject(line).getString("id");
  }

  @Test
  void aCursorThatCannotBeFollowedIsSaidAndWhatThereIsFollows() throws IOException {
    // Given
    Files.writeString(folder.resolve("watch.cursor"), "00000000-7\n");
    Files.writeString(folder.resolve("wrong.cursor"), "yesterday\n");

    // When
    OneShot stale = watch("--limit", "1", "--cursor", "watch.cursor");
    OneShot named = shop.run(VIEWER, "watch", "--after", "beginning", "--limit", "1");
    OneShot wrong = watch("--limit", "1", "--cursor", "wrong.cursor");

    // Then
    assertThat(stale.code()).as(stale.err()).isZero();
    assertThat(stale.err()).contains("the cursor could not be followed");
    assertThat(types(stale)).startsWith("stale").hasSize(2);
    assertThat(Files.readString(folder.resolve("watch.cursor"))).isEqualTo(last(stale) + "\n");
    assertThat(named.err()).contains("to go on from here: --after " + last(stale));
    assertThat(wrong.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(wrong.err()).contains("--cursor: expected a cursor in ");
  }

  @Test
  void aTerminalOfEightyColumnsIsEnough() throws IOException {
    // Given
    assumeTrue(System.getProperty("os.name").equals("Linux"), "script of util-linux is not here");
    JsonObject task = shop.breakIt();

    // When
    OneShot seen =
        shop.typing(
            "",
            VIEWER,
            "watch",
            "--after",
            "beginning",
            "--type",
            "issue.opened,task.proposed",
            "--limit",
            "2");

    // Then
    assertThat(seen.code()).as(seen.out()).isZero();
    assertThat(seen.out())
        .contains(task.getString("id"), "Z  shop  \u001b[1;31missue.opened\u001b[m  critical");
    assertThat(seen.out().replaceAll("\u001b\\[[0-9;]*m", "").lines())
        .anyMatch(line -> line.matches("20.{18}Z? *shop  task\\.proposed  Rebuild .*"))
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void nobodyAtTheBeginningEndsWith3AndATypeThatIsNoneWith2() throws IOException {
    // When
    OneShot gone = OneShot.run(folder, "watch", "--server", "http://127.0.0.1:1");
    OneShot wrong = shop.run(VIEWER, "watch", "--type", "issue.closed");

    // Then
    assertThat(gone.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(wrong.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(wrong.err()).contains("no event type");
  }
}
