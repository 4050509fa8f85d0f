package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Expectation;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the catalog with known-good and with what the owner expects. One root cause is one
 * finding.
 */
final class CatalogRules {

  private final Observation seen;
  private final Optional<KnownGood> knownGood;
  private final Optional<PartialVersions> partial;
  private final List<Finding> findings = new ArrayList<>();

  private CatalogRules(Observation seen, Optional<KnownGood> knownGood) {
    this.seen = seen;
    this.knownGood = knownGood;
    this.partial = knownGood.map(good -> PartialVersions.of(seen, good));
  }

  static List<Finding> apply(
      Observation seen, Optional<KnownGood> knownGood, Expectation expectation) {
    CatalogRules rules = new CatalogRules(seen, knownGood);
    knownGood.ifPresent(rules::compare);
    rules.expected(expectation);
    seen.catalog().objects().stream()
        .filter(object -> !object.valid() && !rules.isTold(object))
        .forEach(rules::invalid);
    return rules.findings;
  }

  private void compare(KnownGood good) {
    partial.map(PartialVersions::findings).ifPresent(findings::addAll);
    Loss.between(good.catalog(), seen.catalog()).stream()
        .filter(loss -> !isTold(loss.root()))
        .forEach(loss -> gone(good, loss));
    for (CatalogObject wanted : good.catalog().objects()) {
      seen.catalog().find(wanted.key()).ifPresent(found -> changed(good, wanted, found));
    }
    Loss.between(seen.catalog(), good.catalog()).stream()
        .map(Loss::root)
        .filter(added -> !isTold(added))
        .forEach(added -> added(good, added));
    good.unexplained().stream()
        .filter(title -> seen.catalog().objects().stream().noneMatch(o -> o.title().equals(title)))
        .forEach(title -> unexplained(good, title));
  }

  // The objects of a version that is there in part are no faults of their own.
  private boolean isTold(CatalogObject object) {
    return partial.filter(versions -> versions.tell(object)).isPresent();
  }

  private boolean isTold(Kind kind, String identity) {
    return partial.filter(versions -> versions.tell(kind, identity)).isPresent();
  }

  private void gone(KnownGood good, Loss loss) {
    CatalogObject root = loss.root();
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("known_good", source(good));
    evidence.put("gone_with_it", loss.symptoms().stream().map(CatalogObject::title).toList());
    switch (root.kind()) {
      case TABLE -> {
        Optional.ofNullable(good.rows().get(root.identity()))
            .ifPresent(rows -> {
              evidence.put("rows_estimate", rows.rows());
              evidence.put("rows_seen_at", rows.seenAt().toString());
            });
        evidence.put("types_left_behind", typesLeftBehind(loss));
        find(
            IssueCode.TABLE_MISSING,
            root,
            "is gone" + creates(good),
            rebuild(good, root, true),
            evidence);
      }
      case ENUM ->
          find(
              IssueCode.ENUM_MISSING,
              root,
              "is gone" + creates(good),
              rebuild(good, root, false),
              evidence);
      default ->
          find(
              IssueCode.SCHEMA_DRIFT,
              root,
              root.kind() + " is gone" + creates(good),
              rebuild(good, root, false),
              evidence);
    }
  }

  private List<String> typesLeftBehind(Loss loss) {
    return loss.symptoms().stream()
        .flatMap(symptom -> symptom.needs().stream())
        .filter(name -> seen.catalog().has(Kind.ENUM, name))
        .filter(name -> !seen.catalog().isNeeded(name))
        .distinct()
        .toList();
  }

  private static String creates(KnownGood good) {
    return good.version().map(version -> "; version " + version + " has it").orElse("");
  }

  private static String rebuild(KnownGood good, CatalogObject root, boolean table) {
    String from =
        "Rebuild "
            + root.identity()
            + " from known-good"
            + good.version().map(v -> " " + v).orElse("");
    if (!table) {
      return from + "; the other objects are not touched";
    }
    return from
        + ": it comes back EMPTY"
        + Optional.ofNullable(good.rows().get(root.identity()))
            .map(rows ->
                " (about "
                    + rows.rows()
                    + " rows seen at "
                    + rows.seenAt().truncatedTo(ChronoUnit.SECONDS)
                    + ")")
            .orElse("")
        + "; the other tables are not touched";
  }

  private void changed(KnownGood good, CatalogObject wanted, CatalogObject found) {
    if (wanted.kind() == Kind.ENUM) {
      EnumRules.compare(
              wanted.identity(), EnumRules.labels(wanted), EnumRules.labels(found), source(good))
          .ifPresent(findings::add);
    } else if (!wanted.definition().equals(found.definition())
        && wanted.needs().stream().noneMatch(name -> isRelabelled(good, name) || isGone(name))) {
      find(
          IssueCode.SCHEMA_DRIFT,
          wanted,
          wanted.kind() + " differs from known-good" + creates(good),
          "Compare it with the migration that made it; accept the change or migrate it back",
          Map.of("known_good", source(good), "was", wanted.definition(), "is", found.definition()));
    }
  }

