package dev.pgmedic.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param name a stable word for it
 * @param state how it stands
 * @param found what was found, in a sentence
 * @param without what is lost as it stands; absent when nothing is
 * @param fix what helps: SQL, a line of the configuration, or a command; each is whole
 */
public record Probe(
    String name, State state, String found, Optional<String> without, List<String> fix) {

  /** Copies the list. */
  public Probe {
    fix = List.copyOf(fix);
  }

  /** How something stands. */
  public enum State {
    /** As it should be. */
    OK,
    /** It works, and could be better or safer. */
    WARNING,
    /** Something that is needed is not there. */
    MISSING,
    /** There was no answer. */
    FAILED;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Probe ok(String name, String found) {
    return new Probe(name, State.OK, found, Optional.empty(), List.of());
  }

  static Probe warning(String name, String found, String without, String... fix) {
    return new Probe(name, State.WARNING, found, Optional.of(without), List.of(fix));
  }

  static Probe missing(String name, String found, String without, String... fix) {
    return new Probe(name, State.MISSING, found, Optional.of(without), List.of(fix));
  }

  static Probe failed(String name, String found, String without, String... fix) {
    return new Probe(name, State.FAILED, found, Optional.of(without), List.of(fix));
  }
}
