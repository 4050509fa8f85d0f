package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.RebuildIndex;
import java.util.List;
import java.util.Optional;

/**
 * Builds an invalid index anew that is a part of known-good. One that is not was left behind by a
 * migration or a {@code REINDEX} that failed, and is in the way of the next: it is dropped.
 */
final class InvalidIndex implements Remedy {

  private static final String COPY = ".*_cc(new|old)[0-9]*\"?$";

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation
        .seen()
        .catalog()
        .find(new Key(Kind.INDEX, finding.subject()))
        .filter(index -> !index.valid())
        .flatMap(index -> owner(index, situation).map(owner -> built(index, owner, situation)))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Optional<String> owner(CatalogObject index, Situation situation) {
    return index
        .parent()
        .flatMap(table ->
            situation
                .seen()
                .catalog()
                .find(new Key(Kind.TABLE, table))
                .or(() -> situation.seen().catalog().find(new Key(Kind.MATERIALIZED_VIEW, table))))
        .flatMap(CatalogObject::owner);
  }

  private static Treatment built(CatalogObject index, String owner, Situation situation) {
    boolean leftover =
        situation
            .knownGood()
            .map(good -> good.catalog().find(index.key()).isEmpty())
            .orElseGet(() -> index.identity().matches(COPY));
    return Treatment.Heals.by(
        new RebuildIndex(index.identity(), owner, leftover),
        situation.definitions(List.of(index.identity(), index.parent().orElse(""))));
  }
}
