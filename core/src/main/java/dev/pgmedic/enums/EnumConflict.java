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
        ("%s: wanted the labels %s, found %s: %s. PostgreSQL neither removes nor reorders labels:"
                + " keep those found in your list, in their order, with yours among them, or use"
                + " another name")
            .formatted(
                type.visible(),
                EnumLabels.visible(type.labels()),
                EnumLabels.visible(present),
                difference(type.labels(), present)));
    this.wanted = type.labels();
    this.present = List.copyOf(present);
  }

  private static String difference(List<String> wanted, List<String> present) {
    List<String> missing = EnumLabels.without(wanted, present);
    List<String> surplus = EnumLabels.without(present, wanted);
    return missing.isEmpty() || surplus.isEmpty()
        ? "those in both are in another order"
        : "it lacks %s and has %s instead"
            .formatted(EnumLabels.visible(missing), EnumLabels.visible(surplus));
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
