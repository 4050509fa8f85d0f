package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.replay.Course;
import dev.pgmedic.replay.ReplayFailed;
import dev.pgmedic.replay.Replayed;
import dev.pgmedic.replay.Replayer;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Replay;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command is let at a scratch database once it was seen there, and at a target never. */
@Timeout(180)
class AlembicReplayTest {

  private final Vertx vertx = Vertx.vertx();
  private final ScratchServer scratch = new ScratchServer(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;
  private AlembicProject project;

  @BeforeEach
  void migrate() throws Exception {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    project = AlembicProject.in(folder, url);
    assertThat(project.run("upgrade", "004")).doesNotContain("Error");
  }

  @AfterEach
  void close() {
    scratch.close().await();
    vertx.close().await();
  }

  private Observation seen() {
    Target target = Target.of("homelab", url).withDirectory(Optional.of(folder));
    return new Checks(vertx).run(target, KnownGoodLookup.NONE).observation().orElseThrow();
  }

  private Future<Replayed> replay() throws Exception {
    Migrations migrations =
        new Migrations(
            Optional.of("alembic"),
            Optional.empty(),
            Optional.of(folder),
            List.of(),
            Map.of("DATABASE_URL", "{url}"),
            List.of(),
            Replay.by(List.of("alembic", "upgrade", "{version}")));
    Course course = Course.of(seen().history(), Optional.of(folder)).orElseThrow();
    return new Replayer(vertx, scratch).replay(course, migrations, Deadlines.DEFAULT, List.of());
  }

  private List<String> rows() {
    return TestDatabases.query(
        url,
        "SELECT version_num || ' ' || xmin FROM alembic_version"
            + " UNION ALL SELECT 'written ' || count(*) FROM pg_class WHERE relkind = 'r'");
  }

  @Test
  void aDefaultProjectIsNotReplayedItsTargetIsUntouchedAndTheErrorNamesItsSetting()
      throws Exception {
    // Given
    Observation before = seen();
    List<String> rows = rows();

    // When
    Future<Replayed> replay = replay();

    // Then
    assertThatThrownBy(replay::await)
        .isInstanceOf(ReplayFailed.class)
        .hasMessageContaining("did not connect to the scratch database")
        .hasMessageContaining("it reads sqlalchemy.url of alembic.ini instead")
        .hasMessageContaining("nothing was replayed");
    assertThat(seen().catalog()).isEqualTo(before.catalog());
    assertThat(seen().history().version()).isEqualTo(before.history().version());
    assertThat(rows()).isEqualTo(rows);
  }

  @Test
  void aProjectThatFollowsItsEnvironmentTellsWhatEachRevisionMakes() throws Exception {
    // Given
    project.followsItsEnvironment();
    List<String> rows = rows();

    // When
    Replayed replayed = replay().await();

    // Then
    assertThat(replayed.unreplayed()).isEmpty();
    assertThat(replayed.versions())
        .extracting(VersionObjects::version)
        .containsExactly("001", "002", "003", "004", "005");
    assertThat(replayed.versions().get(4).creates())
        .extracting(key -> key.kind() + " " + key.identity())
        .contains("enum public.backupstatus", "table public.drive_backups");
    assertThat(replayed.catalog().find(replayed.versions().get(4).creates().get(0))).isEmpty();
    assertThat(rows()).isEqualTo(rows);
  }
}