  // A foreign key follows the table that is renamed, and then names another one.
  private boolean isGone(String table) {
    return seen.catalog().find(new Key(Kind.TABLE, table)).isEmpty()
        && knownGood.map(good -> good.catalog().has(Kind.TABLE, table)).orElse(false);
  }

  // A label that was renamed shows in every expression that names it: one fault, told of the type.
  private boolean isRelabelled(KnownGood good, String name) {
    Optional<CatalogObject> type = good.catalog().find(new Key(Kind.ENUM, name));
    if (type.isPresent()) {
      return seen.catalog()
          .find(type.get().key())
          .filter(found -> !found.definition().equals(type.get().definition()))
          .isPresent();
    }
    return good.catalog()
        .find(new Key(Kind.COLUMN, name))
        .filter(column -> column.needs().stream().anyMatch(need -> isRelabelled(good, need)))
        .isPresent();
  }

  private void added(KnownGood good, CatalogObject added) {
    if (added.kind() == Kind.INDEX && !added.valid()) {
      return; // what is left of a build that failed is told as such
    }
    if (added.kind() == Kind.ENUM && !seen.catalog().isNeeded(added.identity())) {
      find(
          IssueCode.ENUM_LEFTOVER,
          added,
          "is an enum type that nothing uses and no known version has",
          "Move "
              + added.identity()
              + " out of the way, or the migration that makes it fails with \"already exists\"",
          Map.of("known_good", source(good), "labels", EnumRules.labels(added)));
      return;
    }
    find(
        IssueCode.SCHEMA_DRIFT,
        added,
        added.kind() + " was added without a new version",
        "Put it into a migration, or accept it as known-good",
        Map.of("known_good", source(good)));
  }

  private void unexplained(KnownGood good, String title) {
    findings.add(
        new Finding(
            IssueCode.SCHEMA_DRIFT,
            subject(title),
            title + " vanished with the step to version " + good.version().orElse("?"),
            "Make sure that a migration removes it on purpose",
            Map.of("known_good", source(good))));
  }

  /** What an object that is known by its title alone is called as a subject. */
  static String subject(String title) {
    return Arrays.stream(Kind.values())
        .map(kind -> kind + " ")
        .filter(title::startsWith)
        .findFirst()
        .map(kind -> title.substring(kind.length()))
        .orElse(title);
  }

  private void expected(Expectation expectation) {
    for (String table : expectation.tables()) {
      if (!seen.catalog().has(Kind.TABLE, table)
          && notYetFound(table)
          && !isTold(Kind.TABLE, table)) {
        findings.add(
            new Finding(
                IssueCode.TABLE_MISSING,
                table,
                table + " is gone; expect.tables names it",
                "Run the migration that makes "
                    + table
                    + ": no known-good definition of it was ever seen",
                Map.of("known_good", "expect")));
      }
    }
    expectation.enums().forEach(this::expectedEnum);
  }

  private void expectedEnum(String name, List<String> labels) {
    Catalog catalog = seen.catalog();
    Optional<CatalogObject> found = catalog.find(new Key(Kind.ENUM, name));
    if (notYetFound(name) && !isTold(Kind.ENUM, name)) {
      found
          .map(type -> EnumRules.compare(name, labels, EnumRules.labels(type), "expect"))
          .orElseGet(() ->
              Optional.of(
                  new Finding(
                      IssueCode.ENUM_MISSING,
                      name,
                      name + " is gone; expect.enums names it",
                      "Run the migration that makes " + name,
                      Map.of("known_good", "expect"))))
          .ifPresent(findings::add);
    }
  }

  private boolean notYetFound(String subject) {
    return findings.stream().noneMatch(finding -> finding.subject().equals(subject));
  }

  private void invalid(CatalogObject object) {
    boolean drifted =
        knownGood.map(good -> good.catalog().find(object.key()).isEmpty()).orElse(false);
    boolean meant =
        knownGood
            .flatMap(good -> good.catalog().find(object.key()))
            .map(o -> !o.valid())
            .orElse(drifted);
    if (object.kind() == Kind.INDEX) {
      find(
          IssueCode.INDEX_INVALID,
          object,
          "is invalid and serves no query",
          "Build it anew",
          state(object, "indisvalid"));
    } else if (!meant) {
      find(
          IssueCode.CONSTRAINT_NOT_VALID,
          object,
          "is NOT VALID: rows from before it may break it",
          "Look at the rows that break it, then ALTER TABLE ... VALIDATE CONSTRAINT",
          state(object, "convalidated"));
    }
  }

  // As the catalog has it.
  private Map<String, Object> state(CatalogObject object, String column) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    object.parent().ifPresent(table -> evidence.put("table", table));
    evidence.put(column, false);
    knownGood.ifPresent(
        good -> evidence.put("in_known_good", good.catalog().find(object.key()).isPresent()));
    return evidence;
  }

  private static String source(KnownGood good) {
    return good.source() + (good.confirmed() ? ", confirmed" : ", unconfirmed");
  }

  private void find(
      IssueCode code,
      CatalogObject subject,
      String what,
      String recommendation,
      Map<String, Object> evidence) {
    findings.add(
        new Finding(
            code, subject.identity(), subject.identity() + " " + what, recommendation, evidence));
  }
}
