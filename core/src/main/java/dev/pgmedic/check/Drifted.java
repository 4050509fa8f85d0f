package dev.pgmedic.check;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a plan that takes drift back might move out of the way. */
final class Drifted {

  private Drifted() {}

  /** The names of relations and types that drifted, or that a column drifted of. */
  static Set<String> objects(Diagnosis diagnosis) {
    Set<String> subjects =
        diagnosis.findings().stream()
            .filter(finding -> finding.code() == IssueCode.SCHEMA_DRIFT)
            .map(Finding::subject)
            .collect(Collectors.toSet());
    return diagnosis.observation().stream()
        .flatMap(seen -> seen.catalog().objects().stream())
        .filter(object -> subjects.contains(object.identity()))
        .flatMap(Drifted::moved)
        .collect(Collectors.toSet());
  }

  private static Stream<String> moved(CatalogObject object) {
    return switch (object.kind()) {
      case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, ENUM -> Stream.of(object.identity());
      case COLUMN -> object.parent().stream();
      case CONSTRAINT, INDEX, TRIGGER, POLICY, FUNCTION -> Stream.empty();
    };
  }
}
