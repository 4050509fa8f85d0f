package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Source;
import dev.pgmedic.config.Config.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** A token for whoever starts pgmedic without naming any: in a file that only they may read. */
final class AdminToken {

  private final Path file;

  private AdminToken(Path file) {
    this.file = file;
  }

  static AdminToken in(Path directory) {
    return new AdminToken(directory.resolve("admin.token"));
  }

  /** Reads the token, or makes one. Blocking. */
  String readOrMake() throws IOException {
    if (!Files.exists(file)) {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(random));
    }
    return Files.readString(file).strip();
  }

  /** The configured tokens; this one when there are none. Blocking. */
  Auth orConfigured(Config config) throws IOException {
    return config.auth().tokens().isEmpty()
        ? new Auth(config.auth().anonymous(), List.of(token()))
        : config.auth();
  }

  private Token token() throws IOException {
    return new Token("admin", Role.ADMIN, readOrMake(), Source.ADMIN_FILE);
  }

  Path file() {
    return file;
  }
}
