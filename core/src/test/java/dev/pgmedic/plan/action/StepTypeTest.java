package dev.pgmedic.plan.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every type of step is known under one name, everywhere. */
class StepTypeTest {

  @Test
  void everyStepIsReadBackByItsName() {
    // Given
    List<String> types = Arrays.stream(StepType.values()).map(StepType::toString).toList();

    // When
    JsonSubTypes.Type[] written = Action.class.getAnnotation(JsonSubTypes.class).value();

    // Then
    assertThat(Arrays.stream(written).map(JsonSubTypes.Type::name))
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(Arrays.stream(written).map(JsonSubTypes.Type::value))
        .containsExactlyInAnyOrderElementsOf(records(Action.class).toList());
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(StepTypeTest::records)
        : Stream.of(type);
  }
}
