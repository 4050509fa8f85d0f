package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.EventType;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of the states tells of the edges that the store has, and of no other. */
@Timeout(60)
class StateMachinePageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("pgmedic.root"), "docs/state-machine.md");
  private static final Pattern ARROW = Pattern.compile(" {2}(\\w+) --> (\\w+): (.+)");

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private record Edge(String name, String from, String to) {}

  private static List<Edge> drawn(List<String> page) {
    return page.stream()
        .map(ARROW::matcher)
        .filter(arrow -> arrow.matches())
        .map(arrow -> new Edge(arrow.group(3), arrow.group(1), arrow.group(2)))
        .toList();
  }

  /** The cells of the table's rows that are about an edge between two states. */
  private static List<List<String>> rows(List<String> page) {
    return page.stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| edge"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .filter(cells -> !cells.get(0).equals("propose"))
        .toList();
  }

  private static Edge edge(List<String> cells) {
    return new Edge(cells.get(0), cells.get(1).replace("`", ""), cells.get(2).replace("`", ""));
  }

  @Test
  void hasTheEdgesOfTheStore() throws IOException {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    Store.open(vertx, url).await().close().await();
    List<String> page = Files.readAllLines(PAGE);

    // When
    List<String> kept =
        TestDatabases.query(
            url, "SELECT from_state || ' ' || to_state FROM pgmedic.task_transition");

    // Then
    List<Edge> told = rows(page).stream().map(StateMachinePageTest::edge).toList();
    assertThat(told)
        .extracting(edge -> edge.from() + " " + edge.to())
        .containsExactlyInAnyOrderElementsOf(kept);
    assertThat(drawn(page)).containsExactlyElementsOf(told);
    assertThat(told).extracting(Edge::name).doesNotHaveDuplicates();
  }

  @Test
  void saysOfEachEdgeWhoTakesItAndWhichEventTellsOfIt() throws IOException {
    // When
    List<List<String>> rows = rows(Files.readAllLines(PAGE));

    // Then
    List<String> events = Stream.of(EventType.values()).map(type -> "`" + type + "`").toList();
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(cells -> {
          assertThat(cells).hasSize(6);
          assertThat(cells.get(3)).isNotEmpty();
          assertThat(events).contains(cells.get(5));
        });
  }
}
