import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** Processor time of processes as Linux counts it, in milliseconds; a tick of it is 10 ms. */
final class Cpu {

  private static final long MILLIS_A_TICK = 10;

  private Cpu() {}

  /** A process alone. */
  static long of(long pid) {
    return ticks(pid, 2) * MILLIS_A_TICK;
  }

  /** A PostgreSQL server by its folder: the postmaster, all its children, and those that ended. */
  static long ofServer(String folder) {
    try {
      long postmaster =
          Long.parseLong(Files.readAllLines(Path.of(folder, "postmaster.pid")).get(0).strip());
      long children =
          ProcessHandle.of(postmaster)
              .orElseThrow()
              .children()
              .mapToLong(child -> ticks(child.pid(), 2))
              .sum();
      return (ticks(postmaster, 4) + children) * MILLIS_A_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // utime, stime, and of the children that were waited for the same, are the fields from 14 on.
  private static long ticks(long pid, int fields) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return LongStream.range(11, 11 + fields).map(at -> Long.parseLong(words[(int) at])).sum();
    } catch (IOException gone) {
      return 0; // its time is the postmaster's by now
    }
  }
}
