package dev.pgmedic.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a schema of the contract lets pass, in words, for whoever sent something else. */
final class Expected {

  /** What a schema says of itself, where its pattern would say it to nobody. */
  static final String OWN_WORDS = "x-pgmedic-expected";

  private static final String NO_NUL = "^[^\\u0000]*$";

  private Expected() {}

  /** The words, such as {@code one of open, resolved}. */
  static String of(JsonObject schema) {
    return Optional.ofNullable(schema.getString(OWN_WORDS))
        .or(() -> Optional.ofNullable(schema.getJsonArray("enum")).map(Expected::oneOf))
        .orElseGet(() ->
            switch (String.valueOf(schema.getValue("type"))) {
              case "integer" -> "a whole number" + within(schema, "minimum", "maximum", "");
              case "boolean" -> "true or false";
              case "array" -> "a list" + within(schema, "minItems", "maxItems", " entries");
              case "object" ->
                  "an object" + within(schema, "minProperties", "maxProperties", " fields");
              default -> text(schema);
            });
  }

  private static String oneOf(JsonArray values) {
    String all = values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return values.size() == 1 ? all : "one of " + all;
  }

  private static String text(JsonObject schema) {
    String nul = NO_NUL.equals(schema.getString("pattern")) ? ", without NUL" : "";
    return "a text" + within(schema, "minLength", "maxLength", " characters") + nul;
  }

  private static String within(JsonObject schema, String least, String most, String unit) {
    Integer from = schema.getInteger(least);
    Integer to = schema.getInteger(most);
    if (from == null && to == null) {
      return "";
    }
    if (to == null) {
      return " of " + from + unit + " or more";
    }
    return from == null ? " of at most " + to + unit : " of " + from + " to " + to + unit;
  }
}
