package dev.pgmedic.replay;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.check.Acceptance;
import dev.pgmedic.check.Observation;
import dev.pgmedic.history.Histories;
import dev.pgmedic.postgres.Sql;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a replay says of a target.
 *
 * @param agrees whether the target has what its migrations make, and nothing else
 * @param exact whether definitions were compared too, and not only names: the text of a stored
 *     expression differs from one major version of the server to the next
 * @param knownGood what the target should have
 */
public record Judgement(boolean agrees, boolean exact, KnownGood knownGood) {

  /**
   * Judges.
   *
   * @param serverVersion the major version of the target's server
   */
  public static Judgement of(Observation seen, int serverVersion, Replayed replayed) {
    boolean exact = serverVersion == replayed.serverVersion();
    Optional<String> owner = owner(seen.catalog());
    KnownGood good =
        new KnownGood(
            KnownGood.Source.REPLAY,
            exact,
            seen.history().standing(),
            Instant.EPOCH,
            should(seen.catalog(), replayed, owner, exact),
            owner
                .map(name -> replayed.script().replace(replayed.role(), Sql.identifier(name)))
                .orElse(replayed.script()),
            seen.rows(),
            Set.of(),
            replayed.versions().stream().map(made -> owned(made, replayed, owner)).toList());
    return new Judgement(Acceptance.agrees(seen, good), exact, good);
  }

  private static VersionObjects owned(
      VersionObjects version, Replayed replayed, Optional<String> owner) {
    String after = owner.map(Sql::identifier).orElse(replayed.role());
    return version
        .definition()
        .map(how -> version.with(how.ownedBy(owner, replayed.role(), after)))
        .orElse(version);
  }

  // Whoever owns most of what is there would own the rest.
  private static Optional<String> owner(Catalog catalog) {
    Map<String, Long> tables =
        catalog
            .all(Kind.TABLE)
            .flatMap(table -> table.owner().stream())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return tables.entrySet().stream()
        .max(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Comparator.comparing(Map.Entry::getKey)))
        .map(Map.Entry::getKey);
  }

  private static Catalog should(
      Catalog seen, Replayed replayed, Optional<String> owner, boolean exact) {
    Map<Key, CatalogObject> objects = new LinkedHashMap<>();
    for (CatalogObject made : replayed.catalog().objects()) {
      Optional<CatalogObject> there = seen.find(made.key());
      Optional<String> owns =
          there.isPresent() ? there.get().owner() : made.owner().flatMap(none -> owner);
      objects.put(made.key(), exact || there.isEmpty() ? made.ownedBy(owns) : there.get());
    }
    // No migration makes the tool's own tables.
    Set<String> histories = Histories.tables(seen);
    for (Loss more : Loss.between(seen, replayed.catalog())) {
      if (histories.contains(more.root().identity())) {
        objects.put(more.root().key(), more.root());
        more.symptoms().forEach(part -> objects.put(part.key(), part));
      }
    }
    return new Catalog(objects.values());
  }
}
