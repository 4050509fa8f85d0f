package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where an Alembic project keeps its revisions: {@code script_location} and {@code
 * version_locations} of {@code alembic.ini}, or of {@code [tool.alembic]} in {@code
 * pyproject.toml}.
 *
 * @param file the file that says it
 * @param text that file, or its section
 * @param project the folder of the file
 */
record AlembicSettings(Path file, String text, Path project) {

  private static final Pattern SECTION =
      Pattern.compile("(?ms)^\\[tool\\.alembic\\]\\s*$(.*?)(?=^\\[|\\z)");
  private static final Pattern PACKAGED = Pattern.compile("([\\w.]{2,}):(\\w.*)");
  private static final String LOCATION = "script_location";
  private static final String URL = "sqlalchemy.url";
  private static final String VERSIONS = "version_locations";

  /**
   * Reads the settings of a project.
   *
   * @throws IOException when neither file is there
   */
  static AlembicSettings of(Path project) throws IOException {
    Path ini = project.resolve("alembic.ini");
    if (Files.isRegularFile(ini)) {
      return new AlembicSettings(ini, Project.text(ini), project);
    }
    Path toml = project.resolve("pyproject.toml");
    if (Files.isRegularFile(toml)) {
      Matcher section = SECTION.matcher(Project.text(toml));
      if (section.find()) {
        return new AlembicSettings(toml, section.group(1), project);
      }
    }
    throw new IOException("expected alembic.ini in " + project);
  }

  /**
   * The files that may be revisions.
   *
   * @throws IOException when a folder is not there
   */
  List<Path> revisionFiles() throws IOException {
    boolean recursive = value("recursive_version_locations").orElse("").equalsIgnoreCase("true");
    List<Path> files = new ArrayList<>();
    for (Path folder : versionFolders()) {
      if (!Files.isDirectory(folder)) {
        throw new IOException("expected revision files in " + folder);
      }
      files.addAll(
          Project.files(
              folder,
              path ->
                  Project.name(path).endsWith(".py")
                      && (recursive || folder.equals(path.getParent()))));
    }
    return files;
  }

  /** Where a default {@code env.py} finds the URL of its database. */
  Optional<String> urlSetting() {
    return value(URL).map(given -> URL + " of " + file.getFileName());
  }

  private List<Path> versionFolders() throws IOException {
    String script =
        value(LOCATION).orElseThrow(() -> new IOException("expected " + LOCATION + " in " + file));
    return value(VERSIONS)
        .map(locations -> split(locations).stream().map(this::path).toList())
        .orElse(List.of(path(script).resolve("versions")));
  }

  // A value goes on in indented lines; in TOML it may be a list.
  private Optional<String> value(String key) {
    Matcher found =
        Pattern.compile(
                "(?m)^\\s*" + key + "\\s*=[ \\t]*(\\[[^\\]]*\\]|.*(?:\\n[ \\t]+(?![#;]).+)*)")
            .matcher(text);
    return found.find()
        ? Optional.of(found.group(1).replaceAll("[\\[\\]\"']", " ").strip())
            .filter(value -> !value.isEmpty())
        : Optional.empty();
  }

  // A colon separates only where the settings say so: else it is behind a package's name.
  private List<String> split(String locations) {
    String separator = value("path_separator").or(() -> value("version_path_separator")).orElse("");
    boolean colon = separator.startsWith(":") || separator.startsWith("os");
    return Stream.of(locations.split(colon ? "[\\s,;:]+" : "[\\s,;]+"))
        .filter(part -> !part.isBlank())
        .toList();
  }

  // What begins with a package's name is looked for as a folder of that name.
  private Path path(String location) {
    Matcher packaged = PACKAGED.matcher(location);
    String path =
        packaged.matches()
            ? packaged.group(1).replace('.', '/') + "/" + packaged.group(2)
            : location.replace("%(here)s", project.toAbsolutePath().toString()).replace("%%", "%");
    return project.resolve(path);
  }
}
