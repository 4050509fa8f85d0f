import dev.pgmedic.target.PostgresUrl;
import io.vertx.pgclient.PgConnection;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Many databases on one server, checked by one node that has one processor and little memory. */
final class Fleet {

  private static final int EVERY_SECONDS = 10;
  private static final int TABLES = 20;
  private static final long PATIENCE_SECONDS = 1_800;

  private final Server targets;
  private final Server store;
  private final int databases = Integer.getInteger("bench.databases");
  private final int seconds = Integer.getInteger("bench.seconds");
  private boolean headed;

  Fleet(Server targets, Server store) {
    this.targets = targets;
    this.store = store;
  }

  void measure(Consumer<String> page) throws Exception {
    create();
    PostgresUrl kept = store.create("pgmedic");
    Files.writeString(Path.of("fleet.yaml"), config(kept));
    page.accept("## A fleet\n");
    page.accept(
        "%,d databases of %d tables on one server, checked every %d s by one node: `taskset -c 0`,"
                .formatted(databases, TABLES, EVERY_SECONDS)
            + " `-Xmx256m`, `up --roles monitor`. The store is on a server of its own.\n");
    long start = System.nanoTime();
    Process node = start();
    try {
      untilSettled(node);
      double settled = (System.nanoTime() - start) / 1e9;
      watch(page, node, settled);
    } finally {
      node.destroy();
      node.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  private void create() throws IOException {
    Peers.output(
        List.of(
            "psql",
            "-Xq",
            "-v",
            "ON_ERROR_STOP=1",
            targets.create("fleet_0").reveal(),
            "-c",
            "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
            "-c",
            "INSERT INTO alembic_version VALUES ('005')",
            "-c",
            "CREATE TYPE mood AS ENUM ('ok', 'bad')",
            "-c",
            "DO $$ BEGIN FOR i IN 1.."
                + TABLES
                + " LOOP EXECUTE format('CREATE TABLE t_%s"
                + " (id serial PRIMARY KEY, mood mood, note text)', i); END LOOP; END $$"));
    Path script = Path.of("fleet.sql");
    Files.write(
        script,
        IntStream.rangeClosed(1, databases)
            .mapToObj(number -> "CREATE DATABASE fleet_" + number + " TEMPLATE fleet_0;")
            .toList());
    Peers.output(
        List.of(
            "psql",
            "-Xq",
            "-v",
            "ON_ERROR_STOP=1",
            targets.url().reveal(),
            "-f",
            script.toString()));
  }

  private String config(PostgresUrl kept) {
    StringBuilder yaml =
        new StringBuilder("store: {url: \"%s\"}\n".formatted(kept.reveal()))
            .append("defaults: {check_every: %ds}\ntargets:\n".formatted(EVERY_SECONDS));
    for (int number = 1; number <= databases; number++) {
      yaml.append(
          "  fleet_%d: {url: \"%s\"}\n".formatted(number, targets.url("fleet_" + number).reveal()));
    }
    return yaml.toString();
  }

  private static Process start() {
    ProcessBuilder builder =
        new ProcessBuilder(
                "taskset",
                "-c",
                "0",
                System.getProperty("bench.java"),
                "-Xmx256m",
                "-jar",
                System.getProperty("bench.jar"),
                "up",
                "-c",
                "fleet.yaml",
                "--roles",
                "monitor")
            .redirectErrorStream(true)
            .redirectOutput(new File("node.log"));
    return Peers.start(builder); // taskset becomes java
  }

  // Every database has its baseline and was looked at once more since.
  private void untilSettled(Process node) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String settled =
        "SELECT count(*)::text FROM pgmedic.target t JOIN pgmedic.baseline b ON b.target = t.name"
            + " WHERE t.report->>'known_good' IS NOT NULL";
    while (!ask(settled).equals(Integer.toString(databases))) {
      if (!node.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "the fleet did not settle: "
                + ask(settled)
                + "\n"
                + Files.readString(Path.of("node.log")));
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(EVERY_SECONDS));
  }

  // The schema of the store is the node's: until it is there, nothing is.
  private String ask(String sql) {
    try {
      return Peers.output(List.of("psql", "-XAtq", store.url("pgmedic").reveal(), "-c", sql));
    } catch (IllegalStateException notYet) {
      return "0";
    }
  }

  private void watch(Consumer<String> page, Process node, double settled) throws IOException {
    String folder = System.getProperty("bench.targets");
    String storeFolder = System.getProperty("bench.store");
    long cpu = Cpu.of(node.pid());
    long server = Cpu.ofServer(folder);
    long kept = Cpu.ofServer(storeFolder);
    PgConnection reader = store.connect("pgmedic"); // what measures must not need the processors
    Map<String, Instant> last = new HashMap<>();
    List<Double> gaps = new ArrayList<>();
    List<Double> sessions = new ArrayList<>();
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
      look(reader, last, gaps);
      sessions.add(
          Double.parseDouble(
              targets.ask(
                  "SELECT count(*)::text FROM pg_stat_activity"
                      + " WHERE application_name LIKE 'pgmedic%'")));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
    }
    double wall = (System.nanoTime() - start) / 1e6;
    reader.close().await();
    row(page, "checks in %.0f s".formatted(wall / 1e3), "%d", gaps.size());
    row(page, "node: processor, of one core", "%.0f %%", 100 * (Cpu.of(node.pid()) - cpu) / wall);
    row(page, "node: resident memory, the most so far", "%s", status(node.pid(), "VmHWM"));
    row(
        page,
        "checked server: processor, of one core",
        "%.0f %%",
        100 * (Cpu.ofServer(folder) - server) / wall);
    row(
        page,
        "checked server: processor a check, ms",
        "%.1f",
        (Cpu.ofServer(folder) - server) / (double) Math.max(1, gaps.size()));
    row(
        page,
        "store's server: processor, of one core",
        "%.0f %%",
        100 * (Cpu.ofServer(storeFolder) - kept) / wall);
    tell(page, new Sample(sessions), gaps);
    row(page, "from the start until all had a baseline, s", "%.0f", settled);
    page.accept("");
  }

