package dev.pgmedic.style;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the sources and classes of all modules are, and the sources of the measurements. */
final class Repository {
  static final Path ROOT = Path.of(System.getProperty("pgmedic.root", "..")).toAbsolutePath();

  static final List<String> MODULES = List.of("core", "monitor", "recovery-worker", "api", "cli");

  private Repository() {}

  static List<Path> mainClasses() {
    return MODULES.stream()
        .map(module -> ROOT.resolve(module).resolve("target/classes"))
        .filter(Files::isDirectory)
        .toList();
  }

  static List<Path> files(Path folder, String ending) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JavaFile> javaFiles() {
    return Stream.concat(MODULES.stream().map(module -> module + "/src"), Stream.of("bench"))
        .map(ROOT::resolve)
        .filter(Files::isDirectory)
        .flatMap(source -> files(source, ".java").stream())
        .map(Repository::read)
        .toList();
  }

  private static JavaFile read(Path file) {
    try {
      return JavaFile.parse(ROOT.relativize(file).toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
