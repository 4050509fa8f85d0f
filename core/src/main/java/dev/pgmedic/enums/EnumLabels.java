package dev.pgmedic.enums;

import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** How the labels of an enum type are compared, and how missing ones are added at their places. */
public final class EnumLabels {

  private EnumLabels() {}

  /** Whether all of {@code some} are among {@code all}, in the same order. */
  static boolean isWithin(List<String> some, List<String> all) {
    Iterator<String> rest = all.iterator();
    for (String label : some) {
      boolean found = false;
      while (!found && rest.hasNext()) {
        found = rest.next().equals(label);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  static List<String> without(List<String> labels, List<String> others) {
    return labels.stream().filter(label -> !others.contains(label)).toList();
  }

  /** As people read them: in one line, each in quotes, whatever is in it. */
  static String visible(List<String> labels) {
    return labels.stream().map(Sql::visibleLiteral).collect(Collectors.joining(", ", "(", ")"));
  }

  static String creation(EnumType type) {
    return "CREATE TYPE "
        + type.qualified()
        + " AS ENUM ("
        + type.labels().stream().map(Sql::literal).collect(Collectors.joining(", "))
        + ")";
  }

  /**
   * The statements that add each missing label at its place, in the order in which they must run.
   *
   * @param type the type's name as it stands in SQL
   * @param present the labels that it has: all among {@code wanted}, in the same order
   * @param wanted the labels that it shall have
   * @see <a href="https://www.postgresql.org/docs/current/sql-altertype.html">ALTER TYPE ... ADD
   *     VALUE</a>
   */
  public static List<String> additions(String type, List<String> present, List<String> wanted) {
    List<String> additions = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      if (!present.contains(wanted.get(i))) {
        additions.add(
            "ALTER TYPE "
                + type
                + " ADD VALUE IF NOT EXISTS "
                + Sql.literal(wanted.get(i))
                + place(present, wanted, i));
      }
    }
    return additions;
  }

  private static String place(List<String> present, List<String> wanted, int index) {
    if (index > 0) {
      return " AFTER " + Sql.literal(wanted.get(index - 1));
    }
    return present.isEmpty() ? "" : " BEFORE " + Sql.literal(present.get(0));
  }
}
