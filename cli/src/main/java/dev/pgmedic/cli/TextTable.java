package dev.pgmedic.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells for people: columns as wide as their cells, two blanks in between. */
final class TextTable {

  private static final int WIDEST = 60;

  private TextTable() {}

  /** The rows as lines. */
  static List<String> lines(List<List<String>> rows) {
    return padded(rows).stream().map(row -> String.join("", row).stripTrailing()).toList();
  }

  /** The rows with every cell as wide as its column, but for the last one of a row. */
  static List<List<String>> padded(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Math.min(WIDEST, row.get(i).length()));
      }
    }
    return rows.stream().map(row -> padded(row, widths)).toList();
  }

  private static List<String> padded(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      boolean last = i == row.size() - 1;
      int blanks = last ? 0 : Math.max(0, widths[i] - row.get(i).length()) + 2;
      cells.add(row.get(i) + " ".repeat(blanks));
    }
    return cells;
  }
}
