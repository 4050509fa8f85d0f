package dev.pgmedic.check;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something in the schema that known-good does not have so, and that a migration may have left
 * there.
 *
 * @param finding what tells of it alone
 * @param titles how people call it
 * @param names what a migration that makes it has to name
 */
record Trace(Finding finding, List<String> titles, List<String> names) {

  Trace {
    titles = List.copyOf(titles);
    names = List.copyOf(names);
  }

  /** What a finding tells of; empty when that is gone, or is nothing that a migration makes. */
  static Optional<Trace> of(Finding finding, Observation seen, KnownGood good) {
    return switch (finding.code()) {
      case SCHEMA_DRIFT, ENUM_LEFTOVER, INDEX_INVALID ->
          seen.catalog().objects().stream()
              .filter(object -> object.identity().equals(finding.subject()))
              .filter(object -> !isKnown(object, good))
              .findFirst()
              .map(object -> new Trace(finding, List.of(object.title()), names(object)));
      case ENUM_VALUE_UNEXPECTED -> labels(finding, seen, good);
      default -> Optional.empty();
    };
  }

  private static boolean isKnown(CatalogObject object, KnownGood good) {
    return good.catalog()
        .find(object.key())
        .filter(known -> known.definition().equals(object.definition()))
        .isPresent();
  }

  private static Optional<Trace> labels(Finding finding, Observation seen, KnownGood good) {
    Key type = new Key(Kind.ENUM, finding.subject());
    Optional<CatalogObject> known = good.catalog().find(type);
    Optional<CatalogObject> found = seen.catalog().find(type);
    if (known.isEmpty() || found.isEmpty()) {
      return Optional.empty();
    }
    List<String> added = new ArrayList<>(EnumRules.labels(found.get()));
    added.removeAll(EnumRules.labels(known.get()));
    return Optional.of(
        new Trace(
            finding,
            added.stream().map(label -> "label " + label + " of " + finding.subject()).toList(),
            Stream.concat(Stream.of(Sql.name(finding.subject())), added.stream()).toList()));
  }

  // A column's name alone would be named by too many.
  private static List<String> names(CatalogObject object) {
    return object.kind() == Kind.COLUMN
        ? List.of(Sql.name(object.parent().orElse("")), Sql.name(object.identity()))
        : List.of(Sql.name(object.identity()));
  }

  /** Whether it has a name and a cure of its own when it is all that was left. */
  boolean isTold() {
    return finding.code() == IssueCode.INDEX_INVALID || isLeftover();
  }

  /** Whether it is a type that nothing uses, as one is left of a run that was rolled back. */
  boolean isLeftover() {
    return finding.code() == IssueCode.ENUM_LEFTOVER;
  }
}
