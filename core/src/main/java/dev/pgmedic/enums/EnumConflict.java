package dev.pgmedic.enums;

import java.util.List;

/**
 * The type is there with other labels: neither list is within the other in the same order, so no
 * label that could be added makes them agree. Nothing was changed.
 */
public final class EnumConflict extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> wanted;
  private final transient List<String> present;

  EnumConflict(EnumType type, List<String> present) {
    super(
        ("%s: wanted the labels %s, found %s; labels are neither removed nor reordered:"
                + " rename the type, or bring the two into line in a migration")
            .formatted(type.qualified(), type.labels(), present));
    this.wanted = type.labels();
    this.present = List.copyOf(present);
  }

  /** The labels that were wanted, in order. */
  public List<String> wanted() {
    return wanted;
  }

  /** The labels that the type has, in order. */
  public List<String> present() {
    return present;
  }
}
