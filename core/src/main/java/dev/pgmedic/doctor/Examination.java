package dev.pgmedic.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was found at one place.
 *
 * @param part which part of a target it is
 * @param place where that is: a URL without its password, or a folder; absent where there is none
 * @param probes what was looked at, in that order
 */
public record Examination(Part part, Optional<String> place, List<Probe> probes) {

  /** Copies the list. */
  public Examination {
    probes = List.copyOf(probes);
  }

  /** What pgmedic rests on. */
  public enum Part {
    /** The role that checks log in with. */
    MONITOR,
    /** The role that recoveries log in with. */
    RECOVERY,
    /** The migration project and the commands of the configuration. */
    FILES,
    /** pgmedic's own database. */
    STORE;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
