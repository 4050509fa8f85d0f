package dev.pgmedic.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the event log, written {@code <epoch>-<sequence>}.
 *
 * @param epoch which log it is: a restored store starts a new one
 * @param sequence the number of the last event that was seen; 0 is the beginning
 */
public record Cursor(String epoch, long sequence) {

  private static final Pattern SHAPE = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})");

  /** Reads a cursor; empty when the text is none. */
  public static Optional<Cursor> parse(String text) {
    Matcher parts = SHAPE.matcher(text);
    return parts.matches()
        ? Optional.of(new Cursor(parts.group(1), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return epoch + "-" + sequence;
  }
}
