package dev.pgmedic.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only what a migration takes away on its way up explains that an object is gone. */
class RemovalsTest {

  @TempDir private Path folder;

  private boolean explains(String file, String text, CatalogObject object) throws IOException {
    Files.writeString(folder.resolve(file), text.replace("\\n", "\n"));
    return Removals.in(MigrationTexts.under(folder)).explain(object);
  }

  private static CatalogObject object(String title) {
    String kind = title.substring(0, title.indexOf(" public"));
    String identity = title.substring(kind.length() + 1);
    int dot = identity.lastIndexOf('.');
    Optional<String> parent =
        dot > "public".length() ? Optional.of(identity.substring(0, dot)) : Optional.empty();
    return new CatalogObject(
        Kind.of(kind), identity, parent, Optional.empty(), "", List.of(), true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1.sql | DROP TABLE IF EXISTS users, orders CASCADE; | table public.orders",
        "1.sql | drop table public.\"users\"; | table public.users",
        "1.sql | ALTER TABLE users ADD phone text, DROP COLUMN note; | column public.users.note",
        "1.sql | ALTER TABLE users\\n  DROP note; | column public.users.note",
        "1.sql | ALTER TABLE users RENAME TO people; | table public.users",
        "1.sql | ALTER TYPE mood RENAME TO feeling; | enum public.mood",
        "1.sql | ALTER TABLE users RENAME COLUMN note TO notes; | column public.users.note",
        "1.sql | ALTER TABLE users RENAME note TO notes; | column public.users.note",
        "1.sql | ALTER TABLE users RENAME CONSTRAINT c TO d; | constraint public.users.c",
        "1.py | op.rename_table(\"users\", \"people\") | table public.users",
        "1.py | op.drop_index(\"by_age\", table_name=\"users\") | index public.by_age",
        "1.sql | DROP FUNCTION total(int, int); | function public.total(integer,integer)",
        "1.sql | DROP INDEX CONCURRENTLY by_name; | index public.by_name",
        "1.sql | DROP SCHEMA public CASCADE; | view public.v",
        "1.sql | -- migrate:up\\nDROP VIEW v;\\n-- migrate:down\\nSELECT 1; | view public.v",
        "1.py | def upgrade():\\n    op.drop_table(\"users\") | table public.users",
        "1.py | op.drop_constraint(\\n    \"c\",\\n    \"users\",\\n) | constraint public.users.c",
        "1.py | op.execute(\"DROP TYPE mood\") | enum public.mood",
        "1.xml | <dropTable tableName=\"users\"/> | table public.users",
        "1.xml | <renameTable newTableName=\"a\"\\n oldTableName=\"users\"/> | table public.users",
        "1.xml | <dropColumn tableName=\"r\">\\n<column name=\"note\"/></dropColumn>"
            + " | column public.r.note",
        "1.xml | <sql>DROP VIEW v</sql> | view public.v",
        "1.yaml | - dropTable:\\n    tableName: users | table public.users",
        "1.yaml | - dropColumn:\\n"
            + "    tableName: r\\n"
            + "    columns:\\n"
            + "    - column:\\n"
            + "        name: note | column public.r.note",
        "1.json | {\"dropIndex\": {\"tableName\": \"r\", \"indexName\": \"i\"}}"
            + " | index public.i",
        "1.py | migrations.DeleteModel(\"Room\") | table public.shop_room",
        "1.py | migrations.RemoveField(model_name=\"r\", name=\"note\") | column public.r.note",
        "1.rb | remove_column :users, :note | column public.users.note",
        "1.js | exports.up = k => k.schema.dropTable('users') | table public.users",
        "1.js | await queryInterface.removeColumn('users', 'note') | column public.users.note"
      })
  void itIsTakenAwayOnPurpose(String file, String text, String title) throws IOException {
    // When
    boolean explained = explains(file, text, object(title));

    // Then
    assertThat(explained).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1.sql | DROP INDEX by_age; ALTER TABLE users ADD phone text; | table public.users",
        "1.sql | DROP TABLE users_old; | table public.users",
        "1.sql | -- DROP TABLE users;\\nSELECT 1; | table public.users",
        "1.sql | /* DROP TABLE users; */ | table public.users",
        "1.sql | ALTER TABLE orders DROP COLUMN note; | column public.users.note",
        "1.sql | DROP INDEX users; | table public.users",
        "1.sql | DELETE FROM users; | table public.users",
        "1.sql | ALTER TABLE users RENAME COLUMN a TO b; | table public.users",
        "1.sql | ALTER TABLE people RENAME TO users; | table public.users",
        "1.sql | ALTER TABLE users RENAME COLUMN a TO note; | column public.users.note",
        "1.py | op.drop_index(\"ix_a\", table_name=\"users\") | table public.users",
        "1.py | op.drop_column(\"users\", \"x\") | table public.users",
        "1.py | op.drop_constraint(\"c\", \"users\") | table public.users",
        "1.py | op.rename_table(\"people\", \"users\") | table public.users",
        "1.rb | remove_column :users, :x | table public.users",
        "1.js | t.dropForeign('users') | table public.users",
        "1.sql | INSERT INTO words VALUES ('backdrop users'); | table public.users",
        "1.sql | -- migrate:up\\nSELECT 1;\\n-- migrate:down\\nDROP VIEW v; | view public.v",
        "1.down.sql | DROP TABLE users; | table public.users",
        "1.py | def upgrade():\\n    pass\\n\\ndef downgrade():\\n    op.drop_table(\"users\")"
            + " | table public.users",
        "1.xml | <dropIndex indexName=\"i\" tableName=\"users\"/> | table public.users",
        "1.xml | <dropNotNullConstraint columnName=\"a\" tableName=\"users\"/>"
            + " | table public.users",
        "1.xml | <rollback>\\n<dropTable tableName=\"users\"/></rollback> | table public.users",
        "1.xml | <!-- <dropTable tableName=\"users\"/> --> | table public.users",
        "1.xml | <dropTable tableName=\"a\"/><createTable tableName=\"users\"/>"
            + " | table public.users",
        "1.yaml | - dropTable:\\n    tableName: a\\n- createTable:\\n    tableName: users"
            + " | table public.users",
        "1.yaml | changes:\\n- rollback:\\n    - dropTable:\\n        tableName: users"
            + " | table public.users",
        "1.yaml |  rollback:\\n - dropTable:\\n    tableName: users | table public.users",
        "1.json | {\"dropTable\": {\"tableName\": \"a\"}},\\n{\"x\": \"users\"}"
            + " | table public.users",
        "1.py | op.drop_index(\"by_age\")\\nop.add_column(\"users\", c) | table public.users",
        "1.rb | def up\\n  x\\nend\\ndef down\\n  drop_table :users\\nend | table public.users",
        "1.js | exports.down = k => k.schema.dropTable('users'); | table public.users"
      })
  void nothingTakesItAway(String file, String text, String title) throws IOException {
    // When
    boolean explained = explains(file, text, object(title));

    // Then
    assertThat(explained).isFalse();
  }
}
