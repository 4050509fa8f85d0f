package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a target calls things by is data in a recovery, whatever it would be as SQL. */
@Timeout(180)
class HostileNamesTest {

  // The last is as long as a label or a name may be: 63 bytes.
  private static final List<String> TEXTS =
      List.of(
          "'; DROP TABLE secret; --",
          "\"; DROP TABLE secret; --",
          "new\nline'; DROP TABLE secret; --",
          "back\\'; DROP TABLE secret; --",
          "$$; DROP TABLE secret; $pgmedic$",
          "%s {0} ${HOME}",
          "ü✓'; DROP TABLE secret; -- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

  @TempDir private Path folder;
  private Optional<HostileScene> opened = Optional.empty();

  private HostileScene scene() {
    HostileScene scene = opened.orElseGet(() -> new HostileScene(Optional.of(folder)));
    opened = Optional.of(scene);
    return scene;
  }

  @AfterEach
  void close() {
    opened.ifPresent(HostileScene::close);
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String name(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  static String staged(String tool) {
    String name = "/dev/pgmedic/testing/history/" + tool + ".sql";
    try (InputStream sql = TestDatabases.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(sql, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertHealed(RecoveryTask ended) {
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
    scene().assertConfined();
  }

  @Test
  void labelsAreAddedAsTheyAre() {
    // Given
    String all = String.join(", ", TEXTS.stream().map(HostileNamesTest::literal).toList());
    scene().asOwner("CREATE TYPE mood AS ENUM ('a', " + all + ")", "CREATE TABLE plain (m mood)");
    scene().keep();
    scene()
        .asOwner(
            "DROP TABLE plain",
            "DROP TYPE mood",
            "CREATE TYPE mood AS ENUM ('a')",
            "CREATE TABLE plain (m mood)");

    // When
    RecoveryTask ended = scene().healed("enum.value-missing public.mood");

    // Then
    assertHealed(ended);
    assertThat(TestDatabases.query(scene().url(), "SELECT unnest(enum_range(NULL::public.mood))"))
        .containsExactly(
            "a",
            TEXTS.get(0),
            TEXTS.get(1),
            TEXTS.get(2),
            TEXTS.get(3),
            TEXTS.get(4),
            TEXTS.get(5),
            TEXTS.get(6));
  }

  @Test
  void revisionsAreRecordedAsTheyAre() throws IOException {
    // Given: each is a folder, whose name this machine must be able to write
    TestDatabases.run(scene().url(), staged("prisma"), "DELETE FROM _prisma_migrations");
    List<String> versions =
        TEXTS.stream()
            .filter(text -> text.chars().allMatch(c -> c < 128))
            .map(text -> "20260101_" + text)
            .sorted()
            .toList();
    for (String version : versions) {
      Path file = folder.resolve("prisma/migrations").resolve(version).resolve("migration.sql");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "-- " + version.hashCode());
      TestDatabases.run(
          scene().url(),
          "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES"
              + " (gen_random_uuid(), 'other', "
              + literal(version)
              + ", now())");
    }
    TestDatabases.run(scene().url(), "ALTER TABLE _prisma_migrations OWNER TO " + scene().owner());
    scene()
        .asOwner(
            "CREATE TRIGGER history BEFORE UPDATE ON _prisma_migrations"
                + " FOR EACH ROW EXECUTE FUNCTION ambush()");
    scene().keep();

    // When
    RecoveryTask ended = scene().healed("migration.checksum public._prisma_migrations");

    // Then
    assertHealed(ended);
    assertThat(scene().ran()).containsExactly("history");
    assertThat(
            TestDatabases.query(
                scene().url(),
                "SELECT migration_name FROM _prisma_migrations WHERE checksum <> 'other'"))
        .containsExactlyInAnyOrderElementsOf(versions);
  }

  @Test
  void whatIsMovedAwayKeepsItsName() {
    // Given
    scene().keep();
    for (String text : TEXTS) {
      scene()
          .asOwner(
              "CREATE TABLE " + name(text) + " (id int)",
              "INSERT INTO " + name(text) + " VALUES (7)",
              "COMMENT ON TABLE " + name(text) + " IS " + literal(text));
    }
    String table = "public." + name(TEXTS.get(0));

    // When
    RecoveryTask ended = scene().healed("schema.drift " + table);

    // Then
    assertHealed(ended);
    assertThat(
            TestDatabases.query(
                scene().url(),
                "SELECT relname || obj_description(c.oid) FROM pg_class c JOIN pg_namespace n"
                    + " ON n.oid = relnamespace WHERE nspname ~ '^pgmedic_q_'"))
        .containsExactly(TEXTS.get(0) + TEXTS.get(0));
  }

  @Test
  void theTextsOfDefinitionsComeBackAsTheyAre() {
    // Given
    StringBuilder columns = new StringBuilder("id int");
    for (int i = 0; i < TEXTS.size(); i++) {
      columns
          .append(", c" + i + " text DEFAULT " + literal(TEXTS.get(i)))
          .append(" CHECK (c" + i + " <> " + literal(TEXTS.get(i) + "!") + ")");
    }
    scene().asOwner("CREATE TABLE texts (" + columns + ")");
    for (int i = 0; i < TEXTS.size(); i++) {
      String literal = literal(TEXTS.get(i));
      scene()
          .asOwner(
              "COMMENT ON COLUMN texts.c" + i + " IS " + literal,
              "CREATE INDEX i"
                  + i
                  + " ON texts ((c"
                  + i
                  + " || "
                  + literal
                  + "))"
                  + " WHERE c"
                  + i
                  + " <> "
                  + literal,
              "CREATE POLICY p" + i + " ON texts USING (c" + i + " <> " + literal + ")");
    }
    scene().keep();
    List<String> before = definitions();
    scene().asOwner("DROP TABLE texts");

    // When
    RecoveryTask ended = scene().healed("table.missing public.texts");

    // Then
    assertHealed(ended);
    assertThat(definitions()).isEqualTo(before);
  }

  private List<String> definitions() {
    return TestDatabases.query(
        scene().url(),
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'texts'::regclass"
            + " UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            + " WHERE conrelid = 'texts'::regclass"
            + " UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index"
            + " WHERE indrelid = 'texts'::regclass"
            + " UNION ALL SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
            + " WHERE polrelid = 'texts'::regclass"
            + " UNION ALL SELECT col_description('texts'::regclass, attnum) FROM pg_attribute"
            + " WHERE attrelid = 'texts'::regclass AND attnum > 0"
            + " ORDER BY 1");
  }
}
