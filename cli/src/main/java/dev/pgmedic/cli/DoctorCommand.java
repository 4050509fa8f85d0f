package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.doctor.Doctor;
import dev.pgmedic.doctor.Examination;
import dev.pgmedic.doctor.Probe;
import dev.pgmedic.json.Json;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what pgmedic can reach, see and heal here, and what keeps it from the rest. Reads only. */
@Command(
    name = "doctor",
    description =
        "Says what pgmedic can reach, see and heal here, and what keeps it from the rest.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Of what is missing it says what is lost, and the GRANT or line that helps.",
      "It changes nothing. Ends with 0 when all that is needed is there;",
      "1 something is missing; 2 usage or config; 3 a database did not let us in.",
      "Example: pgmedic doctor -c pgmedic.yaml"
    })
final class DoctorCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "One target of the file; default all.")
  private @Nullable String target;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  /**
   * What was found of one target.
   *
   * @param target its name
   * @param parts what was examined
   */
  record Patient(String target, List<Examination> parts) {}

  @Override
  public Integer call() {
    Config config = source.read();
    List<Target> wanted = TargetOption.chosen(config, target);
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    List<Patient> patients;
    Examination store;
    try {
      Doctor doctor = new Doctor(vertx);
      patients =
          InTurns.each(wanted, each -> doctor.examine(each).map(found -> patient(each, found)))
              .await();
      store = store(doctor, config).await();
    } finally {
      closing.close();
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(
        json
            ? Json.write(document(patients, store))
            : String.join(
                System.lineSeparator(), new DoctorText(paper.paper()).of(patients, store)));
    out.flush();
    return exitCode(patients, store);
  }

  private static Patient patient(Target target, List<Examination> found) {
    List<Examination> parts = new ArrayList<>(found);
    parts.add(Doctor.files(target, Environment.get("PATH").orElse("")));
    return new Patient(target.name(), parts);
  }

  private static Future<Examination> store(Doctor doctor, Config config) {
    return config
        .store()
        .url()
        .map(doctor::store)
        .orElseGet(() -> Future.succeededFuture(Doctor.store(config.store().directory())));
  }

  private static Map<String, Object> document(List<Patient> patients, Examination store) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ok", exitCode(patients, store) == 0);
    document.put("targets", patients);
    document.put("store", store);
    return document;
  }

  static Stream<Probe> probes(List<Patient> patients, Examination store) {
    return Stream.concat(
            patients.stream().flatMap(patient -> patient.parts().stream()), Stream.of(store))
        .flatMap(part -> part.probes().stream());
  }

  private static int exitCode(List<Patient> patients, Examination store) {
    List<Probe.State> states = probes(patients, store).map(Probe::state).toList();
    if (states.contains(Probe.State.FAILED)) {
      return Pgmedic.UNREACHABLE;
    }
    return states.contains(Probe.State.MISSING) ? Pgmedic.UNHEALTHY : 0;
  }
}
