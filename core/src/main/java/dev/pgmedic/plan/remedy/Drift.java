package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.issue.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes back what somebody changed by hand: makes what is gone or differs as known-good has it, and
 * moves what was added out of the way. A table of which a column cannot be taken back in place is
 * made anew with its rows. Whether the SQL that makes anything could lose something shows once it
 * is generated.
 */
final class Drift implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation
        .knownGood()
        .map(good ->
            Stream.of(
                    gone(finding.subject(), situation),
                    changed(finding.subject(), situation, good),
                    added(finding.subject(), situation, good))
                .flatMap(treatments -> treatments)
                .toList())
        .filter(treatments -> !treatments.isEmpty())
        .map(Treatment::all)
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Stream<Treatment> gone(String subject, Situation situation) {
    return situation.losses().stream()
        .filter(loss -> loss.root().identity().equals(subject))
        .filter(loss -> loss.root().kind() != Kind.TABLE && loss.root().kind() != Kind.ENUM)
        .map(loss -> sequence(loss).orElseGet(() -> MissingObject.rebuilt(loss, situation)));
  }

  // Its definition is known, and not how far it had come.
  private static Optional<Treatment> sequence(Loss loss) {
    return Stream.concat(Stream.of(loss.root()), loss.symptoms().stream())
        .filter(object -> object.kind() == Kind.SEQUENCE)
        .findFirst()
        .map(sequence ->
            new Treatment.Person(
                sequence.title()
                    + " would begin at its start again and hand out numbers that rows may have"
                    + " already: make it by hand, with the number that comes next"));
  }

  private static Stream<Treatment> changed(String subject, Situation situation, KnownGood good) {
    return good.catalog().objects().stream()
        .filter(wanted -> wanted.identity().equals(subject) && wanted.kind() != Kind.ENUM)
        .flatMap(wanted ->
            situation
                .seen()
                .catalog()
                .find(wanted.key())
                .filter(found -> !found.definition().equals(wanted.definition()))
                .map(found ->
                    isOtherColumn(wanted, found)
                        ? Restoring.of(wanted.parent().orElseThrow(), situation, good)
                        : changedBack(wanted, found, situation))
                .stream());
  }

  private static boolean isOtherColumn(CatalogObject wanted, CatalogObject found) {
    return wanted.kind() == Kind.COLUMN && !ColumnShape.of(wanted).equals(ColumnShape.of(found));
  }

  private static Treatment changedBack(
      CatalogObject wanted, CatalogObject found, Situation situation) {
    Set<String> restsOn = new HashSet<>(found.needs());
    restsOn.addAll(wanted.needs());
    restsOn.add(wanted.identity());
    wanted.parent().ifPresent(restsOn::add);
    List<String> facts = new ArrayList<>(situation.definitions(restsOn));
    facts.add("wanted: " + wanted.title() + " = " + wanted.definition());
    return Treatment.Heals.made(List.of(wanted), facts);
  }

  private static Stream<Treatment> added(String subject, Situation situation, KnownGood good) {
    return situation.seen().catalog().objects().stream()
        .filter(object -> object.identity().equals(subject))
        .filter(object -> good.catalog().find(object.key()).isEmpty())
        .map(object -> added(object, situation, good));
  }

  private static Treatment added(CatalogObject object, Situation situation, KnownGood good) {
    return switch (object.kind()) {
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, ENUM -> Moving.of(object, situation, good);
      case COLUMN -> Restoring.of(object.parent().orElseThrow(), situation, good);
      case CONSTRAINT, INDEX, TRIGGER, POLICY, FUNCTION ->
          new Treatment.Person(
              object.title()
                  + " is no part of known-good, and a plan drops nothing: drop it by hand, put it"
                  + " into a migration, or accept it as known-good");
    };
  }
}
