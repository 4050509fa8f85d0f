package dev.pgmedic.plan;

/** Takes qualified names apart, quotes and all. */
final class Identifiers {

  private Identifiers() {}

  /** The schema and the name of a qualified name, each as it stands in it. */
  static String[] split(String qualified) {
    boolean quoted = false;
    for (int i = 0; i < qualified.length(); i++) {
      char c = qualified.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        return new String[] {qualified.substring(0, i), qualified.substring(i + 1)};
      }
    }
    throw new IllegalArgumentException("expected schema.name, found " + qualified);
  }
}
