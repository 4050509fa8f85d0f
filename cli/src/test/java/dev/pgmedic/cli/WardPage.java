package dev.pgmedic.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code docs/ward.md}: case by case what the tool itself says, and what pgmedic says. */
final class WardPage {

  static final Path FILE = Path.of(System.getProperty("pgmedic.root"), "docs/ward.md");

  private static final int LONGEST = 600;

  private final Map<String, String> entries = new TreeMap<>();

  void add(WardCase ward, String tool, List<JsonObject> issues) {
    String ours =
        issues.isEmpty()
            ? "healthy: nothing to report"
            : issues.stream().map(WardPage::line).sorted().collect(Collectors.joining("\n"));
    entries.put(
        ward.name(),
        """
        ## %s

        %s.

        %s:

        ```
        %s
        ```

        pgmedic:

        ```
        %s
        ```
        """
            .formatted(
                ward.name(),
                ward.title(),
                ward.tool().equals("none") ? "psql" : ward.tool(),
                stable(tool),
                stable(ours)));
  }

  private static String line(JsonObject issue) {
    return issue.getString("severity")
        + "  "
        + issue.getString("code")
        + ": "
        + issue.getString("message")
        + "\n    "
        + issue.getString("recommendation");
  }

  // What differs from run to run says nothing to a reader.
  private static String stable(String text) {
    String same =
        text.replaceAll("/\\S*/(?=[\\w.-]+\\.(py|rb|js|ini|yml|sql))", "…/")
            .replaceAll(
                "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|\\+\\S+)?", "(time)")
            .replaceAll("session \\d+", "session (pid)")
            .replaceAll("test_\\d+", "mydb")
            .replaceAll("(localhost|127\\.0\\.0\\.1):\\d+", "localhost:5432");
    return same.length() <= LONGEST ? same : same.substring(0, LONGEST) + " …";
  }

  /** Writes the page. */
  void write() throws IOException {
    Files.writeString(
        FILE,
        """
        # The ward

        Every broken database that the tests make: what its migration tool says of it, and what
        pgmedic says. Made by `make ward` from the cases under `cli/src/test/ward`; do not edit.

        """
            + String.join("\n", entries.values()));
  }
}
