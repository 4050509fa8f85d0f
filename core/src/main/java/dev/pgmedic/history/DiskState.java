package dev.pgmedic.history;

import dev.pgmedic.history.tool.MigrationFile;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.OnDisk;
import dev.pgmedic.history.tool.RecordState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the migration files say beside the records.
 *
 * @param known every version on disk
 * @param heads the newest ones
 * @param pending the versions on disk that are not applied
 * @param passedOver those of the pending ones that the tool will not run, since a newer one is
 *     applied
 * @param unknown the applied versions that should be on disk and are not
 * @param conflicts files that the tool cannot bring into one order
 * @param contradictions what the records contradict of what the files say, one sentence each
 * @param changed files that are not what was applied
 */
public record DiskState(
    List<String> known,
    List<String> heads,
    List<String> pending,
    List<String> passedOver,
    List<String> unknown,
    List<OnDisk.Conflict> conflicts,
    List<String> contradictions,
    List<Changed> changed) {

  /** Copies the lists. */
  public DiskState {
    known = List.copyOf(known);
    heads = List.copyOf(heads);
    pending = List.copyOf(pending);
    passedOver = List.copyOf(passedOver);
    unknown = List.copyOf(unknown);
    conflicts = List.copyOf(conflicts);
    contradictions = List.copyOf(contradictions);
    changed = List.copyOf(changed);
  }

  /**
   * A file that is not what was applied.
   *
   * @param version its version
   * @param file where it is, below the project
   * @param recorded the checksum in the records
   * @param onDisk the checksum of the file
   */
  public record Changed(String version, String file, String recorded, String onDisk) {}

  /** What the files say where no record could be read. */
  static DiskState alone(OnDisk disk) {
    return new DiskState(
        disk.versions(),
        disk.heads(),
        List.of(),
        List.of(),
        List.of(),
        disk.conflicts(),
        List.of(),
        List.of());
  }

  static DiskState compare(MigrationTool tool, List<RecordState> records, OnDisk disk) {
    List<RecordState.Applied> applied = tool.applied(records, disk);
    List<String> pending = tool.pending(applied, disk);
    return new DiskState(
        disk.versions(),
        disk.heads(),
        pending,
        tool.passedOver(applied, disk),
        tool.unknown(applied, disk),
        disk.conflicts(),
        tool.contradictions(applied, disk),
        changed(tool, applied, disk, new HashSet<>(pending)));
  }

  // A file that will run again because it changed is pending, and no fault.
  private static List<Changed> changed(
      MigrationTool tool, List<RecordState.Applied> applied, OnDisk disk, Set<String> willRun) {
    Map<String, List<MigrationFile>> files =
        disk.files().stream()
            .filter(file -> !willRun.contains(file.version()))
            .collect(Collectors.groupingBy(file -> tool.key(file.version())));
    return applied.stream()
        .flatMap(record ->
            Stream.ofNullable(files.get(tool.key(record.entry().version())))
                .filter(same -> same.size() == 1) // else the conflict is the fault
                .flatMap(same -> changed(record, same.get(0))))
        .toList();
  }

  private static Stream<Changed> changed(RecordState.Applied record, MigrationFile file) {
    return record.entry().checksum().stream()
        .filter(recorded -> !file.checksums().isEmpty() && !file.checksums().contains(recorded))
        .map(recorded ->
            new Changed(record.entry().version(), file.path(), recorded, file.checksums().get(0)));
  }
}
