package dev.pgmedic.check;

import dev.pgmedic.catalog.RowEstimate;
import java.util.Map;

/** What a look at a target saw: a glance, or the whole schema too. */
public sealed interface Seen permits Glance, Observation {

  /** What every look sees. */
  Glance glance();

  /** About how many rows its tables have, where that was read anew. */
  Map<String, RowEstimate> rows();
}
