package dev.pgmedic.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VertxJsonTest {

  @Test
  void jsonWithinAValueIsWrittenAsWhatItHolds() {
    // Given
    JsonObject inner =
        new JsonObject().put("list", JsonArray.of(1, new JsonObject().put("a", "b")));

    // When
    String written = Json.write(List.of(Map.of("data", inner), new JsonObject(), new JsonArray()));

    // Then
    assertThat(written).isEqualTo("[{\"data\":{\"list\":[1,{\"a\":\"b\"}]}},{},[]]");
  }
}
