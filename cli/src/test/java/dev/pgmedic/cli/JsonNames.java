package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names in JSON, which are a promise to programs: what a manual shows is what comes. */
final class JsonNames {

  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

  private JsonNames() {}

  /** The first example in JSON of a page of the manual. */
  static JsonObject example(String page) throws IOException {
    Path docs = Path.of(System.getProperty("pgmedic.root", ".."), "docs");
    Matcher example = EXAMPLE.matcher(Files.readString(docs.resolve(page)));
    assertThat(example.find()).isTrue();
    return new JsonObject(example.group(1));
  }

  /** Every name with the path to it. */
  static Set<String> of(JsonObject document) {
    return names(document, "");
  }

  private static Set<String> names(Object value, String path) {
    Set<String> names = new TreeSet<>();
    if (value instanceof JsonObject object) {
      object.forEach(field -> {
        names.add(path + "." + field.getKey());
        names.addAll(names(field.getValue(), path + "." + field.getKey()));
      });
    } else if (value instanceof JsonArray array) {
      array.forEach(element -> names.addAll(names(element, path)));
    }
    return names;
  }
}
