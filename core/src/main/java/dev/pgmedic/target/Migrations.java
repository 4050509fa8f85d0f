package dev.pgmedic.target;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a target's schema is migrated.
 *
 * @param tool the tool's name, {@code alembic} or {@code sql}; absent means that it is detected
 * @param table the tool's history table, as SQL writes it; absent means that it is detected
 * @param directory where the migration project is; absent means that no file can be looked at
 * @param upgrade the command that brings the target to head, as it is written; empty means that a
 *     person runs it
 * @param environment what is added to that command's environment, placeholders not yet filled in
 * @param lockKeys advisory lock keys of the project's own
 * @param replay whether and how they are replayed in a scratch database
 */
public record Migrations(
    Optional<String> tool,
    Optional<String> table,
    Optional<Path> directory,
    List<String> upgrade,
    Map<String, String> environment,
    List<Long> lockKeys,
    Replay replay) {

  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          Variables.REFERENCE + "|\\{(url|host|port|database|user|password|application_name)}");

  /** Nothing is known but what the database itself shows. */
  public static final Migrations DETECTED =
      new Migrations(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Map.of(),
          List.of(),
          Replay.OF_FILES);

  /** Copies the collections. */
  public Migrations {
    upgrade = List.copyOf(upgrade);
    environment = Map.copyOf(environment);
    lockKeys = List.copyOf(lockKeys);
  }

  /**
   * What is added to a command's environment, filled in.
   *
   * @param url where it is to work
   * @param sessions what its sessions are to be called; drivers that do not take PGAPPNAME are told
   *     by {@code {application_name}}
   */
  public Map<String, String> environment(PostgresUrl url, String sessions) {
    Map<String, String> filled = new HashMap<>();
    environment.forEach((name, value) -> filled.put(name, filled(value, url, sessions)));
    filled.put("PGAPPNAME", sessions);
    return filled;
  }

  private static String filled(String value, PostgresUrl url, String sessions) {
    Map<String, String> parts =
        Map.of(
            "url", url.reveal(),
            "host", url.host(),
            "port", Integer.toString(url.port()),
            "database", url.database(),
            "user", url.user(),
            "password", url.password().orElse(""),
            "application_name", sessions);
    return PLACEHOLDER
        .matcher(value)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                found.group(1) != null
                    ? Variables.ofProcess().filled(found.group())
                    : parts.get(found.group(2))));
  }

  /** What a command said, without what its variables stand for. */
  public String masked(String said) {
    List<String> texts = new ArrayList<>(upgrade);
    texts.addAll(environment.values());
    texts.addAll(replay.command());
    return Variables.ofProcess().masked(texts, said);
  }

  /** The same with its files in this folder. */
  public Migrations withDirectory(Path folder) {
    return new Migrations(tool, table, Optional.of(folder), upgrade, environment, lockKeys, replay);
  }
}
