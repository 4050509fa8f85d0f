package dev.pgmedic.testing;

import dev.pgmedic.target.PostgresUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real servers of the major versions that pgmedic supports. The caller closes them. */
public final class PostgresServers {

  /** All that are supported. */
  public static final List<Integer> SUPPORTED = List.of(14, 15, 16, 17, 18);

  private static final Logger LOG = LoggerFactory.getLogger(PostgresServers.class);

  private PostgresServers() {}

  /**
   * All versions under {@code -Pexhaustive}; else one that the printed seed picks, and never that
   * of {@link TestDatabases}, which every test has anyway.
   */
  public static List<Integer> sample() {
    if (Sample.WHOLE) {
      return SUPPORTED;
    }
    int usual = TestDatabases.majorVersion();
    List<Integer> others = SUPPORTED.stream().filter(version -> version != usual).toList();
    List<Integer> one = Sample.of(others, 1);
    LOG.info("PostgreSQL {}", one);
    return one;
  }

  /** Starts an empty server of a major version. */
  public static EmbeddedPostgres start(int version) throws IOException {
    return EmbeddedPostgres.builder()
        .setPgBinaryResolver((system, machine) -> archive(version))
        .setServerConfig("timezone", "Asia/Kathmandu")
        .start();
  }

  /** Where a server's first database is. */
  public static PostgresUrl url(EmbeddedPostgres server) {
    return new PostgresUrl(
        "localhost", server.getPort(), "postgres", "postgres", Optional.empty(), Map.of());
  }

  // The build puts the jars of all versions there; two of them cannot be on one class path.
  private static InputStream archive(int version) throws IOException {
    Path folder = Path.of(System.getProperty("pgmedic.root"), "core/target/servers");
    URI jar = URI.create("jar:" + only(folder, "*-" + version + ".*.jar").toUri());
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
      return new ByteArrayInputStream(Files.readAllBytes(only(files.getPath("/"), "*.txz")));
    }
  }

  private static Path only(Path folder, String name) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name)) {
      List<Path> paths = new ArrayList<>();
      found.forEach(paths::add);
      if (paths.size() != 1) {
        throw new IOException(
            "expected one %s in %s, found %s; mvn -pl core generate-test-resources copies them"
                .formatted(name, folder, paths));
      }
      return paths.get(0);
    }
  }
}
