package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.ValidateConstraint;
import java.util.List;

/** Has the server look whether all rows keep a constraint that is NOT VALID. */
final class UnvalidatedConstraint implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation
        .seen()
        .catalog()
        .find(new Key(Kind.CONSTRAINT, finding.subject()))
        .filter(constraint -> !constraint.valid())
        .flatMap(constraint ->
            constraint
                .parent()
                .flatMap(table -> situation.seen().catalog().find(new Key(Kind.TABLE, table)))
                .flatMap(table ->
                    table.owner().map(owner -> validated(constraint, table, owner, situation))))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Treatment validated(
      CatalogObject constraint, CatalogObject table, String owner, Situation situation) {
    String name = constraint.identity().substring(table.identity().length() + 1);
    return Treatment.Heals.by(
        new ValidateConstraint(table.identity(), name, owner),
        situation.definitions(List.of(constraint.identity())));
  }
}
