package dev.pgmedic.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code docs/ward.md}: case by case what the tool itself says, and what pgmedic says. */
final class WardPage {

  private static final Path FILE = Path.of(System.getProperty("pgmedic.root"), "docs/ward.md");
  private static final String HEADING = "## ";
  private static final int LONGEST = 600;

  private final String top;
  private final Map<String, String> entries = new TreeMap<>();

  private WardPage(String top) {
    this.top = top;
  }

  /** The page as it stands. */
  static WardPage read() throws IOException {
    String text = Files.readString(FILE);
    WardPage page = new WardPage(text.substring(0, text.indexOf("\n" + HEADING) + 1));
    Pattern.compile("(?m)^" + HEADING)
        .splitAsStream(text)
        .skip(1)
        .map(String::strip)
        .forEach(entry ->
            page.entries.put(entry.lines().findFirst().orElseThrow(), HEADING + entry + "\n"));
    return page;
  }

  /** The entry of a case, empty where there is none. */
  String entry(String ward) {
    return entries.getOrDefault(ward, "");
  }

  /** Whether the page begins the case's entry as the case now stands. */
  boolean tells(WardCase ward) {
    return entry(ward.name()).startsWith(head(ward));
  }

  /** Keeps the entries of these cases alone. */
  void keep(List<String> wards) {
    entries.keySet().retainAll(wards);
  }

  /** Tells a case anew; {@code tool} is what the tool said when it was asked. */
  synchronized void tell(WardCase ward, Optional<String> tool, List<JsonObject> issues) {
    entries.put(ward.name(), head(ward) + tool(ward, tool) + ours(issues));
  }

  /** The entry's beginning. */
  static String head(WardCase ward) {
    return """
    ## %s

    %s.

    """
        .formatted(ward.name(), ward.title());
  }

  private static String tool(WardCase ward, Optional<String> said) {
    String name = ward.tool();
    return said.map(output ->
            """
            %s says (`%s`):

            ```
            %s
            ```

            """
                .formatted(
                    name,
                    command(ward.says().run().orElse("")),
                    output.isBlank() ? "(nothing)" : stable(output)))
        .or(() ->
            ward.says()
                .text()
                .map(text ->
                    """
                    %s, by its documentation and source:

                    ```
                    %s
                    ```

                    """
                        .formatted(name, stable(text))))
        .orElse(
            ward.tool().equals("none")
                ? "No migration tool is at hand that would say anything.\n\n"
                : name + " has no command that would say anything.\n\n");
  }

  private static String command(String line) {
    return line.replace("/usr/bin/", "")
        .replace(" 2>&1", "")
        .replaceAll("[ |;]*(tail -1|true)", "");
  }

  /** The entry's end: what pgmedic says. */
  static String ours(List<JsonObject> issues) {
    String lines =
        issues.isEmpty()
            ? "healthy: nothing to report"
            : issues.stream().map(WardPage::line).sorted().collect(Collectors.joining("\n"));
    return """
    pgmedic says:

    ```
    %s
    ```
    """
        .formatted(stable(lines));
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
        text.replaceAll("\u001B\\[[0-9;]*m", "")
            .replaceAll("/\\S*/junit[^/]*/[^/]*/", "…/")
            .replaceAll("/\\S*/(?=[\\w.-]+\\.(py|rb|js|ini|yml|sql))", "…/")
            .replaceAll(
                "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|\\+\\S+)?", "(time)")
            .replaceAll("(session|pid) \\d+", "$1 (pid)")
            .replaceAll("(lock|key) -?\\d{10,}", "$1 (key)")
            .replaceAll("held by (?!session )\\S+ \\([^)\\s]+\\)", "held by host (address)")
            .replaceAll("test_\\d+", "mydb")
            .replaceAll("(localhost|127\\.0\\.0\\.1):\\d+", "localhost:5432")
            .replaceAll("(?m)[ \\t]+$", "")
            .replaceAll("`{3}", "'''");
    return same.length() <= LONGEST ? same : same.substring(0, LONGEST).stripTrailing() + " …";
  }

  /** Whether the page begins with what it is, and with how many cases there are. */
  boolean counts(List<WardCase> wards) {
    return top.equals(top(wards));
  }

  private static String top(List<WardCase> wards) {
    long healthy = wards.stream().filter(ward -> ward.issues().isEmpty()).count();
    return """
    # The ward

    What the tests do to databases, case by case: what the migration tool says of it, and what
    pgmedic says. Made by `make ward` from the %d cases under `cli/src/test/ward`: %d databases with
    something to report, and %d in which nothing is wrong; do not edit.

    """
        .formatted(wards.size(), wards.size() - healthy, healthy);
  }

  /** Writes the page of these cases. */
  void write(List<WardCase> wards) throws IOException {
    Files.writeString(FILE, top(wards) + String.join("\n", entries.values()));
  }
}
