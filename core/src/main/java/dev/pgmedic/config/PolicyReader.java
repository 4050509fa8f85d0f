package dev.pgmedic.config;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.IssueCode.Healing;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.QuietHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what may happen to a target with whose leave, and when not. */
final class PolicyReader {

  /** The names of its fields. */
  static final List<String> FIELDS =
      List.of("propose", "automatic", "approvers", "requester_approves", "quiet_hours");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);

  private PolicyReader() {}

  /**
   * Reads a policy.
   *
   * @param node where it stands
   * @param fields what stands there, {@link #FIELDS} or others
   * @param otherwise what holds where it says nothing
   */
  static Policy read(YamlNode node, Map<String, YamlNode> fields, Policy otherwise) {
    YamlNode quiet = fields.get("quiet_hours");
    try {
      return new Policy(
          codes(fields.get("propose"), otherwise.proposed()),
          codes(fields.get("automatic"), otherwise.automatic()),
          approvers(fields.get("approvers"), otherwise.approvers()),
          requesterApproves(fields, otherwise),
          quiet == null ? otherwise.quietHours() : windows(quiet));
    } catch (IllegalArgumentException e) {
      throw fields.getOrDefault("automatic", node).mistake(String.valueOf(e.getMessage()));
    }
  }

  private static int approvers(@Nullable YamlNode node, int otherwise) {
    if (node == null) {
      return otherwise;
    }
    long approvers = node.number();
    if (approvers < 1 || approvers > 100) {
      throw node.mistake("expected a number from 1 to 100, found " + approvers);
    }
    return (int) approvers;
  }

  // Where two must agree, who asked is not one of them, unless the file says so.
  private static boolean requesterApproves(Map<String, YamlNode> fields, Policy otherwise) {
    YamlNode written = fields.get("requester_approves");
    if (written != null) {
      return written.flag();
    }
    return otherwise.requesterApproves() && approvers(fields.get("approvers"), 1) == 1;
  }

  private static Set<IssueCode> codes(@Nullable YamlNode node, Set<IssueCode> otherwise) {
    return node == null
        ? otherwise
        : node.items().stream().map(PolicyReader::code).collect(Collectors.toSet());
  }

  private static IssueCode code(YamlNode node) {
    String healable =
        Arrays.stream(IssueCode.values())
            .filter(code -> code.healing() != Healing.PERSON)
            .map(IssueCode::toString)
            .collect(Collectors.joining(", "));
    return Arrays.stream(IssueCode.values())
        .filter(code -> code.healing() != Healing.PERSON && code.toString().equals(node.text()))
        .findFirst()
        .orElseThrow(() ->
            node.mistake(
                "expected an issue code that a plan can heal, one of "
                    + healable
                    + "; found \""
                    + node.text()
                    + "\""));
  }

  private static List<QuietHours> windows(YamlNode node) {
    return node.isList()
        ? node.items().stream().map(PolicyReader::window).toList()
        : List.of(window(node));
  }

  private static QuietHours window(YamlNode node) {
    Map<String, YamlNode> fields = node.fields("from", "to", "zone", "days", "except");
    YamlNode from = fields.get("from");
    YamlNode to = fields.get("to");
    YamlNode zone = fields.get("zone");
    if (from == null || to == null || zone == null) {
      throw node.mistake("expected from: \"22:00\", to: \"06:00\" and zone: such as Europe/Berlin");
    }
    YamlNode days = fields.get("days");
    try {
      return new QuietHours(
          from.parsed(PolicyReader::time),
          to.parsed(PolicyReader::time),
          zone.parsed(PolicyReader::zone),
          days == null
              ? EVERY_DAY
              : days.items().stream().map(PolicyReader::day).collect(Collectors.toSet()),
          codes(fields.get("except"), Set.of()));
    } catch (IllegalArgumentException e) {
      throw node.mistake(String.valueOf(e.getMessage()));
    }
  }

  private static LocalTime time(String text) {
    try {
      return LocalTime.parse(text, TIME);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected a time such as \"22:00\", found \"" + text + "\"", e);
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected a time zone such as Europe/Berlin or UTC, found \"" + text + "\"", e);
    }
  }

  private static DayOfWeek day(YamlNode node) {
    return EVERY_DAY.stream()
        .filter(day -> shortName(day).equals(node.text()))
        .findFirst()
        .orElseThrow(() ->
            node.mistake(
                "expected one of "
                    + EVERY_DAY.stream().map(PolicyReader::shortName).toList()
                    + ", found \""
                    + node.text()
                    + "\""));
  }

  private static String shortName(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }
}
