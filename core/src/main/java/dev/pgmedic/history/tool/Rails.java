package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ruby on Rails (Active Record): a set of versions, and beside it the table of metadata, by which
 * it is told from dbmate. Both names may carry the application's prefix and suffix.
 *
 * @see <a href="https://guides.rubyonrails.org/active_record_migrations.html">Active Record
 *     migrations</a>
 */
final class Rails implements MigrationTool {

  private static final String NAME = "schema_migrations";
  private static final Shape SHAPE = Shape.of("version varchar not null");
  private static final Shape METADATA =
      Shape.of(
          "key varchar not null",
          "value varchar",
          "created_at timestamp not null",
          "updated_at timestamp not null");
  private static final Pattern FILE =
      Pattern.compile("([0-9]+)_([_a-z0-9]*)\\.?([_a-z0-9]*)?\\.rb");

  @Override
  public String name() {
    return "rails";
  }

  @Override
  public List<String> readOnly(List<String> command) {
    return Words.instead(command, "db:migrate", "db:migrate:status");
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table)
        && table.name().contains(NAME)
        && all.sibling(table, table.name().replace(NAME, "ar_internal_metadata"))
            .filter(METADATA::fits)
            .isPresent();
  }

  /** An application may do without the metadata, and then only its configuration tells. */
  @Override
  public boolean mayOwn(Table table, Tables all) {
    return SHAPE.fits(table) && table.name().contains(NAME);
  }

  @Override
  public String records(Table table) {
    return "SELECT version FROM ONLY " + table.identity() + " ORDER BY length(version), version";
  }

  @Override
  public Optional<String> current(List<RecordState> records) {
    return Newest.byNumber(records);
  }

  @Override
  public String key(String version) {
    return VersionNumber.key(version);
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    Path folder = Project.folder(project, "db/migrate", "migrate");
    List<MigrationFile> files =
        Project.files(folder, file -> FILE.matcher(Project.name(file)).matches()).stream()
            .map(file -> MigrationFile.of(version(file), Project.below(folder, file)))
            .sorted(Comparator.comparing(MigrationFile::version, VersionNumber.ORDER))
            .toList();
    return Optional.of(OnDisk.inOrder(this, files));
  }

  private String version(Path file) {
    Matcher name = FILE.matcher(Project.name(file));
    return name.matches() ? key(name.group(1)) : "";
  }

  @Override
  public List<String> unknown(List<RecordState.Applied> applied, OnDisk disk) {
    return Pruned.withoutOldest(MigrationTool.super.unknown(applied, disk), applied);
  }
}
