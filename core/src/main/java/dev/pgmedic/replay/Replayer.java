package dev.pgmedic.replay;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogReader;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.catalog.VersionDefinition;
import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.replay.Scratch.Place;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Replays migrations in a scratch database, version by version, and looks after each what is there.
 * SQL files it runs itself; a command only when the configuration has one. Reading a whole schema
 * knows no future, so it takes a worker thread.
 */
public final class Replayer {

  private final Vertx vertx;
  private final Scratch scratch;

  /** A replayer that makes its databases there. */
  public Replayer(Vertx vertx, Scratch scratch) {
    this.vertx = vertx;
    this.scratch = scratch;
  }

  /** Whether the migrations of a target can be replayed at all. */
  public static boolean canReplay(Course course, Migrations migrations) {
    return migrations.replay().wanted()
        && (!migrations.replay().command().isEmpty() || SqlText.isOf(course.tool().name()));
  }

  /**
   * Replays.
   *
   * <p>Completes with what it told. Fails with {@link ReplayFailed} when a migration fails, when
   * the command was not seen in the scratch database (then nothing was run), or at the latest after
   * the deadline of a whole recovery; fails as the scratch server does. No target is ever connected
   * to by it.
   *
   * @param roles the roles of the target's server, so that grants to them succeed
   */
  public Future<Replayed> replay(
      Course course, Migrations migrations, Deadlines deadlines, List<String> roles) {
    return scratch
        .open()
        .compose(place ->
            Deadline.within(
                    deadlines.recovery(),
                    "the replay",
                    replay(place, course, migrations, deadlines, roles),
                    place::close)
                .eventually(place::close));
  }

  private Future<Replayed> replay(
      Place place, Course course, Migrations migrations, Deadlines deadlines, List<String> roles) {
    return ScratchDatabase.make(vertx, place.url(), roles)
        .compose(database -> {
          Runner runner = runner(course, migrations, deadlines, database);
          boolean stepwise =
              migrations.replay().command().isEmpty()
                  || CommandRunner.isStepwise(migrations.replay().command());
          return runner
              .prepare()
              .compose(ready -> new Run(database, runner, deadlines).all(course, stepwise))
              .eventually(database::close);
        });
  }

  private Runner runner(
      Course course, Migrations migrations, Deadlines deadlines, ScratchDatabase database) {
    return migrations.replay().command().isEmpty()
        ? new SqlRunner(vertx, course.tool().name(), database.url(), deadlines.statement())
        : new CommandRunner(
            vertx,
            course,
            migrations.replay().command(),
            new ScratchCommand(
                vertx, migrations, course.project(), database.url(), deadlines.command()),
            database);
  }

  /** One replay under way. */
  private final class Run {

    private final ScratchDatabase database;
    private final Runner runner;
    private final Duration limit;
    private final List<VersionObjects> versions = new ArrayList<>();
    private Set<Key> known = Set.of();

    Run(ScratchDatabase database, Runner runner, Deadlines deadlines) {
      this.database = database;
      this.runner = runner;
      this.limit = deadlines.check();
    }

    Future<Replayed> all(Course course, boolean stepwise) {
      if (!stepwise && (!course.pending().isEmpty() || course.applied().isEmpty())) {
        return Future.failedFuture(
            new ReplayFailed(
                "the command goes to head, which the database is not at; expected {version} in"
                    + " it"));
      }
      List<Course.Leg> applied =
          stepwise ? course.applied() : List.of(course.applied().get(course.applied().size() - 1));
      return legs(applied)
          .compose(ran -> catalog())
          .compose(catalog ->
              script()
                  .compose(script -> {
                    List<VersionObjects> made = stepwise ? still(catalog) : List.of();
                    return ahead(course.pending())
                        .map(stuck ->
                            new Replayed(
                                catalog,
                                script,
                                database.serverVersion(),
                                database.role(),
                                made(made, stepwise),
                                stuck));
                  }));
    }

    // What a later version takes away again is not what the database should have of one.
    private List<VersionObjects> still(Catalog catalog) {
      return versions.stream()
          .map(version ->
              new VersionObjects(
                  version.version(),
                  version.creates().stream().filter(key -> catalog.find(key).isPresent()).toList(),
                  version.definesOnly(),
                  version.definition()))
          .toList();
    }

    private List<VersionObjects> made(List<VersionObjects> applied, boolean stepwise) {
      List<VersionObjects> all = new ArrayList<>(applied);
      if (stepwise) {
        all.addAll(versions.subList(applied.size(), versions.size()));
      }
      return all;
    }

    private Future<Void> legs(List<Course.Leg> legs) {
      Future<Void> done = Future.succeededFuture();
      for (Course.Leg leg : legs) {
        done = done.compose(before -> leg(leg)).mapEmpty();
      }
      return done;
    }

    private Future<Catalog> leg(Course.Leg leg) {
      return runner
          .run(leg)
          .compose(ran -> catalog())
          .map(catalog -> {
            Set<Key> now = new LinkedHashSet<>();
            catalog.objects().stream().map(CatalogObject::key).forEach(now::add);
            versions.add(
                new VersionObjects(
                    leg.version(),
                    now.stream().filter(key -> !known.contains(key)).toList(),
                    leg.definesOnly(),
                    Optional.empty()));
            known = new HashSet<>(now);
            return catalog;
          });
    }

    private Future<Optional<String>> ahead(List<Course.Leg> pending) {
      if (pending.isEmpty()) {
        return Future.succeededFuture(Optional.empty());
      }
      return leg(pending.get(0))
          .compose(catalog -> script().map(script -> defined(catalog, script)))
          .compose(defined -> legs(pending.subList(1, pending.size())))
          .map(ran -> Optional.<String>empty())
          .recover(error ->
              error instanceof ReplayFailed stuck
                  ? Future.succeededFuture(Optional.ofNullable(stuck.getMessage()))
                  : Future.failedFuture(error));
    }

    private VersionObjects defined(Catalog catalog, String script) {
      VersionObjects next = versions.get(versions.size() - 1);
      List<CatalogObject> objects =
          next.creates().stream().flatMap(key -> catalog.find(key).stream()).toList();
      VersionObjects defined = next.with(new VersionDefinition(objects, script));
      versions.set(versions.size() - 1, defined);
      return defined;
    }

    private Future<Catalog> catalog() {
      Session.Settings settings =
          new Session.Settings("pgmedic-replay", limit, limit, Duration.ZERO, true);
      return Session.open(vertx, database.url(), settings)
          .compose(
              session -> CatalogReader.objects(session.connection()).eventually(session::close));
    }

    private Future<String> script() {
      return vertx.executeBlocking(() -> SchemaDefinition.script(database.url(), limit), false);
    }
  }
}
