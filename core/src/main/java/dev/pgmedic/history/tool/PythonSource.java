package dev.pgmedic.history.tool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The string literals that a Python file assigns to its variables. Nothing of the file is run:
 * importing a stranger's module would be running it.
 */
final class PythonSource {

  private static final Pattern CALL = Pattern.compile("([A-Za-z_][\\w.]*)\\s*\\(");

  // As long as the file, with blanks where strings and comments are.
  private final StringBuilder code;
  private final List<Literal> literals = new ArrayList<>();

  private PythonSource(String text) {
    code = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '#') {
        i = blank(i, endOfLine(text, i)) - 1;
      } else if (c == '"' || c == '\'') {
        String quote =
            text.startsWith(String.valueOf(c).repeat(3), i) ? text.substring(i, i + 3) : "" + c;
        int end = endOfString(text, i + quote.length(), quote);
        literals.add(
            new Literal(
                i,
                end,
                text.substring(
                    i + quote.length(), Math.max(i + quote.length(), end - quote.length()))));
        i = blank(i, end) - 1;
      }
    }
  }

  private static int endOfLine(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  // Behind the closing quote. A short string that is not closed ends with its line.
  private static int endOfString(String text, int from, String quote) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.startsWith(quote, i)) {
        return i + quote.length();
      } else if (text.charAt(i) == '\n' && quote.length() == 1) {
        return i;
      }
    }
    return text.length();
  }

  private int blank(int from, int to) {
    for (int i = from; i < to; i++) {
      code.setCharAt(i, code.charAt(i) == '\n' ? '\n' : ' ');
    }
    return to;
  }

  private record Literal(int start, int end, String value) {}

  private record Span(int start, int end) {
    boolean holds(Literal literal) {
      return literal.start() >= start && literal.end() <= end;
    }
  }

  static PythonSource of(String text) {
    return new PythonSource(text);
  }

  /** Whether the code, and not a string in it, has this word. */
  boolean has(String word) {
    return Pattern.compile("\\b" + word + "\\b").matcher(code).find();
  }

  /** The strings in what is assigned to a variable, in their order; empty when there are none. */
  List<String> strings(String variable) {
    return value(variable).stream()
        .flatMap(span -> literals.stream().filter(span::holds))
        .map(Literal::value)
        .toList();
  }

  /** The tuples of two strings in what is assigned to a variable. */
  List<List<String>> pairs(String variable) {
    return value(variable).stream()
        .flatMap(span -> tuples(span).stream())
        .map(tuple -> literals.stream().filter(tuple::holds).map(Literal::value).toList())
        .filter(tuple -> tuple.size() == 2)
        .toList();
  }

  /**
   * All that the file calls or defines as a function, with dots as it is written, but not what one
   * of its functions does.
   */
  List<String> calls(String without) {
    String others =
        Pattern.compile("(?ms)^def " + without + "\\b.*?(?=^\\S|\\z)").matcher(code).replaceAll("");
    return CALL.matcher(others).results().map(found -> found.group(1)).toList();
  }

  // From behind the equals sign to the end of the line, or of the brackets that it opens.
  private Optional<Span> value(String variable) {
    Matcher assigned =
        Pattern.compile("(?m)^[ \\t]*" + variable + "[ \\t]*(:[^=\\n]+)?=(?!=)").matcher(code);
    if (!assigned.find()) {
      return Optional.empty();
    }
    int depth = 0;
    for (int i = assigned.end(); i < code.length(); i++) {
      char c = code.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      boolean continued = i > 0 && code.charAt(i - 1) == '\\';
      if (c == '\n' && depth <= 0 && !continued) {
        return Optional.of(new Span(assigned.end(), i));
      }
    }
    return Optional.of(new Span(assigned.end(), code.length()));
  }

  // Parentheses that call nothing.
  private List<Span> tuples(Span value) {
    List<Span> tuples = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = value.start(); i < value.end(); i++) {
      if (code.charAt(i) == '(') {
        open.push(i);
      } else if (code.charAt(i) == ')' && !open.isEmpty()) {
        int start = open.pop();
        if (start == 0 || !Character.isJavaIdentifierPart(code.charAt(start - 1))) {
          tuples.add(new Span(start, i));
        }
      }
    }
    return tuples;
  }
}
