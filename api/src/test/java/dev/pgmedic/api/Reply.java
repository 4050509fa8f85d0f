package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** A response; the names of its headers are known in any case. */
record Reply(int status, Map<String, String> headers, String body) {

  Reply {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    headers = anyCase;
  }

  JsonObject json() {
    assertThat(headers.get("Content-Type")).contains("json");
    return new JsonObject(body);
  }

  /** It is a problem as RFC 9457 has it; its kind. */
  @CanIgnoreReturnValue
  String problem(int expected) {
    assertThat(status).as(body).isEqualTo(expected);
    assertThat(headers.get("Content-Type")).isEqualTo("application/problem+json");
    JsonObject problem = json();
    assertThat(problem.fieldNames())
        .containsExactly("type", "title", "status", "detail", "request_id");
    assertThat(problem.getString("request_id")).isEqualTo(headers.get("X-Request-Id"));
    assertThat(problem.getInteger("status")).isEqualTo(expected);
    assertThat(problem.getString("detail")).isNotBlank();
    assertThat(problem.getString("type")).startsWith("urn:pgmedic:problem:");
    return problem.getString("type").substring("urn:pgmedic:problem:".length());
  }
}
