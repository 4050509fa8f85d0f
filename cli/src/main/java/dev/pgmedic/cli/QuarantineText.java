package dev.pgmedic.cli;

import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.quarantine.Held;
import dev.pgmedic.quarantine.QuarantineSchema;
import java.util.ArrayList;
import java.util.List;

/** A quarantine in words. Names in it are anybody's, and do nothing to a terminal. */
final class QuarantineText {

  private QuarantineText() {}

  /** What lies in a target's quarantine, in lines. */
  static List<String> of(String target, List<QuarantineSchema> schemas) {
    List<String> lines = new ArrayList<>();
    lines.add(target + (schemas.isEmpty() ? ": nothing in quarantine" : ""));
    for (QuarantineSchema held : schemas) {
      lines.add("  " + visible(held.schema()) + (held.objects().isEmpty() ? ": empty" : ""));
      lines.addAll(objects(held, "    "));
      held.neededBy().forEach(one -> lines.add("    needed by " + visible(one)));
    }
    return lines;
  }

  /** The objects of a schema, one a line. */
  static List<String> objects(QuarantineSchema held, String indent) {
    return held.objects().stream()
        .map(object -> indent + visible(object.title()) + rows(object))
        .toList();
  }

  private static String rows(Held object) {
    return object.rowsEstimate().map(rows -> ", about " + rows + " rows").orElse("");
  }

  private static String visible(String name) {
    return ForeignText.visible(name, ForeignText.NAME);
  }
}
