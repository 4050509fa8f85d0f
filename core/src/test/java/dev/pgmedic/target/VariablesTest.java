package dev.pgmedic.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VariablesTest {

  private final Variables variables =
      new Variables(name ->
          Optional.ofNullable(
              Map.of("TOKEN", "hunter2$1", "LONGER", "hunter2$1-and-more", "PORT", "543")
                  .get(name)));

  @Test
  void fillsInWhatIsSetAndNothingElse() {
    // When
    List<String> filled = variables.filled(List.of("--token=${TOKEN}", "${NONE}", "$TOKEN {url}"));

    // Then
    assertThat(filled).containsExactly("--token=hunter2$1", "${NONE}", "$TOKEN {url}");
  }

  @Test
  void masksTheLongerOfTwoThatHoldOneAnother() {
    // When
    String masked =
        variables.masked(
            List.of("${TOKEN}", "${LONGER} ${PORT}"), "with hunter2$1-and-more or hunter2$1, 543");

    // Then: three characters are no secret
    assertThat(masked).isEqualTo("with ${LONGER} or ${TOKEN}, 543");
  }

  @Test
  void masksOnlyWhatTheTextsName() {
    // When
    String masked = variables.masked(List.of("--verbose"), "hunter2$1");

    // Then
    assertThat(masked).isEqualTo("hunter2$1");
  }
}
