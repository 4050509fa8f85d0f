import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pgmedic.target.PostgresUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Many replicas of one service that start at once on an empty database. */
final class Storm {

  private static final System.Logger LOG = System.getLogger("bench");
  private static final int REPLICAS = 32;
  private static final int ROUNDS = 5;
  private static final List<String> UPGRADE = List.of("alembic", "upgrade", "head");
  private static final String NOISE = "(?is).*(rollback|traceback|deadlock|error|exception|warn).*";

  private final Server server;
  private final Peers peers;

  Storm(Server server, Peers peers) {
    this.server = server;
    this.peers = peers;
  }

  /**
   * One storm.
   *
   * @param seconds from the first start to the last end
   * @param allZero whether all ended with 0
   * @param oneApplied whether one applied migrations, and no other
   * @param quiet whether nobody complained of anything
   */
  private record Passed(double seconds, boolean allZero, boolean oneApplied, boolean quiet) {}

  void measure(Consumer<String> page) {
    List<Passed> guards = new ArrayList<>();
    List<Passed> psqls = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      guards.add(pass("guard" + round, url -> peers.guard(url, List.of(), UPGRADE)));
      psqls.add(pass("psql" + round, url -> peers.psql(url, UPGRADE)));
    }
    page.accept("## Storm: " + REPLICAS + " starts of `alembic upgrade head` at once\n");
    page.accept("| under | n | median s | worst s | all ended with 0 | one applied | no noise |");
    page.accept("|---|---|---|---|---|---|---|");
    page.accept(row("**`pgmedic guard`**", guards));
    page.accept(row("`psql`, `pg_advisory_lock`", psqls));
    page.accept(
        "\nRatio of the medians, guard to psql: %.1f.\n"
            .formatted(seconds(guards).median() / seconds(psqls).median()));
  }

  private Passed pass(String database, Function<PostgresUrl, List<String>> words) {
    PostgresUrl url = server.create(database);
    long begin = System.nanoTime();
    List<Process> replicas = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(Peers.start(words.apply(url), Map.of("DATABASE_URL", url.reveal())));
    }
    List<String> told = new ArrayList<>();
    boolean allZero = true;
    for (Process replica : replicas) {
      told.add(String.join("\n", replica.inputReader(UTF_8).lines().toList()));
      allZero &= replica.onExit().join().exitValue() == 0;
    }
    Passed passed =
        new Passed(
            (System.nanoTime() - begin) / 1e9,
            allZero,
            told.stream().filter(text -> text.contains("Running upgrade")).count() == 1,
            told.stream().noneMatch(text -> text.matches(NOISE)));
    LOG.log(System.Logger.Level.INFO, database + ": " + passed);
    return passed;
  }

  private static Sample seconds(List<Passed> all) {
    return new Sample(all.stream().map(Passed::seconds).toList());
  }

  private static String row(String who, List<Passed> all) {
    return "| %s | %d | %.1f | %.1f | %s | %s | %s |"
        .formatted(
            who,
            all.size(),
            seconds(all).median(),
            seconds(all).quantile(1),
            times(all, Passed::allZero),
            times(all, Passed::oneApplied),
            times(all, Passed::quiet));
  }

  private static String times(List<Passed> all, Predicate<Passed> right) {
    return all.stream().filter(right).count() + " of " + all.size();
  }
}
