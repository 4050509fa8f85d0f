package dev.pgmedic.check;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.Mention;
import dev.pgmedic.history.MigrationTexts;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one finding of all that one migration left behind when it broke off: what known-good does
 * not have and the file of a version without a record names, is of that version. Reading files
 * knows no future, so it takes a worker thread, and only when there is something of the kind.
 */
final class HalfVersions {

  private static final List<IssueCode> BROKEN =
      List.of(IssueCode.MIGRATION_FAILED, IssueCode.MIGRATION_PARTIAL);

  private final Vertx vertx;

  HalfVersions(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Completes with the same faults, each told once. Never fails. */
  Future<Look> told(Target target, Look look) {
    Diagnosis diagnosis = look.diagnosis();
    if (diagnosis.observation().isEmpty()) {
      return Future.succeededFuture(glanced(look));
    }
    HistoryState history = diagnosis.observation().get().history();
    Optional<MigrationTool> tool = history.tool().flatMap(MigrationTools::find);
    Optional<Path> project = target.migrations().directory();
    List<String> pending = history.disk().map(DiskState::pending).orElse(List.of());
    List<Trace> traces = traces(diagnosis);
    if (traces.isEmpty() || tool.isEmpty() || project.isEmpty() || pending.isEmpty()) {
      return Future.succeededFuture(settled(look));
    }
    return vertx
        .executeBlocking(() -> MigrationTexts.apart(tool.get(), project.get(), pending), false)
        .map(texts -> look.with(grouped(diagnosis, traces, texts)))
        .otherwise(look) // files that cannot be read are told of as that
        .map(HalfVersions::settled);
  }

  private static List<Trace> traces(Diagnosis diagnosis) {
    Optional<KnownGood> good = diagnosis.knownGood();
    return good.isEmpty()
        ? List.of()
        : diagnosis.findings().stream()
            .flatMap(finding ->
                Trace.of(finding, diagnosis.observation().orElseThrow(), good.get()).stream())
            .toList();
  }

  private record Named(Trace trace, Mention mention) {}

  private static List<Finding> grouped(
      Diagnosis diagnosis, List<Trace> traces, MigrationTexts texts) {
    Map<String, List<Named>> versions = new LinkedHashMap<>();
    for (Trace trace : traces) {
      texts
          .making(trace.names())
          .ifPresent(mention ->
              versions
                  .computeIfAbsent(mention.version(), first -> new ArrayList<>())
                  .add(new Named(trace, mention)));
    }
    Map<Finding.Key, Finding> findings = new LinkedHashMap<>();
    diagnosis.findings().forEach(finding -> findings.put(finding.key(), finding));
    versions.forEach((version, named) -> {
      if (!standAlone(named)) {
        named.forEach(each -> findings.remove(each.trace().finding().key()));
        String subject = subject(diagnosis, version);
        Finding finding =
            told(findings, subject)
                .map(record -> joined(record, titles(named)))
                .orElseGet(() -> partial(subject, version, named, diagnosis.knownGood()));
        findings.put(finding.key(), finding);
      }
    });
    return List.copyOf(findings.values());
  }

  private static boolean standAlone(List<Named> named) {
    return named.stream().allMatch(each -> each.trace().isLeftover())
        || (named.size() == 1 && named.get(0).trace().isTold());
  }

  private static String subject(Diagnosis diagnosis, String version) {
    HistoryState history = diagnosis.observation().orElseThrow().history();
    return history.table().or(history::tool).orElse("") + " " + Shown.text(version);
  }

  // A record that broke off, or a replay, tells of the version already.
  private static Optional<Finding> told(Map<Finding.Key, Finding> findings, String subject) {
    return BROKEN.stream()
        .flatMap(code -> Optional.ofNullable(findings.get(new Finding.Key(code, subject))).stream())
        .findFirst();
  }

  private static Finding partial(
      String subject, String version, List<Named> named, Optional<KnownGood> good) {
    Mention first = named.get(0).mention();
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("versions", List.of(Shown.text(version)));
    evidence.put("recorded", false);
    evidence.put("present", Shown.bounded(titles(named)));
    evidence.put("known_good", good.map(known -> known.source().toString()).orElse(""));
    evidence.put("file", Shown.text(first.file()));
    evidence.put("line", first.line());
    return new Finding(
        IssueCode.MIGRATION_PARTIAL,
        subject,
        "of version "
            + Shown.text(version)
            + ", which has no record, there is: "
            + Shown.list(titles(named)),
        "Complete the version by hand and record it, or undo what is there of it; rows that it"
            + " wrote stay either way, and would be written again",
        evidence);
  }

  private static Finding joined(Finding told, List<String> titles) {
    Set<String> present = new LinkedHashSet<>(present(told));
    List<String> more = titles.stream().filter(title -> !present.contains(title)).toList();
    if (more.isEmpty()) {
      return told;
    }
    present.addAll(more);
    Map<String, Object> evidence = new LinkedHashMap<>(told.evidence());
    evidence.put("present", Shown.bounded(List.copyOf(present)));
    return new Finding(
        told.code(),
        told.subject(),
        told.message() + "; of it is there, too: " + Shown.list(more),
        told.recommendation(),
        evidence);
  }

  private static List<String> present(Finding told) {
    return told.evidence().get("present") instanceof List<?> titles
        ? titles.stream().map(Object::toString).toList()
        : List.of();
  }

  private static List<String> titles(List<Named> named) {
    return named.stream().flatMap(each -> each.trace().titles().stream()).toList();
  }

  // What waits behind a version that is there in part is no fault of its own.
  private static Look settled(Look look) {
    List<Finding> findings = look.diagnosis().findings();
    Map<Finding.Key, List<String>> leftBehind =
        findings.stream()
            .filter(finding -> BROKEN.contains(finding.code()))
            .filter(finding -> isWithoutRecord(finding) || !present(finding).isEmpty())
            .collect(Collectors.toMap(Finding::key, HalfVersions::present));
    return findings.stream().anyMatch(HalfVersions::isWithoutRecord)
        ? look.with(findings.stream().filter(finding -> !isWaiting(finding.key())).toList())
            .remembering(leftBehind)
        : look.remembering(leftBehind);
  }

  private static boolean isWithoutRecord(Finding finding) {
    return finding.code() == IssueCode.MIGRATION_PARTIAL
        && Boolean.FALSE.equals(finding.evidence().get("recorded"));
  }

  private static boolean isWaiting(Finding.Key key) {
    return key.code() == IssueCode.MIGRATION_PENDING;
  }

  // A glance sees the records and what waits, and not what is there.
  private static Look glanced(Look look) {
    Map<Finding.Key, List<String>> leftBehind =
        look.memory().map(LastLook::leftBehind).orElse(Map.of());
    if (leftBehind.isEmpty()) {
      return look;
    }
    List<Finding> findings =
        look.diagnosis().findings().stream()
            .map(finding -> joined(finding, leftBehind.getOrDefault(finding.key(), List.of())))
            .toList();
    Set<Finding.Key> told = findings.stream().map(Finding::key).collect(Collectors.toSet());
    return leftBehind.keySet().stream().allMatch(told::contains)
        ? look.with(findings)
        : look.with(findings)
            .withholding(told.stream().filter(HalfVersions::isWaiting).collect(Collectors.toSet()));
  }
}
