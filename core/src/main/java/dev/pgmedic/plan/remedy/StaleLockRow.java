package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.lock.JudgedLock;
import dev.pgmedic.lock.LockRow;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.plan.action.ClearLockRow;
import java.util.List;
import java.util.Optional;

/** Clears the lock row of a run that is gone for certain. */
final class StaleLockRow implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation.seen().glance().sight().locks().stream()
        .filter(judged -> judged.verdict() == Verdict.ORPHANED)
        .map(JudgedLock::lock)
        .filter(LockRow.class::isInstance)
        .map(LockRow.class::cast)
        .filter(row -> (row.table().identity() + " " + row.key()).equals(finding.subject()))
        .filter(row -> row.table().shape().released().isPresent())
        .findFirst()
        .flatMap(row -> owner(row, situation).map(owner -> cleared(row, owner)))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Optional<String> owner(LockRow row, Situation situation) {
    return situation
        .seen()
        .catalog()
        .find(new Key(Kind.TABLE, row.table().identity()))
        .flatMap(CatalogObject::owner);
  }

  private static Treatment cleared(LockRow row, String owner) {
    ClearLockRow step =
        new ClearLockRow(
            row.table().shape(), row.table().quoted(), row.key(), row.version(), owner);
    return Treatment.Heals.by(
        step, List.of("row: " + row.table().oid() + " " + row.key() + " " + row.version()));
  }
}
