package dev.pgmedic.target;

import dev.pgmedic.issue.IssueCode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A part of the day in which no recovery starts.
 *
 * @param from when it begins
 * @param to when it ends; where that is not later than {@code from}, on the day after
 * @param zone whose clock that is
 * @param days the days on which it begins
 * @param except what need not wait: a plan that heals nothing else starts all the same
 */
public record QuietHours(
    LocalTime from, LocalTime to, ZoneId zone, Set<DayOfWeek> days, Set<IssueCode> except) {

  /** Copies the sets; rejects a window that has no end. */
  public QuietHours {
    if (from.equals(to)) {
      throw new IllegalArgumentException("from and to: expected two different times");
    }
    days = Set.copyOf(days);
    except = Set.copyOf(except);
  }

  /** Whether a plan that heals these need not wait. One that heals nothing takes something back. */
  boolean spares(Collection<IssueCode> codes) {
    return !codes.isEmpty() && except.containsAll(codes);
  }

  /** When the window ends in which {@code now} is; empty outside of it. */
  Optional<Instant> end(Instant now) {
    LocalDate today = now.atZone(zone).toLocalDate();
    return Stream.of(today.minusDays(1), today)
        .filter(day -> days.contains(day.getDayOfWeek()))
        .filter(day -> !now.isBefore(at(day, from)) && now.isBefore(end(day)))
        .map(this::end)
        .findFirst();
  }

  private Instant end(LocalDate begun) {
    return at(to.isAfter(from) ? begun : begun.plusDays(1), to);
  }

  private Instant at(LocalDate day, LocalTime time) {
    return ZonedDateTime.of(day, time, zone).toInstant();
  }
}
