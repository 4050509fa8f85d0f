package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A request is known by one id to whoever sent it, in the log and in the audit. */
@Timeout(90)
class RequestIdsTest {

  private final Service service = Service.of();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger problems = (Logger) LoggerFactory.getLogger(Problems.class);

  @BeforeEach
  void listen() {
    log.start();
    problems.addAppender(log);
  }

  @AfterEach
  void close() {
    problems.detachAppender(log);
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run-7", "a.B_c-9", "7"})
  void aPlainIdIsKept(String id) {
    // When
    Reply reply = service.send(Call.get("/livez").with("X-Request-Id", id));

    // Then
    assertThat(reply.headers()).containsEntry("X-Request-Id", id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "", "é", "<script>", "LONG"})
  void anotherIdIsReplaced(String id) {
    // Given
    String given = id.replace("LONG", "x".repeat(65));

    // When
    Reply reply = service.send(Call.get("/livez").with("X-Request-Id", given));

    // Then
    assertThat(UUID.fromString(reply.headers().get("X-Request-Id"))).isNotNull();
  }

  @Test
  void aProblemNamesItAlsoWhereNothingIsServed() {
    // When
    Reply nothing = service.send(Call.get("/api/nothing").with("X-Request-Id", "run-7"));
    Reply unreadable = service.send(Call.get("/api/targets/%zz").with("X-Request-Id", "run-8"));

    // Then
    nothing.problem(404);
    unreadable.problem(400);
    assertThat(nothing.json().getString("request_id")).isEqualTo("run-7");
    assertThat(unreadable.json().getString("request_id")).isNotBlank();
  }

  @Test
  void theLogNamesItWhereARequestFailed() {
    // Given
    TestDatabases.run(service.storeUrl(), "DROP TABLE pgmedic.recovery_task CASCADE");

    // When
    Reply reply = service.send(Call.get("/api/recovery-tasks").with("X-Request-Id", "run-9"));

    // Then
    reply.problem(503);
    List<String> named =
        log.list.stream()
            .flatMap(line -> line.getKeyValuePairs().stream())
            .map(pair -> pair.key + "=" + pair.value)
            .toList();
    assertThat(named).containsExactly("request_id=run-9");
  }
}
