package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a column's definition cannot be changed in place without writing its table anew.
 *
 * @param type its type, and how it gets its values
 * @param generated whether the server computes it
 */
record ColumnShape(String type, boolean generated) {

  private static final Pattern DEFINITION =
      Pattern.compile(
          "(?s)(.*?)( not null)?( identity (?:always|by default))?( generated)?( default .*)?");

  static ColumnShape of(CatalogObject column) {
    Matcher parts = DEFINITION.matcher(column.definition());
    return parts.matches()
        ? new ColumnShape(
            parts.group(1) + " " + parts.group(3) + " " + parts.group(4), parts.group(4) != null)
        : new ColumnShape(column.definition(), true);
  }
}
