package dev.pgmedic.history.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A changelog of Liquibase in SQL with comments that mark its change sets. */
final class ChangelogSql {

  private static final Pattern FORMATTED =
      Pattern.compile("\\A\\uFEFF?\\s*--\\s*liquibase formatted sql(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHANGE_SET =
      Pattern.compile(
          "(?im)^\\s*--\\s*changeset\\s+(\"[^\"]+\"|[^\\s:]+):(\"[^\"]+\"|\\S+)(.*)$"
              + "|^\\s*--\\s*(preconditions)\\b");
  private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+):(\"[^\"]*\"|\\S+)");

  private ChangelogSql() {}

  static boolean isFormatted(String text) {
    return FORMATTED.matcher(text).find();
  }

  static ChangelogFile read(String text) {
    Matcher formatted = FORMATTED.matcher(text);
    if (!formatted.find()) { // a plain script, which is one change set of this name
      Map<String, String> raw = Map.of("id", "raw", "author", "includeAll");
      return new ChangelogFile(
          Optional.empty(), List.of(ChangelogFile.Item.of(ChangelogFile.CHANGE_SET, raw, 1)));
    }
    List<ChangelogFile.Item> items = new ArrayList<>();
    Matcher found = CHANGE_SET.matcher(text);
    while (found.find()) {
      if (found.group(4) == null) {
        Map<String, String> attributes = attributes(found.group(3));
        attributes.put("author", unquoted(found.group(1)));
        attributes.put("id", unquoted(found.group(2)));
        int line = line(text, found.start(1));
        items.add(ChangelogFile.Item.of(ChangelogFile.CHANGE_SET, attributes, line));
      } else if (!items.isEmpty()) {
        items.add(items.removeLast().withPreconditions());
      }
    }
    return new ChangelogFile(
        Optional.ofNullable(attributes(formatted.group(1)).get(ChangelogFile.LOGICAL_PATH)), items);
  }

  private static Map<String, String> attributes(String text) {
    Map<String, String> attributes = new LinkedHashMap<>();
    ATTRIBUTE
        .matcher(text)
        .results()
        .forEach(found -> attributes.put(found.group(1), unquoted(found.group(2))));
    return attributes;
  }

  private static int line(String text, int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  private static String unquoted(String text) {
    return text.replaceAll("^\"|\"$", "");
  }
}
