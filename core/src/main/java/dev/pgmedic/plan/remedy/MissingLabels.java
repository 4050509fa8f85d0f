package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.check.EnumRules;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.EnsureEnum;
import java.util.ArrayList;
import java.util.List;

/** Adds the labels that an enum type lacks, each behind the one that it should follow. */
final class MissingLabels implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation
        .seen()
        .catalog()
        .find(new Key(Kind.ENUM, finding.subject()))
        .<Treatment>map(type ->
            Treatment.Heals.by(
                added(type, expected(finding)), situation.definitions(List.of(finding.subject()))))
        .orElse(new Treatment.Person(finding.recommendation()));
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
