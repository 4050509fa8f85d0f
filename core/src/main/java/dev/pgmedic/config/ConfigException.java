package dev.pgmedic.config;

/** A mistake in the configuration; the message says where it is and what was expected. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A mistake, told as {@code place: what}. */
  public ConfigException(String place, String what) {
    super(place + ": " + what);
  }
}
