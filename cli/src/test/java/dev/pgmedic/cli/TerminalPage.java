package dev.pgmedic.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stood on a terminal, as a page for a browser to take a picture of. */
final class TerminalPage {

  private static final Pattern INK = Pattern.compile("\u001b\\[([0-9;]*)m");

  /** By the code of each ink, how it looks. */
  private static final Map<String, String> LOOKS =
      Map.of("1;31", "worst", "31", "bad", "32", "good", "33", "doubtful", "2", "faint");

  private static final String STYLE =
      """
      body { margin: 0; padding: 22px; width: max-content; background: #fff; }
      main { border-radius: 12px; overflow: hidden; background: #14181f; color: #d7dde6; }
      header { display: flex; gap: 8px; padding: 13px 16px; background: #1f252f; }
      header i { width: 12px; height: 12px; border-radius: 50%; background: #4a5463; }
      pre { margin: 0; padding: 16px 20px 20px; width: 80ch; }
      pre { font: 14px/1.45 'DejaVu Sans Mono', monospace; }
      .worst { color: #ff6b68; font-weight: 700; } .bad { color: #ff7b72; }
      .good { color: #56d364; } .doubtful { color: #e3b341; } .faint { color: #8b95a5; }
      .typed { color: #fff; font-weight: 700; }
      """;

  private TerminalPage() {}

  /**
   * A page of a command and what it said.
   *
   * @param said with its ink, each line as it stood in the end
   */
  static String of(String command, String said) {
    String body =
        "<span class=\"typed\">$ " + escaped(command) + "</span>\n" + inked(overwritten(said));
    return "<!doctype html><meta charset=\"utf-8\"><style>"
        + STYLE
        + "</style><main><header><i></i><i></i><i></i></header><pre>"
        + body
        + "</pre></main>";
  }

  /** The lines as they stand in the end: what was written over is gone. */
  static String overwritten(String said) {
    return Stream.of(said.split("\n", -1))
        .map(line -> {
          List<String> layers = new ArrayList<>(List.of(line.split("\r", -1)));
          layers.removeIf(String::isBlank);
          return layers.isEmpty() ? "" : layers.getLast();
        })
        .collect(Collectors.joining("\n"));
  }

  private static String inked(String text) {
    StringBuilder page = new StringBuilder();
    Matcher ink = INK.matcher(text);
    int from = 0;
    while (ink.find()) {
      page.append(escaped(text.substring(from, ink.start())));
      page.append(
          Optional.ofNullable(LOOKS.get(ink.group(1)))
              .map(look -> "<span class=\"" + look + "\">")
              .orElse("</span>"));
      from = ink.end();
    }
    return page.append(escaped(text.substring(from))).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
