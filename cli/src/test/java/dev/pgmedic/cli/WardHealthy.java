package dev.pgmedic.cli;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the healthy databases of the ward; what many cases begin with is made once and copied. */
final class WardHealthy {

  private final Map<Beginning, PostgresUrl> made = new ConcurrentHashMap<>();
  private final Map<Beginning, Object> turns = new ConcurrentHashMap<>();

  private record Beginning(Optional<String> project, List<WardStep> steps) {}

  /** The case's own healthy database, with its files in this folder. */
  WardPatient admit(WardCase ward, Path folder) {
    boolean common =
        !ward.hasFiles() && ward.healthy().stream().allMatch(step -> step.session().isEmpty());
    if (!common || ward.healthy().isEmpty()) {
      return made(ward, folder, TestDatabases.fresh());
    }
    Beginning beginning = new Beginning(ward.project(), ward.healthy());
    synchronized (turns.computeIfAbsent(beginning, first -> new Object())) {
      PostgresUrl original = made.get(beginning);
      if (original != null) {
        return new WardPatient(ward, folder, TestDatabases.copyOf(original));
      }
      WardPatient first = made(ward, folder, TestDatabases.fresh());
      made.put(beginning, TestDatabases.copyOf(first.url()));
      return first;
    }
  }

  private static WardPatient made(WardCase ward, Path folder, PostgresUrl url) {
    WardPatient patient = new WardPatient(ward, folder, url);
    patient.makeHealthy();
    return patient;
  }
}
