package dev.pgmedic.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Sees what readers of JSON do not agree about: a name that an object has twice. */
public final class JsonNames {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();

  private JsonNames() {}

  /**
   * The first name that an object has twice; empty when none has, or when that is not JSON up to
   * there.
   */
  public static Optional<String> twice(String json) {
    Deque<Set<String>> open = new ArrayDeque<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      while (parser.nextToken() != null) {
        switch (parser.currentToken()) {
          case START_OBJECT -> open.push(new HashSet<>());
          case END_OBJECT -> open.pop();
          case FIELD_NAME -> {
            if (!open.element().add(parser.currentName())) {
              return Optional.of(parser.currentName());
            }
          }
          default -> {}
        }
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("a text is read without a device", e);
    }
  }
}
