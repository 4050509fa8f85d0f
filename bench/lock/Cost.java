import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What guard adds to a command, beside the least that anybody could add. */
final class Cost {

  private static final int ROUNDS = 40;

  private final Server server;
  private final Peers peers;

  Cost(Server server, Peers peers) {
    this.server = server;
    this.peers = peers;
  }

  void measure(Consumer<String> page) {
    String byHand = "psql -Xq -o /dev/null '%s' -c 'select pg_advisory_lock(1)' && true";
    List<Double> version = new ArrayList<>();
    List<Double> guard = new ArrayList<>();
    List<Double> psql = new ArrayList<>();
    List<Double> added = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      version.add(millis(List.of(peers.pgmedic(), "--version")));
      guard.add(millis(peers.guard(server.url(), List.of(), List.of("true"))));
      psql.add(millis(List.of("sh", "-c", byHand.formatted(server.url().reveal()))));
      added.add(guard.get(round) - version.get(round));
    }
    page.accept("## Cost: what guard adds to a command\n");
    page.accept("| from start to end, one after the other | n | median ms | p95 ms |");
    page.accept("|---|---|---|---|");
    page.accept("| `pgmedic --version` | " + new Sample(version).cells() + " |");
    page.accept("| `pgmedic guard -- true` | " + new Sample(guard).cells() + " |");
    page.accept("| **guard less the version before it** | " + new Sample(added).cells() + " |");
    page.accept(
        "| `psql -c 'select pg_advisory_lock(1)' && true` | " + new Sample(psql).cells() + " |");
    page.accept(
        "\nRatio of the medians, `guard -- true` to psql: %.1f.\n"
            .formatted(new Sample(guard).median() / new Sample(psql).median()));
  }

  private static double millis(List<String> words) {
    long begin = System.nanoTime();
    Peers.output(words);
    return (System.nanoTime() - begin) / 1e6;
  }
}
