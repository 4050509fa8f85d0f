package dev.pgmedic.style;

import java.util.stream.Stream;

/** How large things may be. What does not fit asks for a name of its own for one of its parts. */
final class Shape {
  static final int FILE_LINES = 400;
  static final int METHOD_LINES = 60;
  static final int PARAMETERS = 5;
  static final int COLUMNS = 100;

  private Shape() {}

  static Stream<String> violations(JavaFile file) {
    return Stream.of(fileLines(file), methodLines(file), parameters(file), columns(file))
        .flatMap(violations -> violations);
  }

  private static Stream<String> fileLines(JavaFile file) {
    int lines = file.lines().size();
    return Stream.of(file.path() + ": has " + lines + " lines, at most " + FILE_LINES)
        .filter(message -> lines > FILE_LINES);
  }

  private static Stream<String> methodLines(JavaFile file) {
    return file.methods().stream()
        .filter(method -> method.lines() > METHOD_LINES)
        .map(method -> at(file, method) + method.lines() + " lines, at most " + METHOD_LINES);
  }

  private static Stream<String> parameters(JavaFile file) {
    return file.methods().stream()
        .filter(method -> method.parameters() > PARAMETERS)
        .map(method ->
            at(file, method)
                + (method.parameters() + " parameters, at most " + PARAMETERS)
                + "; make a record of those that belong together");
  }

  private static Stream<String> columns(JavaFile file) {
    return Lines.matching(file, Shape::tooLong)
        .map(at -> at + "more than " + COLUMNS + " columns; break the line");
  }

  /** An import cannot be broken, nor can an address in a comment. */
  private static boolean tooLong(String line) {
    return line.codePointCount(0, line.length()) > COLUMNS
        && !line.startsWith("import ")
        && !line.matches("\\s*(\\*|//|/\\*\\*) .*https?://\\S+.*");
  }

  private static String at(JavaFile file, JavaFile.Method method) {
    return file.path() + ":" + method.line() + ": " + method.name() + " has ";
  }
}
