package dev.pgmedic.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}.
 */
public final class DurationText {

  private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when it is not a number with one of the units
   */
  public static Duration parse(String text) {
    Matcher parts = SHAPE.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected a duration like 500ms, 30s, 5m or 2h, found \"" + text + "\"");
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** Writes seconds where they are whole, else milliseconds. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** Writes a duration for people: {@code 312ms}, {@code 2.5s}, {@code 4m 10s}, {@code 3d 4h}. */
  public static String words(Duration duration) {
    if (duration.toSeconds() < 1) {
      return duration.toMillis() + "ms";
    }
    if (duration.toSeconds() < 10) {
      return duration.toSeconds() + "." + duration.toMillisPart() / 100 + "s";
    }
    List<String> parts =
        Stream.of(
                part(duration.toDays(), "d"),
                part(duration.toHoursPart(), "h"),
                part(duration.toMinutesPart(), "m"),
                part(duration.toSecondsPart(), "s"))
            .dropWhile(String::isEmpty)
            .limit(2)
            .filter(part -> !part.isEmpty())
            .toList();
    return String.join(" ", parts);
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }

  static final class Writer extends JsonSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(format(value));
    }
  }

  static final class Reader extends JsonDeserializer<Duration> {
    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return parse(in.getValueAsString(""));
    }
  }
}
