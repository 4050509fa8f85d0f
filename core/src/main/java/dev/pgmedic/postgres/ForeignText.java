package dev.pgmedic.postgres;

/**
 * Text that somebody else wrote, made fit for a terminal, a log and an assistant: an application
 * chooses its own name, and a table may be called anything. What cannot be seen is written as its
 * code point, so that it neither moves a cursor nor hides what stands beside it.
 */
public final class ForeignText {

  /** Longer than any name that PostgreSQL keeps. */
  public static final int NAME = 200;

  private static final String CUT = "...";

  private ForeignText() {}

  /**
   * The text in one line of visible characters, at most {@code longest} of them.
   *
   * @param longest at least 10
   */
  public static String visible(String text, int longest) {
    StringBuilder line = new StringBuilder();
    for (int at = 0; at < text.length() && line.length() <= longest; ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      if (isVisible(point)) {
        line.appendCodePoint(point);
      } else {
        line.append(String.format("\\u{%x}", point));
      }
    }
    return line.length() <= longest ? line.toString() : cut(line, longest - CUT.length()) + CUT;
  }

  /** As {@link #visible} for a name, in double quotes that nothing inside it can end. */
  public static String quoted(String name) {
    return "\"" + visible(name.replace("\\", "\\\\").replace("\"", "\\\""), NAME) + "\"";
  }

  static boolean isVisible(String text) {
    return text.codePoints().allMatch(ForeignText::isVisible);
  }

  static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }

  private static String cut(StringBuilder line, int length) {
    boolean halves = Character.isHighSurrogate(line.charAt(length - 1));
    return line.substring(0, halves ? length - 1 : length);
  }
}
