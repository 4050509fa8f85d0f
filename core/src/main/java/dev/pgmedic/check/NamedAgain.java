package dev.pgmedic.check;

import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.Mention;
import dev.pgmedic.history.MigrationTexts;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says of a type that is left over which line of which pending migration names it first: most
 * likely {@code type "..." already exists} comes from there. Reading files knows no future, so it
 * takes a worker thread, and only when there is such a type.
 */
final class NamedAgain {

  private final Vertx vertx;

  NamedAgain(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Completes with the same, which says it too. Never fails. */
  Future<Look> named(Target target, Look look) {
    Diagnosis diagnosis = look.diagnosis();
    Optional<HistoryState> history = diagnosis.glance().map(Glance::history);
    Optional<MigrationTool> tool =
        history.flatMap(HistoryState::tool).flatMap(MigrationTools::find);
    Optional<Path> project = target.migrations().directory();
    List<String> pending =
        history.flatMap(HistoryState::disk).map(DiskState::pending).orElse(List.of());
    if (diagnosis.findings().stream().noneMatch(NamedAgain::isLeftover)
        || tool.isEmpty()
        || project.isEmpty()
        || pending.isEmpty()) {
      return Future.succeededFuture(look);
    }
    return vertx
        .executeBlocking(() -> named(diagnosis, tool.get(), project.get(), pending), false)
        .map(look::with)
        .otherwise(look); // files that cannot be read are told of as that
  }

  private static boolean isLeftover(Finding finding) {
    return finding.code() == IssueCode.ENUM_LEFTOVER;
  }

  private static List<Finding> named(
      Diagnosis diagnosis, MigrationTool tool, Path project, List<String> pending)
      throws IOException {
    MigrationTexts texts = MigrationTexts.of(tool, project, pending);
    List<Finding> findings = new ArrayList<>();
    for (Finding finding : diagnosis.findings()) {
      Optional<Mention> mention =
          isLeftover(finding) ? texts.naming(Sql.name(finding.subject())) : Optional.empty();
      findings.add(mention.map(found -> named(finding, found)).orElse(finding));
    }
    return findings;
  }

  private static Finding named(Finding finding, Mention mention) {
    Map<String, Object> evidence = new LinkedHashMap<>(finding.evidence());
    evidence.put("named_by", Shown.text(mention.version()));
    evidence.put("file", Shown.text(mention.file()));
    evidence.put("line", mention.line());
    return new Finding(
        finding.code(),
        finding.subject(),
        finding.message()
            + "; line "
            + mention.line()
            + " of "
            + Shown.text(mention.file())
            + ", which is not applied, names it",
        finding.recommendation(),
        evidence);
  }
}
