package dev.pgmedic.api;

import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The OpenAPI document, as it is served and as the router takes it. */
final class Contract {

  /** The document as it is served. */
  static final String YAML = SqlResource.read(Contract.class, "openapi.yaml");

  private Contract() {}

  /**
   * The document for the router, whose parser knows no {@code application/problem+json} and no
   * event streams: without the forms of the responses, which it does not use, and without the
   * schemes of security, which {@link Access} holds.
   */
  static JsonObject forRouter() {
    Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(YAML);
    JsonObject contract = new JsonObject(document).copy();
    JsonObject paths = contract.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        if (item.getValue(method) instanceof JsonObject operation) {
          operation.remove("security");
          withoutForms(operation.getJsonObject("responses", new JsonObject()));
        }
      }
    }
    contract.remove("security");
    contract.getJsonObject("components").remove("securitySchemes");
    withoutForms(contract.getJsonObject("components").getJsonObject("responses"));
    return contract;
  }

  private static void withoutForms(JsonObject responses) {
    for (String status : responses.fieldNames()) {
      responses.getJsonObject(status).remove("content");
    }
  }
}
