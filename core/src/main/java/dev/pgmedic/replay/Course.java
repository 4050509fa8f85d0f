package dev.pgmedic.replay;

import dev.pgmedic.digest.Sha256;
import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.MigrationFile;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.OnDisk;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The migrations that a replay runs, in order: those that are applied, and behind them those that
 * are not.
 *
 * @param tool whose they are
 * @param project their folder
 * @param applied what the database is to have
 * @param pending what comes after it
 */
public record Course(MigrationTool tool, Path project, List<Leg> applied, List<Leg> pending) {

  /** Copies the lists. */
  public Course {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
  }

  /**
   * One migration.
   *
   * @param version as the tool's records call it
   * @param file where it is
   * @param definesOnly whether it is known to do nothing but define objects
   */
  public record Leg(String version, Path file, boolean definesOnly) {

    private static Leg of(MigrationTool tool, Path project, MigrationFile migration)
        throws IOException {
      Path file = migration.in(project);
      return new Leg(
          migration.version(),
          file,
          tool.definesOnly(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
    }
  }

  /**
   * Finds the migrations of a target; empty where the files are not known to be what was applied,
   * or where a migration is kept open on purpose. One that broke off is pending. Blocking.
   *
   * @throws IOException when the files cannot be read
   */
  public static Optional<Course> of(HistoryState history, Optional<Path> directory)
      throws IOException {
    Optional<MigrationTool> tool = history.tool().flatMap(MigrationTools::find);
    Optional<DiskState> disk = history.disk().filter(files -> isTrue(history, files));
    if (tool.isEmpty() || directory.isEmpty() || disk.isEmpty()) {
      return Optional.empty();
    }
    Optional<OnDisk> files = tool.get().onDisk(directory.get());
    if (files.isEmpty() || !files.get().versions().equals(disk.get().known())) {
      return Optional.empty(); // they changed since
    }
    List<Leg> applied = new ArrayList<>();
    List<Leg> pending = new ArrayList<>();
    for (MigrationFile file : inOrder(files.get().files())) {
      boolean waits = disk.get().pending().contains(file.version());
      (waits ? pending : applied).add(Leg.of(tool.get(), directory.get(), file));
    }
    return Optional.of(new Course(tool.get(), directory.get(), applied, pending));
  }

  private static boolean isTrue(HistoryState history, DiskState files) {
    return !history.busy()
        && history.records().stream().noneMatch(RecordState.InProgress.class::isInstance)
        && history.unreadable().isEmpty()
        && files.unknown().isEmpty()
        && files.changed().isEmpty()
        && files.conflicts().isEmpty()
        && files.contradictions().isEmpty();
  }

  // A file that names what it comes behind waits for that; the others keep their order.
  private static List<MigrationFile> inOrder(List<MigrationFile> files) {
    Map<String, MigrationFile> left = new LinkedHashMap<>();
    files.forEach(file -> left.put(file.version(), file));
    List<MigrationFile> order = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<String> waiting = Set.copyOf(left.keySet());
      List<MigrationFile> ready =
          left.values().stream()
              .filter(file -> file.follows().stream().noneMatch(waiting::contains))
              .toList();
      List<MigrationFile> next = ready.isEmpty() ? List.copyOf(left.values()) : ready;
      next.forEach(file -> left.remove(file.version()));
      order.addAll(next);
    }
    return order;
  }

  /**
   * A hash of all that would run, and of how far. Blocking.
   *
   * @throws IOException when a file cannot be read
   */
  public String digest() throws IOException {
    return Json.digest(List.of(hashes(applied), hashes(pending)));
  }

  private static List<List<String>> hashes(List<Leg> legs) throws IOException {
    List<List<String>> hashes = new ArrayList<>();
    for (Leg leg : legs) {
      byte[] hash = Sha256.of(Files.readAllBytes(leg.file()));
      hashes.add(List.of(leg.version(), HexFormat.of().formatHex(hash)));
    }
    return hashes;
  }
}
