import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Breaks a database again and again, and approves what heals it. */
final class Incidents {

  private static final String TOKEN = "a-token-of-this-measurement-alone";
  private static final long SEED = 20_261_127;
  private static final int EVERY_MILLIS = 1_000;

  private final Server targets;
  private final Server store;
  private final Random random = new Random(SEED);

  Incidents(Server targets, Server store) {
    this.targets = targets;
    this.store = store;
  }

  /**
   * One incident, in milliseconds.
   *
   * @param told from the breakage's commit to the event at a subscriber
   * @param started from sending the approval to the event that a worker has the task
   * @param verified from sending the approval to the event that it succeeded
   * @param sql the statements of the plan
   */
  private record Incident(double told, double started, double verified, String sql) {}

  void measure(Consumer<String> page) throws Exception {
    PostgresUrl kept = store.create("pgmedic");
    psql(
        targets.url(),
        List.of(
            "CREATE ROLE shop LOGIN",
            "GRANT pg_monitor TO shop",
            "CREATE DATABASE shop OWNER shop"));
    PostgresUrl shop =
        PostgresUrl.parse(targets.url("shop").reveal().replace("postgres@", "shop@"));
    psql(
        shop,
        Stream.of(Breakage.TABLE, Breakage.INDEX)
            .flatMap(breakage -> breakage.healthy().stream())
            .toList());
    Path config =
        Files.writeString(
            Path.of("recover.yaml"),
            """
            store: {url: "%s"}
            auth: {tokens: [{name: bench, role: approver, token: %s}]}
            targets:
              shop: {url: "%s", check_every: %dms, recovery: {}}
            """
                .formatted(kept.reveal(), TOKEN, shop.reveal(), EVERY_MILLIS));
    try (Service service = Service.up(config.toAbsolutePath(), TOKEN)) {
      service.next(seen -> seen.is("baseline.taken"));
      measure(page, service, shop, Breakage.TABLE, Integer.getInteger("bench.rounds"));
      claimed(page, kept);
      measure(page, service, shop, Breakage.INDEX, Integer.getInteger("bench.longRounds"));
    }
  }

