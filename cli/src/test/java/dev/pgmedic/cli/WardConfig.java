package dev.pgmedic.cli;

import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** The config file of a service that looks after patients of the ward. */
final class WardConfig {

  private WardConfig() {}

  /** Writes it. JSON is YAML. Nothing is checked but when somebody says so. */
  static Path write(
      Path folder, String token, Optional<PostgresUrl> store, Collection<WardPatient> patients)
      throws IOException {
    return write(folder, token, store, patients, List.of());
  }

  /** As the other, with commands that restart what uses a healed database. */
  static Path write(
      Path folder,
      String token,
      Optional<PostgresUrl> store,
      Collection<WardPatient> patients,
      List<List<String>> restart)
      throws IOException {
    JsonObject targets = new JsonObject();
    patients.forEach(patient -> targets.put(patient.ward().name(), target(patient, restart)));
    JsonObject user = new JsonObject().put("name", "ward").put("role", "admin").put("token", token);
    JsonObject config =
        new JsonObject()
            .put("http", new JsonObject().put("listen", "127.0.0.1:0"))
            .put("auth", new JsonObject().put("tokens", new JsonArray().add(user)))
            .put("targets", targets);
    store.ifPresent(url -> config.put("store", new JsonObject().put("url", url.reveal())));
    return Files.writeString(folder.resolve("pgmedic.yaml"), config.encodePrettily());
  }

  private static JsonObject target(WardPatient patient, List<List<String>> restart) {
    WardCase ward = patient.ward();
    JsonObject target =
        new JsonObject().put("url", patient.url().reveal()).put("check_every", "24h");
    if (!ward.migrations().isEmpty()) {
      target.put("migrations", migrations(patient));
    }
    if (!ward.expect().isEmpty()) {
      target.put("expect", new JsonObject(ward.expect()));
    }
    if (!ward.deadlines().isEmpty()) {
      target.put("deadlines", new JsonObject(ward.deadlines()));
    }
    if (!ward.heals().isEmpty()) {
      JsonObject recovery = new JsonObject();
      target.put(
          "recovery",
          restart.isEmpty() ? recovery : recovery.put("restart", new JsonArray(restart)));
    }
    return target;
  }

  private static JsonObject migrations(WardPatient patient) {
    JsonObject migrations = new JsonObject(new LinkedHashMap<>(patient.ward().migrations()));
    if (migrations.containsKey("directory")) {
      Path files = patient.folder().resolve(migrations.getString("directory"));
      migrations.put("directory", files.normalize().toString());
    }
    if (patient.ward().replay().isEmpty()) {
      migrations.put("replay", "off");
    }
    return migrations;
  }
}
