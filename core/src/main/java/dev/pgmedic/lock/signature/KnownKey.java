package dev.pgmedic.lock.signature;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * An advisory key that a migration tool takes in one database.
 *
 * @param tool the tool's name in lower case
 * @param level how long the tool holds it
 * @param origin how the key comes about, in words that let a person compute it
 * @param exact whether no other key of the tool is possible here; else the key is merely one that
 *     the tool could have chosen
 */
public record KnownKey(String tool, Level level, String origin, boolean exact) {

  /** When PostgreSQL gives a lock back by itself. {@code pg_locks} does not tell the two apart. */
  public enum Level {
    /** At the end of the session. */
    SESSION,
    /** At the end of the transaction. */
    TRANSACTION,
    /** The tool's configuration decides. */
    EITHER;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static KnownKey session(String tool, String origin) {
    return new KnownKey(tool, Level.SESSION, origin, true);
  }
}