  private void measure(
      Consumer<String> page, Service service, PostgresUrl shop, Breakage breakage, int rounds)
      throws Exception {
    List<Incident> incidents = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      // Not in step with the checks.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(EVERY_MILLIS)));
      incidents.add(incident(service, shop, breakage));
    }
    for (int round = 0; round < rounds; round++) {
      bare.add(bare(shop, breakage, incidents.get(0).sql()));
    }
    Sample verified = sample(incidents.stream().map(Incident::verified).toList());
    Sample alone = sample(bare);
    page.accept("## " + breakage.title() + "\n");
    page.accept("| what | n | median ms | p95 ms | p99 ms | most ms |");
    page.accept("|---|---|---|---|---|---|");
    row(page, "the plan's SQL in one psql session", alone);
    row(
        page,
        "breakage to event at a subscriber, `check_every: 1s`",
        sample(incidents.stream().map(Incident::told).toList()));
    row(
        page,
        "approval sent to `task.started` at a subscriber",
        sample(incidents.stream().map(Incident::started).toList()));
    row(page, "approval sent to `task.succeeded` at a subscriber", verified);
    double added = verified.median() - alone.median();
    page.accept(
        "\nAdded to the plan's SQL, of the medians: %.0f ms, %.1f %%.\n"
            .formatted(added, 100 * added / alone.median()));
  }

  private static Sample sample(List<Double> values) {
    return new Sample(values);
  }

  private static void row(Consumer<String> page, String what, Sample sample) {
    page.accept(
        "| %s | %d | %.1f | %.1f | %.1f | %.1f |"
            .formatted(
                what,
                sample.values().size(),
                sample.median(),
                sample.quantile(0.95),
                sample.quantile(0.99),
                sample.quantile(1)));
  }

  private Incident incident(Service service, PostgresUrl shop, Breakage breakage)
      throws IOException, InterruptedException {
    psql(shop, List.of(breakage.breaks()));
    long broken = System.nanoTime();
    Service.Seen opened =
        service.next(seen ->
            seen.is("issue.opened") && breakage.subject().equals(seen.data().getString("subject")));
    JsonObject task = task(service, opened);
    JsonObject plan = task.getJsonObject("plan");
    String id = task.getString("id");
    JsonObject approval =
        new JsonObject()
            .put("plan_digest", plan.getString("digest"))
            .put("comment", "measured")
            .put("accept_data_loss", true);
    long approved = System.nanoTime();
    service.post("/api/recovery-tasks/" + id + "/approve", approval);
    Service.Seen started =
        service.next(seen -> seen.is("task.started") && seen.subject().equals(id));
    Service.Seen ended =
        service.next(seen ->
            (seen.is("task.succeeded") || seen.is("task.failed")) && seen.subject().equals(id));
    if (!ended.is("task.succeeded")) {
      throw new IllegalStateException("not healed: " + ended.event());
    }
    return new Incident(
        millis(broken, opened.nanos()),
        millis(approved, started.nanos()),
        millis(approved, ended.nanos()),
        sql(plan.getJsonArray("steps")));
  }

  // What is healed on request alone is asked for.
  private static JsonObject task(Service service, Service.Seen opened)
      throws IOException, InterruptedException {
    if (opened.data().getString("code").equals("table.missing")) {
      Service.Seen proposed = service.next(seen -> seen.is("task.proposed"));
      return service.get("/api/recovery-tasks/" + proposed.subject());
    }
    return service.post("/api/issues/" + opened.subject() + "/recovery-task", new JsonObject());
  }

  private static String sql(JsonArray steps) {
    return String.join(
        "\n",
        steps.stream()
            .map(step -> ((JsonObject) step).getString("sql"))
            .filter(sql -> sql != null)
            .map(sql -> "BEGIN;\n" + sql + "\nCOMMIT;")
            .toList());
  }

  private static double millis(long from, long to) {
    return (to - from) / 1e6;
  }

  /** The plan's own statements, timed by the session that runs them. */
  private double bare(PostgresUrl shop, Breakage breakage, String sql) throws IOException {
    String clock = "extract(epoch FROM clock_timestamp()) * 1000";
    Path script =
        Files.writeString(
            Path.of("bare.sql"),
            breakage.breaks()
                + ";\nSELECT "
                + clock
                + " AS began \\gset\n\\o /dev/null\n"
                + sql
                + "\nRESET ALL;\n\\o\nSELECT "
                + clock
                + " - :began;\n");
    return Double.parseDouble(
        Peers.output(
                List.of(
                    "psql",
                    "-XAtq",
                    "-v",
                    "ON_ERROR_STOP=1",
                    shop.reveal(),
                    "-f",
                    script.toString()))
            .strip());
  }

  /**
   * From the last statement before the approval's commit to the last before the claim's, by the
   * store's clock: both append their event there.
   */
  private static void claimed(Consumer<String> page, PostgresUrl kept) {
    String waits =
        Peers.output(
            List.of(
                "psql",
                "-XAtq",
                kept.reveal(),
                "-c",
                "SELECT extract(epoch FROM s.at - a.at) * 1000 FROM pgmedic.event a"
                    + " JOIN pgmedic.event s USING (subject)"
                    + " WHERE a.type = 'task.approved'"
                    + " AND s.type = 'task.started'"));
    Sample sample = sample(waits.lines().map(Double::parseDouble).toList());
    page.accept(
        ("Approved to claimed by the store's clock: n %d, median %.1f ms, p99 %.1f ms, most %.1f"
                + " ms.\n")
            .formatted(
                sample.values().size(),
                sample.median(),
                sample.quantile(0.99),
                sample.quantile(1)));
  }

  private static void psql(PostgresUrl url, List<String> statements) {
    List<String> words =
        new ArrayList<>(List.of("psql", "-Xq", "-v", "ON_ERROR_STOP=1", url.reveal()));
    statements.forEach(statement -> words.addAll(List.of("-c", statement)));
    Peers.output(words);
  }
}
