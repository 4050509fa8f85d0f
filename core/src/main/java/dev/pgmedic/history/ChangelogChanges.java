package dev.pgmedic.history;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The changes that a changelog of Liquibase in XML, YAML or JSON makes, as they stand there. */
final class ChangelogChanges {

  private static final Pattern REMOVAL = Pattern.compile("\\b(?:drop|rename)[A-Z]\\w*");
  private static final Pattern COMMENT = Pattern.compile("(?ms)<!--.*?-->|^[ \\t]*#.*?$");

  private ChangelogChanges() {}

  static boolean isChangelog(String path) {
    return path.matches("(?i).*\\.(xml|ya?ml|json)");
  }

  /** Those that take something away or rename it, from their name on. */
  static List<String> removals(String changelog) {
    String text = COMMENT.matcher(changelog).replaceAll(" ");
    List<String> changes = new ArrayList<>();
    Matcher found = REMOVAL.matcher(text);
    while (found.find()) {
      int start = found.start();
      char before = start > 0 ? text.charAt(start - 1) : ' ';
      if (before == '/') { // its closing tag
        continue;
      }
      int end = before == '<' ? endOfElement(text, found) : endOfBlock(text, start);
      changes.add(text.substring(start, end));
    }
    return changes;
  }

  private static int endOfElement(String text, Matcher name) {
    int tag = text.indexOf('>', name.end());
    int close = text.indexOf("</" + name.group(), name.end());
    boolean empty = tag > 0 && text.charAt(tag - 1) == '/';
    return empty || close < 0 ? Math.max(tag, name.end()) : close;
  }

  // The lines behind its name that stand further to the right than it does.
  private static int endOfBlock(String text, int start) {
    int column = start - (text.lastIndexOf('\n', start) + 1);
    Matcher line = Pattern.compile("\\n {0," + column + "}[^\\s]").matcher(text);
    return line.find(start) ? line.start() : text.length();
  }
}
