package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.catalog.KnownGood;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a table anew, with its rows, where taking its difference back would drop a column or change
 * the type of one. Whatever rests on the table would go on to mean the old one, so that there must
 * be nothing; what is refused names it.
 */
final class Restoring {

  private static final String PLAIN = "r p";

  private final String table;
  private final Situation situation;
  private final Catalog seen;
  private final Catalog good;

  private Restoring(String table, Situation situation, KnownGood good) {
    this.table = table;
    this.situation = situation;
    this.seen = situation.seen().catalog();
    this.good = good.catalog();
  }

  /** What becomes of a table of which a column cannot be taken back in place. */
  static Treatment of(String table, Situation situation, KnownGood good) {
    return new Restoring(table, situation, good).treatment();
  }

  private Treatment treatment() {
    List<String> refusals = refusals();
    if (!refusals.isEmpty()) {
      return new Treatment.Person(
          table
              + " would have to be made anew, and is not: "
              + String.join("; ", refusals)
              + "; take the change back by hand, or accept it as known-good");
    }
    List<String> facts = new ArrayList<>(situation.wholeDefinitions(Set.of(table)));
    good.objects().stream()
        .filter(this::isOfTable)
        .map(Restoring::text)
        .map("wanted: "::concat)
        .forEach(facts::add);
    return Treatment.Heals.restored(
        new Restored(
            table,
            owner(seen),
            situation.quarantine(facts),
            columns(),
            sequences(good),
            keys(),
            seen.objects().stream().filter(this::isOfTable).map(Restoring::text).toList(),
            good.objects().stream().filter(this::isOfTable).map(Restoring::text).toList()),
        facts);
  }

  private static String text(CatalogObject object) {
    return object.title() + " = " + object.definition();
  }

  private boolean isOfTable(CatalogObject object) {
    return object.identity().equals(table) || object.parent().filter(table::equals).isPresent();
  }

  private List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    if (!isPlain(seen) || !isPlain(good)) {
      refusals.add("it is no plain table (a partition, a child, a foreign or an unlogged one)");
    }
    if (!owner(seen).equals(owner(good))) {
      refusals.add("its owner is another one than known-good's");
    }
    if (seen.objects().stream().anyMatch(o -> isOfTable(o) && !o.valid())) {
      refusals.add("it has an invalid index or a constraint that is NOT VALID: heal that first");
    }
    good.all(Kind.COLUMN)
        .filter(this::isOfTable)
        .filter(column -> seen.find(column.key()).isEmpty())
        .forEach(column -> refusals.add(column.title() + " is gone too: heal that first"));
    if (!sequences(seen).containsAll(sequences(good))) {
      refusals.add("a sequence that it owned is gone, and nobody knows its next number");
    }
    Optional<List<Dependence>> dependences = situation.seen().dependences();
    if (dependences.isEmpty()) {
      refusals.add("what rests on it could not be seen; ask again");
    }
    dependences.stream()
        .flatMap(List::stream)
        .filter(dependence -> dependence.on().identity().equals(table))
        .map(Dependence::text)
        .forEach(refusals::add);
    return refusals;
  }

  private boolean isPlain(Catalog catalog) {
    return catalog
        .find(new Key(Kind.TABLE, table))
        .filter(found -> (found.definition() + " ").startsWith(PLAIN + " "))
        .filter(found -> !found.definition().contains("forced"))
        .filter(found -> found.needs().isEmpty())
        .isPresent();
  }

  private String owner(Catalog catalog) {
    return catalog.find(new Key(Kind.TABLE, table)).flatMap(CatalogObject::owner).orElse("");
  }

  private List<String> columns() {
    return good.all(Kind.COLUMN)
        .filter(this::isOfTable)
        .filter(column -> !ColumnShape.of(column).generated())
        .map(this::name)
        .toList();
  }

  private List<String> sequences(Catalog catalog) {
    return catalog
        .all(Kind.SEQUENCE)
        .filter(sequence -> sequence.needs().contains(table))
        .map(CatalogObject::identity)
        .toList();
  }

  private List<String> keys() {
    return seen.all(Kind.CONSTRAINT)
        .filter(this::isOfTable)
        .filter(constraint -> constraint.definition().startsWith("f "))
        .map(this::name)
        .sorted()
        .collect(Collectors.toList());
  }

  private String name(CatalogObject part) {
    return part.identity().substring(table.length() + 1);
  }
}
