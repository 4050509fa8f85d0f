package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a server's list. */
final class PageOption {

  private static final int LONGEST = 500;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Of this target alone; default all.")
  private @Nullable String target;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many, up to 500; default ${DEFAULT-VALUE}.",
      defaultValue = "100")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "Those that follow this one, where a list before ended.")
  private @Nullable UUID after;

  int limit() {
    return limit;
  }

  /**
   * The path of the list, with these filters too.
   *
   * @throws ConfigException when no list may be that long
   */
  String path(String list, Map<String, String> filters) {
    if (limit < 1 || limit > LONGEST) {
      throw new ConfigException("--limit", "expected 1 to " + LONGEST + ", found " + limit);
    }
    Map<String, String> query = new LinkedHashMap<>(filters);
    query.put("limit", Integer.toString(limit));
    if (target != null) {
      query.put("target", target);
    }
    if (after != null) {
      query.put("after", after.toString());
    }
    return query.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&", list + "?", ""));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
