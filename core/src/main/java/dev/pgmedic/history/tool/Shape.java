package dev.pgmedic.history.tool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The columns by which a tool's table is told from all others. A table's name is its owner's
 * choice; its columns are not.
 *
 * <p>A column is written {@code name type|type}, with {@code not null} or {@code null} behind it
 * where the tool makes it so and it matters. A copy that a person made with {@code CREATE TABLE AS}
 * has no NOT NULL and so is no history.
 */
final class Shape {

  private static final Map<String, String> SPELLED_OUT =
      Map.of(
          "int", "integer",
          "varchar", "character varying",
          "timestamp", "timestamp without time zone",
          "timestamptz", "timestamp with time zone");

  private final List<Wanted> required;
  private final Map<String, Wanted> possible = new HashMap<>();
  private final boolean open;

  private Shape(List<Wanted> required, List<Wanted> possible, boolean open) {
    this.required = required;
    this.open = open;
    Stream.concat(required.stream(), possible.stream())
        .forEach(column -> this.possible.put(column.name, column));
  }

  private record Wanted(String name, List<String> types, String ending) {
    static Wanted of(String text) {
      String[] words = text.split(" ", 3);
      return new Wanted(
          words[0],
          Stream.of(words[1].split("\\|")).map(t -> SPELLED_OUT.getOrDefault(t, t)).toList(),
          words.length > 2 ? words[2] : "");
    }

    boolean fits(Column column) {
      return types.contains(column.type())
          && switch (ending) {
            case "not null" -> column.notNull();
            case "null" -> !column.notNull();
            default -> true;
          };
    }
  }

  /** A table with exactly these columns. */
  static Shape of(String... columns) {
    return new Shape(wanted(columns), List.of(), false);
  }

  /** The same, where some versions of the tool have these columns too. */
  Shape orAlso(String... columns) {
    return new Shape(required, wanted(columns), open);
  }

  /** The same with any further columns: for shapes that nothing else has by chance. */
  Shape andMore() {
    return new Shape(required, new ArrayList<>(possible.values()), true);
  }

  private static List<Wanted> wanted(String... columns) {
    return Stream.of(columns).map(Wanted::of).toList();
  }

  boolean fits(Table table) {
    Map<String, Column> columns = table.columns();
    return columns.size() >= required.size()
        && required.stream().allMatch(wanted -> fits(wanted, columns.get(wanted.name)))
        && (open
            || columns.entrySet().stream()
                .allMatch(column -> fits(possible.get(column.getKey()), column.getValue())));
  }

  private static boolean fits(
      @org.jspecify.annotations.Nullable Wanted wanted,
      @org.jspecify.annotations.Nullable Column column) {
    return wanted != null && column != null && wanted.fits(column);
  }
}
