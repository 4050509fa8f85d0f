package dev.pgmedic.enums;

/**
 * The type cannot be ensured as things are: its schema is not there, the name is taken by something
 * else, a right is missing, or the session is within a transaction. Nothing was changed.
 */
public final class EnumRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EnumRefused(EnumType type, String why) {
    super(type.visible() + ": " + why);
  }

  EnumRefused(EnumType type, String why, Throwable cause) {
    super(type.visible() + ": " + why, cause);
  }
}
