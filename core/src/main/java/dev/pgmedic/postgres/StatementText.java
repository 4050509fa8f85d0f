package dev.pgmedic.postgres;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a session runs, fit to be shown: a statement may hold a password or a person's name, so
 * every literal becomes {@code ?}, comments go, and at most {@link #LONGEST} characters stay. Where
 * two readings are possible the one that shows less is taken.
 */
public final class StatementText {

  /** How many characters are kept. */
  public static final int LONGEST = 300;

  /** What is looked at; the rest could not be shown anyway. */
  private static final int READ = 20_000;

  private static final String HIDDEN = "?";
  private static final Pattern DOLLAR = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$");
  private static final Pattern PARAMETER = Pattern.compile("\\$\\d+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
  private static final Pattern NUMBER = Pattern.compile("\\d(?:[eE][+-]|[\\p{L}\\p{N}_.])*");
  private static final Pattern PREFIXED = Pattern.compile("(?i)(?:[ebxn]|u&)'");
  private static final Pattern ROLES = Pattern.compile("(?is)\\s*(?:create|alter)\\b.*");

  private final String text;
  private final StringBuilder shown = new StringBuilder();
  private boolean secretNext;

  private StatementText(String text) {
    this.text = text;
  }

  /** The statement without its literals. */
  public static String of(String statement) {
    String read = statement.length() > READ ? statement.substring(0, READ) : statement;
    return ForeignText.visible(new StatementText(read).shown(), LONGEST);
  }

  private String shown() {
    int at = 0;
    while (at < text.length()) {
      at = next(at);
    }
    return shown.toString().strip();
  }

  /** Shows or hides what begins here. Where the next thing begins. */
  private int next(int at) {
    char c = text.charAt(at);
    if (Character.isWhitespace(c)) {
      return space(at + 1);
    }
    if (text.startsWith("--", at)) {
      return space(after("\n", at));
    }
    if (text.startsWith("/*", at)) {
      return space(afterComment(at));
    }
    if (c == '\'' || at(PREFIXED, at).lookingAt()) {
      return hidden(afterString(at));
    }
    if (c == '"') {
      return identifier(at, afterIdentifier(at));
    }
    return c == '$' ? dollar(at) : plain(at, c);
  }

  private int plain(int at, char c) {
    Matcher word = at(WORD, at);
    if (word.lookingAt()) {
      return identifier(at, word.end());
    }
    Matcher number = at(NUMBER, at);
    if (number.lookingAt()) {
      return hidden(number.end());
    }
    shown.append(c);
    return at + 1;
  }

  private int dollar(int at) {
    Matcher tag = at(DOLLAR, at);
    if (tag.lookingAt()) {
      return hidden(after(tag.group(), tag.end()));
    }
    Matcher parameter = at(PARAMETER, at);
    int end = parameter.lookingAt() ? parameter.end() : at + 1;
    shown.append(text, at, end);
    return end;
  }

  // A password that somebody forgot to quote, or quoted like a name, is still one.
  private int identifier(int at, int end) {
    String word = text.substring(at, Math.min(end, text.length()));
    boolean open = word.startsWith("\"") && (end > text.length() || word.length() == 1);
    if (open || (secretNext && !word.equalsIgnoreCase("null"))) {
      return hidden(end);
    }
    shown.append(word);
    secretNext = word.toLowerCase(Locale.ROOT).equals("password") && ROLES.matcher(text).matches();
    return end;
  }

  private int hidden(int end) {
    shown.append(HIDDEN);
    secretNext = false;
    return end;
  }

  private int space(int end) {
    if (!shown.isEmpty() && shown.charAt(shown.length() - 1) != ' ') {
      shown.append(' ');
    }
    return end;
  }

  private int afterString(int from) {
    int quote = text.indexOf('\'', from);
    boolean escapes = Character.toLowerCase(text.charAt(from)) == 'e';
    int at = quote + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\'' && !escapes) {
        // Whether this ends the string depends on standard_conforming_strings of that session.
        return text.length();
      }
      if (c == '\\' && escapes) {
        at += 2;
      } else if (c != '\'') {
        at++;
      } else if (text.startsWith("''", at)) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return text.length();
  }

  /** Behind the closing quote; behind the end of the text when there is none. */
  private int afterIdentifier(int from) {
    int at = from + 1;
    while (at < text.length()) {
      if (text.charAt(at) != '"') {
        at++;
      } else if (text.startsWith("\"\"", at)) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return text.length() + 1;
  }

  private int afterComment(int from) {
    int depth = 0;
    int at = from;
    while (at < text.length()) {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return at;
  }

  private int after(String end, int from) {
    int at = text.indexOf(end, from);
    return at < 0 ? text.length() : at + end.length();
  }

  private Matcher at(Pattern pattern, int at) {
    return pattern.matcher(text).region(at, text.length());
  }
}
