package dev.pgmedic.enums;

import java.util.List;

/**
 * What {@link Enums#ensure} found or did. In each case the type has all labels that were wanted.
 */
public sealed interface Ensured {

  /** The type was not there, and this call made it. */
  record Created() implements Ensured {}

  /**
   * The type lacked labels.
   *
   * @param added what it lacked when this call looked; another caller may have added some first
   */
  record Extended(List<String> added) implements Ensured {

    /** Copies the labels. */
    public Extended {
      added = List.copyOf(added);
    }
  }

  /**
   * The type was there.
   *
   * @param surplus labels that it has beyond those wanted: a newer caller's, as while a fleet is
   *     updated one by one
   */
  record Unchanged(List<String> surplus) implements Ensured {

    /** Copies the labels. */
    public Unchanged {
      surplus = List.copyOf(surplus);
    }
  }
}
