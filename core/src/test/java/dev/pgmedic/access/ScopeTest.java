package dev.pgmedic.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScopeTest {

  private static final Target SHOP =
      new Target(
          "shop",
          PostgresUrl.parse("postgresql://me@db/shop"),
          Map.of("env", "prod", "team", "web"),
          Migrations.DETECTED,
          Expectation.NONE,
          Optional.empty(),
          Target.DEFAULT_CHECK_EVERY,
          Deadlines.DEFAULT);

  static Stream<Arguments> scopes() {
    return Stream.of(
        Arguments.of(Set.of(), Map.of(), true),
        Arguments.of(Set.of("shop"), Map.of(), true),
        Arguments.of(Set.of("till", "shop"), Map.of(), true),
        Arguments.of(Set.of("till"), Map.of(), false),
        Arguments.of(Set.of("Shop"), Map.of(), false),
        Arguments.of(Set.of(), Map.of("env", "prod"), true),
        Arguments.of(Set.of(), Map.of("env", "prod", "team", "web"), true),
        Arguments.of(Set.of(), Map.of("env", "prod", "team", "till"), false),
        Arguments.of(Set.of(), Map.of("env", ""), false),
        Arguments.of(Set.of(), Map.of("tier", "prod"), false),
        Arguments.of(Set.of("shop"), Map.of("env", "test"), false),
        Arguments.of(Set.of("till"), Map.of("env", "prod"), false),
        Arguments.of(Set.of("shop"), Map.of("env", "prod"), true));
  }

  @ParameterizedTest
  @MethodSource("scopes")
  void bothLimitsHoldWhereBothAreSet(
      Set<String> targets, Map<String, String> labels, boolean covers) {
    // When
    Scope scope = new Scope(targets, labels);

    // Then
    assertThat(scope.covers(SHOP)).isEqualTo(covers);
    assertThat(scope.isAll()).isEqualTo(targets.isEmpty() && labels.isEmpty());
  }
}
