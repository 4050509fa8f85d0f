package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.check.EnumRules;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.EnsureEnum;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds the labels that an enum type lacks, each behind the one that it should follow. A label that
 * was renamed is a person's: adding it would leave the rows with the other name.
 */
final class MissingLabels implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation
        .seen()
        .catalog()
        .find(new Key(Kind.ENUM, finding.subject()))
        .map(type -> treated(type, expected(finding), situation))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Treatment treated(CatalogObject type, List<String> expected, Situation situation) {
    List<String> renames = renames(type, expected);
    return renames.isEmpty()
        ? Treatment.Heals.by(added(type, expected), situation.definitions(List.of(type.identity())))
        : new Treatment.Person(
            type.identity()
                + " has other labels where some are missing, as a rename leaves them; every row"
                + " follows when it is taken back: "
                + String.join("; ", renames));
  }

  // No label is ever dropped, so that one which stands in the place of another took its name.
  private static List<String> renames(CatalogObject type, List<String> expected) {
    List<String> present = EnumRules.labels(type);
    if (present.size() != expected.size()) {
      return List.of();
    }
    List<String> renames = new ArrayList<>();
    for (int i = 0; i < present.size(); i++) {
      if (!present.contains(expected.get(i)) && !expected.contains(present.get(i))) {
        renames.add(
            "ALTER TYPE "
                + type.identity()
                + " RENAME VALUE "
                + Sql.visibleLiteral(present.get(i))
                + " TO "
                + Sql.visibleLiteral(expected.get(i)));
      }
    }
    return renames;
  }

  private static EnsureEnum added(CatalogObject type, List<String> expected) {
    List<String> present = EnumRules.labels(type);
    List<String> wanted = new ArrayList<>(present);
    for (int i = 0; i < expected.size(); i++) {
      if (!wanted.contains(expected.get(i))) {
        wanted.add(i == 0 ? 0 : wanted.indexOf(expected.get(i - 1)) + 1, expected.get(i));
      }
    }
    return new EnsureEnum(type.identity(), present, wanted);
  }

  private static List<String> expected(Finding finding) {
    Object expected = finding.evidence().get("expected");
    return expected instanceof List<?> labels
        ? labels.stream().map(String::valueOf).toList()
        : List.of();
  }
}