  private void tell(Consumer<String> page, Sample seen, List<Double> gaps) {
    row(
        page,
        "sessions on the checked server: median, most",
        "%s",
        "%.0f, %.0f".formatted(seen.median(), seen.quantile(1)));
    Sample between = new Sample(gaps);
    row(
        page,
        "from check to check, s: median, p99, most",
        "%s",
        "%.2f, %.2f, %.2f"
            .formatted(between.median(), between.quantile(0.99), between.quantile(1)));
    row(
        page,
        "checks later than 1 s after their interval",
        "%d",
        gaps.stream().filter(gap -> gap > EVERY_SECONDS + 1).count());
  }

  // One check's beginning after the other's, as the node itself wrote them down.
  private static void look(PgConnection reader, Map<String, Instant> last, List<Double> gaps) {
    reader
        .query("SELECT name, checked_at FROM pgmedic.target WHERE checked_at IS NOT NULL")
        .execute()
        .await()
        .forEach(row -> {
          Instant at = row.getOffsetDateTime("checked_at").toInstant();
          Instant before = last.put(row.getString("name"), at);
          if (before != null && !before.equals(at)) {
            gaps.add((at.toEpochMilli() - before.toEpochMilli()) / 1e3);
          }
        });
  }

  private static String status(long pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceFirst("[^:]*:\\s*", ""))
        .findFirst()
        .orElse("unknown");
  }

  private void row(Consumer<String> page, String what, String format, Object value) {
    if (!headed) {
      page.accept("| | |\n|---|---|");
      headed = true;
    }
    page.accept("| %s | %s |".formatted(what, String.format(Locale.ROOT, format, value)));
  }
}
