package dev.pgmedic.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.TargetIdentity;
import dev.pgmedic.plan.action.Verify;
import dev.pgmedic.target.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IncidentReportTest {

  private static final Instant SEEN = Instant.parse("2026-11-23T04:55:00Z");
  private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");
  private static final String HOSTILE =
      "public.\"](http://evil) <script>`x` | **a**\n# Done\n```\"";

  private static String report(String name, String output) {
    UUID id = UUID.randomUUID();
    Finding finding =
        new Finding(
            IssueCode.TABLE_MISSING, name, name + " is gone", "rebuild it", Map.of("holder", name));
    RecoveryPlan plan =
        new RecoveryPlan(
            "homelab",
            new TargetIdentity("7", 16384, "homelab_jarvis"),
            "sha256:1234",
            "sha256:abcd",
            "rebuild " + name,
            List.of(finding.key()),
            List.of(new DataLoss(name, 100, Optional.of(SEEN))),
            List.of(new Step(1, "look at " + name, Duration.ofSeconds(30), new Verify())),
            List.of("step 1: " + name));
    RecoveryTask task =
        new RecoveryTask(
            id,
            "homelab",
            Priority.HIGH,
            TaskState.of("succeeded"),
            List.of(id),
            Optional.empty(),
            Terms.of(Policy.DEFAULT, List.of(name)),
            Optional.empty(),
            NOW,
            NOW.plusSeconds(900),
            Optional.of(new CancelRequest("root", name, NOW)),
            Optional.of("verified by a fresh check"),
            plan,
            List.of(
                new Approval(
                    "jarvis", Optional.of(name), "approve", "sha256:1234", name, true, NOW)),
            List.of(
                new StepRun(
                    1, "succeeded", NOW, Optional.of(NOW.plusMillis(7)), Optional.of(output))));
    Issue issue =
        new Issue(
            id,
            "homelab",
            finding,
            SEEN,
            NOW,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return IncidentReport.of(task, List.of(issue));
  }

  @Test
  void anIncidentIsToldFromWhatWasFoundToWhatWasSaid() {
    // When
    String report = report("public.users", "version 005 and 4 of 4 tables");

    // Then
    assertThat(report)
        .startsWith("# Incident of homelab\n")
        .contains("- state: **succeeded**, verified by a fresh check")
        .contains("- **critical** `table.missing`: public.users is gone")
        .contains("  - seen from 2026-11-23T04:55:00Z to 2026-11-23T05:00:00Z")
        .contains("about 100 rows of public.users, last seen at 2026-11-23T04:55:00Z")
        .contains(
            "jarvis, as it claims for public.users, said approve to `sha256:1234`, and accepts the"
                + " loss: public.users")
        .contains("1. **succeeded**, 2026-11-23T05:00:00Z to 2026-11-23T05:00:00.007Z")
        .contains("version 005 and 4 of 4 tables");
  }

  @Test
  void whatADatabaseSaysIsNeitherMarkupNorAHeadingNorTheEndOfItsBlock() {
    // When
    String report = report(HOSTILE, "```\n# Done\n<script>");

    // Then
    assertThat(report.lines().filter(line -> line.startsWith("#")))
        .containsExactly(
            "# Incident of homelab",
            "## What was found",
            "## The plan",
            "## Who decided",
            "## What ran");
    assertThat(report.replaceAll("(?s)   ````\n.*?   ````\n", ""))
        .doesNotContain("](http", "<script>", "`x`", " **a**");
    assertThat(report).contains("   ````\n   ```\n   # Done\n   <script>\n   ````\n");
  }
}
