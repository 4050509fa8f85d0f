package dev.pgmedic.cli;

import dev.pgmedic.cli.DoctorCommand.Patient;
import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.doctor.Examination;
import dev.pgmedic.doctor.Probe;
import dev.pgmedic.doctor.Probe.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the doctor found, for people: a line a probe, and below it what it costs and what helps. */
final class DoctorText {

  private static final int INDENT = 25;

  /** What helps is copied, so it has room, and SQL stays in one piece. */
  private static final String FIX = " ".repeat(11) + "-> ";

  /** A database may have a history table for each tenant. */
  private static final int MOST_ALIKE = 3;

  private final Paper paper;

  DoctorText(Paper paper) {
    this.paper = paper;
  }

  List<String> of(List<Patient> patients, Examination store) {
    List<String> lines = new ArrayList<>();
    for (Patient patient : patients) {
      patient.parts().forEach(part -> add(lines, patient.target() + ": ", part));
    }
    add(lines, "", store);
    lines.add(summary(patients, store));
    return lines;
  }

  private void add(List<String> lines, String target, Examination part) {
    lines.add(target + part.part() + part.place().map(place -> ", " + place).orElse(""));
    String last = "";
    int alike = 0;
    for (Probe probe : part.probes()) {
      alike = probe.state() == State.OK && probe.name().equals(last) ? alike + 1 : 0;
      last = probe.state() == State.OK ? probe.name() : "";
      if (alike < MOST_ALIKE) {
        lines.addAll(lines(probe));
      } else if (alike == MOST_ALIKE) {
        lines.addAll(
            lines(new Probe(last, State.OK, "and more like these", Optional.empty(), List.of())));
      }
    }
    lines.add("");
  }

  private List<String> lines(Probe probe) {
    String state = String.format("%-7s", probe.state());
    String name = String.format("%-12s", probe.name());
    List<String> lines = new ArrayList<>();
    lines.addAll(
        paper.behind(
            "  " + paper.in(ink(probe.state()), state) + "  " + name + "  ",
            INDENT,
            probe.found()));
    probe
        .without()
        .ifPresent(lost -> lines.addAll(paper.behind(" ".repeat(INDENT), INDENT, "so: " + lost)));
    probe
        .fix()
        .forEach(fix ->
            lines.addAll(
                fix.endsWith(";") ? List.of(FIX + fix) : paper.behind(FIX, FIX.length(), fix)));
    return lines;
  }

  private static Ink ink(State state) {
    return switch (state) {
      case OK -> Ink.GOOD;
      case WARNING -> Ink.DOUBTFUL;
      case MISSING -> Ink.BAD;
      case FAILED -> Ink.WORST;
    };
  }

  private String summary(List<Patient> patients, Examination store) {
    List<State> states = DoctorCommand.probes(patients, store).map(Probe::state).toList();
    String counts =
        Arrays.stream(State.values())
            .filter(state -> state != State.OK && states.contains(state))
            .map(state ->
                paper.in(ink(state), count(states.stream().filter(state::equals).count(), state)))
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? paper.in(Ink.GOOD, "all that is needed is there") : counts;
  }

  private static String count(long number, State state) {
    return number + " " + state + (state == State.WARNING && number > 1 ? "s" : "");
  }
}
