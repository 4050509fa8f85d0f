package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.catalog.Dependence.Member;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.plan.action.Moved;
import dev.pgmedic.plan.action.Quarantine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Moves an object that known-good lacks out of the way, with all that rests on it, and with the
 * types that nothing else has a use for. What known-good has is never moved: where such a thing
 * rests on the object, a person decides.
 */
final class Moving {

  private final Situation situation;
  private final KnownGood good;
  private final List<Dependence> dependences;
  private final Set<Member> moved = new LinkedHashSet<>();
  private final List<String> refusals = new ArrayList<>();

  private Moving(Situation situation, KnownGood good, List<Dependence> dependences) {
    this.situation = situation;
    this.good = good;
    this.dependences = dependences;
  }

  /** Whether it can be an object of this kind. */
  static boolean isOf(Kind kind) {
    return switch (kind) {
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, ENUM -> true;
      case COLUMN, CONSTRAINT, INDEX, TRIGGER, POLICY, FUNCTION -> false;
    };
  }

  /** What becomes of an object that was added. */
  static Treatment of(CatalogObject added, Situation situation, KnownGood good) {
    return of(List.of(added), situation, good);
  }

  /** What becomes of objects that were added, all at once: some may rest on others. */
  static Treatment of(List<CatalogObject> added, Situation situation, KnownGood good) {
    Optional<List<Dependence>> dependences = situation.seen().dependences();
    if (dependences.isEmpty()) {
      return new Treatment.Person(
          "what rests on " + added.get(0).title() + " could not be seen; ask again");
    }
    Moving moving = new Moving(situation, good, dependences.get());
    added.forEach(object -> moving.take(member(word(object.kind()), object.identity())));
    moving.takeTypes();
    return moving.treatment();
  }

  private static Member member(String kind, String identity) {
    return new Member(kind, Optional.of(Moved.of(kind, identity).schema()), identity);
  }

  private static String word(Kind kind) {
    return kind == Kind.ENUM ? "type" : kind.toString();
  }

  private void take(Member member) {
    if (moved.stream().anyMatch(other -> isSame(other, member))) {
      return;
    }
    moved.add(member);
    object(member).ifPresent(this::refuseForeign);
    object(member).ifPresent(this::refuseParts);
    for (Dependence dependence : dependences) {
      if (isSame(dependence.on(), member)) {
        if (isMovable(dependence.object())) {
          take(dependence.object());
        } else {
          refusals.add(dependence.text() + advice(dependence.object()));
        }
      }
    }
  }

  // Schemas are told quoted by us and as they are by the server; names are qualified anyway.
  private static boolean isSame(Member one, Member other) {
    return one.kind().equals(other.kind()) && one.identity().equals(other.identity());
  }

  private Optional<CatalogObject> object(Member member) {
    return key(member).flatMap(situation.seen().catalog()::find);
  }

  private static Optional<Key> key(Member member) {
    return switch (member.kind()) {
      case "table", "view", "materialized view", "sequence" ->
          Optional.of(new Key(Kind.of(member.kind()), member.identity()));
      case "type" -> Optional.of(new Key(Kind.ENUM, member.identity()));
      default -> Optional.empty();
    };
  }

  private boolean isMovable(Member member) {
    return Moved.isMovable(member.kind())
        && (key(member).isEmpty()
            || (object(member).isPresent() && good.catalog().find(key(member).get()).isEmpty()));
  }

  private static String advice(Member other) {
    return switch (other.kind()) {
      case "publication relation" -> ": take it out of the publication first";
      case "table", "view", "materialized view", "sequence", "type" ->
          " (a foreign key, a default, a rule, a column's type, its query or inheritance), and is"
              + " not moved: take that away first, or accept both as known-good";
      default -> ", and is not moved: take it away first";
    };
  }

  private void refuseForeign(CatalogObject object) {
    if (object.kind() == Kind.TABLE && object.definition().startsWith("f ")) {
      refusals.add(object.title() + " is a foreign table: its rows are elsewhere");
    }
  }

  // The rows of a partition are rows of its table, too.
  private void refuseParts(CatalogObject object) {
    if (object.kind() == Kind.TABLE) {
      object.needs().stream()
          .filter(parent -> moved.stream().noneMatch(other -> other.identity().equals(parent)))
          .forEach(parent ->
              refusals.add(
                  object.title()
                      + " is a partition or child of "
                      + parent
                      + ", which shows its rows: detach it first"));
    }
  }

  private void takeTypes() {
    Set<String> names = moved.stream().map(Member::identity).collect(Collectors.toSet());
    situation
        .seen()
        .catalog()
        .all(Kind.COLUMN)
        .filter(column -> column.parent().filter(names::contains).isPresent())
        .flatMap(column -> column.needs().stream())
        .distinct()
        .map(type -> member("type", type))
        .filter(this::isMovable)
        .filter(this::isUsedByMovedAlone)
        .toList()
        .forEach(this::take);
  }

  private boolean isUsedByMovedAlone(Member type) {
    return dependences.stream()
        .filter(dependence -> isSame(dependence.on(), type))
        .allMatch(
            dependence -> moved.stream().anyMatch(other -> isSame(other, dependence.object())));
  }

  private Treatment treatment() {
    if (!refusals.isEmpty()) {
      return new Treatment.Person(String.join("; ", refusals));
    }
    List<Moved> objects =
        moved.stream().map(member -> Moved.of(member.kind(), member.identity())).toList();
    Set<String> names = new HashSet<>();
    Optional<Moved> twice = objects.stream().filter(o -> !names.add(o.name())).findFirst();
    if (twice.isPresent()) {
      return new Treatment.Person(
          "two of what would move together are called " + twice.get().name());
    }
    List<String> resting =
        dependences.stream()
            .filter(dependence -> moved.stream().anyMatch(m -> isSame(m, dependence.on())))
            .map(Dependence::text)
            .toList();
    List<String> facts = new ArrayList<>(situation.wholeDefinitions(identities()));
    facts.addAll(resting);
    return Treatment.Heals.by(new Quarantine(situation.quarantine(facts), objects, resting), facts);
  }

  private Set<String> identities() {
    return moved.stream().map(Member::identity).collect(Collectors.toSet());
  }
}
