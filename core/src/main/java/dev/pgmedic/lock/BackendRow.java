package dev.pgmedic.lock;

import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.StatementText;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a session from a row of {@code look.sql}. */
final class BackendRow {

  private static final Pattern ASKS =
      Pattern.compile(
          "(?i)\\bpg_(?:try_)?advisory_(?:xact_)?lock(?:_shared)?\\s*\\(\\s*'?(-?\\d{1,19})'?"
              + "\\s*(?:::\\s*\\w+\\s*)?\\)");

  private BackendRow() {}

  static Backend read(Row row, Instant now) {
    Optional<Instant> stateSince = time(row, "state_change");
    Optional<String> statement = text(row, "statement");
    Integer[] blockedBy = row.getArrayOfIntegers("blocked_by");
    return new Backend(
        row.getInteger("pid"),
        time(row, "backend_start"),
        name(row, "application_name"),
        name(row, "user_name"),
        text(row, "backend_type"),
        text(row, "client"),
        text(row, "state"),
        stateSince,
        stateSince.map(since -> since(since, now)),
        time(row, "xact_start").map(start -> since(start, now)),
        text(row, "waits_for"),
        statement.map(StatementText::of),
        statement.map(BackendRow::askedFor).orElse(OptionalLong.empty()),
        wanted(row, now),
        blockedBy == null ? List.of() : List.of(blockedBy),
        Boolean.TRUE.equals(row.getBoolean("progress")));
  }

  private static Optional<Wanted> wanted(Row row, Instant now) {
    return text(row, "wanted_kind")
        .map(kind ->
            new Wanted(
                kind,
                row.getString("wanted_mode"),
                name(row, "wanted_relation"),
                time(row, "wanted_since").map(start -> since(start, now)),
                text(row, "wanted_prepared").map(ForeignText::quoted)));
  }

  static OptionalLong askedFor(String statement) {
    Matcher asks = ASKS.matcher(statement);
    try {
      return asks.find() ? OptionalLong.of(Long.parseLong(asks.group(1))) : OptionalLong.empty();
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  // A session that began after our transaction did is younger than our "now".
  private static Duration since(Instant start, Instant now) {
    Duration age = Duration.between(start, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static Optional<String> name(Row row, String column) {
    return text(row, column).map(name -> ForeignText.visible(name, ForeignText.NAME));
  }

  private static Optional<String> text(Row row, String column) {
    return Optional.ofNullable(row.getString(column)).filter(value -> !value.isEmpty());
  }
}
