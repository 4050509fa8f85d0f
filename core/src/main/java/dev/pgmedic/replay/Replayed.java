package dev.pgmedic.replay;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.VersionObjects;
import java.util.List;
import java.util.Optional;

/**
 * What a replay told.
 *
 * @param catalog what a target has once exactly the applied versions ran
 * @param script SQL that makes all of it
 * @param serverVersion the major version of the server that it ran on
 * @param role the role that owns all of it in the catalog and the script, and that is nobody
 * @param versions which objects each version makes, the applied ones first
 * @param unreplayed why a version that is not applied yet could not be replayed behind them
 */
public record Replayed(
    Catalog catalog,
    String script,
    int serverVersion,
    String role,
    List<VersionObjects> versions,
    Optional<String> unreplayed) {

  /** Copies the list. */
  public Replayed {
    versions = List.copyOf(versions);
  }
}
