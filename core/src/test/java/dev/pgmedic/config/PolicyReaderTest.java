package dev.pgmedic.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.QuietHours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the file says of whose leave a recovery needs, and when it must wait. */
@Timeout(10)
class PolicyReaderTest {

  @TempDir private Path folder;

  private Config read(String text) throws IOException {
    Path file = folder.resolve("pgmedic.yaml");
    Files.writeString(file, text);
    return new ConfigReader(name -> Optional.empty()).read(file);
  }

  private Policy policy(String defaults, String recovery) throws IOException {
    String text =
        """
        defaults: {recovery: {%s}}
        targets: {a: {url: "postgres://u@h/d", recovery: {%s}}}
        """
            .formatted(defaults, recovery);
    return read(text).targets().values().iterator().next().policy();
  }

  @Test
  void aWholePolicyIsRead() throws IOException {
    // When
    Policy policy =
        policy(
            "",
            """
            propose: [lock.orphaned, schema.drift], automatic: [lock.orphaned], approvers: 2,
              quiet_hours: {from: "22:00", to: "06:00", zone: Europe/Berlin, days: [fri, sat],
                except: [lock.orphaned]}\
            """);

    // Then
    assertThat(policy)
        .isEqualTo(
            new Policy(
                Set.of(IssueCode.LOCK_ORPHANED, IssueCode.SCHEMA_DRIFT),
                Set.of(IssueCode.LOCK_ORPHANED),
                2,
                false,
                java.util.List.of(
                    new QuietHours(
                        LocalTime.of(22, 0),
                        LocalTime.of(6, 0),
                        ZoneId.of("Europe/Berlin"),
                        Set.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY),
                        Set.of(IssueCode.LOCK_ORPHANED)))));
  }

  @Test
  void theExampleOfTheManualIsRead() throws IOException {
    // Given
    String page = Files.readString(Path.of(System.getProperty("pgmedic.root"), "docs/policy.md"));
    Matcher example = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(page);
    assertThat(example.find()).isTrue();

    // When
    Policy policy = read(example.group(1)).targets().values().iterator().next().policy();

    // Then
    assertThat(policy.quietHours()).hasSize(2);
    assertThat(policy.automatic()).hasSize(2);
    assertThat(policy.requesterApproves()).isTrue();
    assertThat(PolicyReader.FIELDS).allSatisfy(name -> assertThat(page).contains("| `" + name));
  }

  @Test
  void whereNothingIsSaidOneApproverIsEnoughAndNothingRunsAlone() throws IOException {
    // When
    Policy policy = policy("", "");

    // Then
    assertThat(policy).isEqualTo(Policy.DEFAULT);
    assertThat(policy.automatic()).isEmpty();
    assertThat(policy.proposed())
        .contains(IssueCode.TABLE_MISSING, IssueCode.ENUM_LEFTOVER)
        .doesNotContain(IssueCode.SCHEMA_DRIFT, IssueCode.DATA_LOST);
  }

  @Test
  void aTargetSaysOnlyWhatIsOtherwiseThanTheDefaults() throws IOException {
    // When
    Policy policy =
        policy(
            "automatic: [lock.orphaned], quiet_hours: [{from: 1:00, to: 02:00, zone: UTC}]"
                .replace("1:00", "01:00"),
            "automatic: [], approvers: 3");

    // Then
    assertThat(policy.automatic()).isEmpty();
    assertThat(policy.approvers()).isEqualTo(3);
    assertThat(policy.quietHours())
        .singleElement()
        .returns(EnumSet.allOf(DayOfWeek.class), window -> EnumSet.copyOf(window.days()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          approvers: 1                            |                           | true
          approvers: 2                            |                           | false
          approvers: 2                            | approvers: 1              | false
          approvers: 2, requester_approves: true  |                           | true
          approvers: 2, requester_approves: true  | approvers: 3              | false
          approvers: 1, requester_approves: false | approvers: 1              | false
                                                  | requester_approves: false | false
          """)
  void whoAskedCountsWhereOneIsEnoughUnlessTheFileSaysSo(
      String defaults, String recovery, boolean counts) throws IOException {
    // When
    Policy policy =
        policy(Optional.ofNullable(defaults).orElse(""), Optional.ofNullable(recovery).orElse(""));

    // Then
    assertThat(policy.requesterApproves()).isEqualTo(counts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          propose: [table.gone] | recovery.propose.[0]: expected an issue code that a plan can heal
          propose: [data.lost] | found "data.lost"
          automatic: [schema.drift] | schema.drift is not proposed by itself; expected it under
          propose: [], automatic: [lock.orphaned] | recovery.automatic: automatic: lock.orphaned
          approvers: 0 | a number from 1 to 100
          approvers: two | a whole number
          requester_approves: maybe | expected true or false
          quiet_hours: {from: "22:00", to: "06:00"} | and zone: such as Europe/Berlin
          quiet_hours: {from: "25:00", to: "06:00", zone: UTC} | a time such as "22:00", found "25
          quiet_hours: {from: "22:00", to: "6", zone: UTC} | quiet_hours.to: expected a time
          quiet_hours: {from: "22:00", to: "22:00", zone: UTC} | two different times
          quiet_hours: {from: "22:00", to: "06:00", zone: Berlin} | time zone such as Europe/Berlin
          quiet_hours: [{from: "22:00", to: "06:00", zone: UTC, days: [friday]}] | one of [mon, tue
          quiet_hours: {from: "22:00", to: "06:00", zone: UTC, except: [all]} | found "all"
          quiet: {} | quiet: is not known here
          """)
  void aMistakeNamesItsLineAndWhatWasExpected(String recovery, String expected) {
    // When
    Throwable ofTarget = catchThrowable(() -> policy("", recovery));
    Throwable ofDefaults = catchThrowable(() -> policy(recovery, ""));

    // Then
    assertThat(ofTarget)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pgmedic.yaml line 2: targets.a.")
        .hasMessageContaining(expected);
    assertThat(ofDefaults)
        .hasMessageContaining("pgmedic.yaml line 1: defaults.")
        .hasMessageContaining(expected);
  }

  @Test
  void leaveToHealIsNoDefaultAndNoTokenIsCalledAsThePolicyIs() {
    // When
    Throwable leave = catchThrowable(() -> policy("url: \"postgres://u@h/d\"", ""));
    Throwable token =
        catchThrowable(() ->
            read(
                "targets: {a: {url: \"postgres://u@h/d\"}}\n"
                    + "auth: {tokens: [{name: policy, role: admin, token: 12345678901234567}]}"));

    // Then
    assertThat(leave).hasMessageContaining("url: is not known here");
    assertThat(token).hasMessageContaining("expected another name");
  }
}
