package dev.pgmedic.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a build takes of a matrix that is whole under {@code -Pexhaustive}. */
public final class Sample {

  /** Whether all is to be seen. */
  public static final boolean WHOLE = Boolean.getBoolean("pgmedic.exhaustive");

  private static final Logger LOG = LoggerFactory.getLogger(Sample.class);

  private Sample() {}

  /** The seed of this run, which {@code -Dpgmedic.seed} gives again; it is logged. */
  public static long seed() {
    long seed = Long.getLong("pgmedic.seed", System.nanoTime());
    LOG.info("Repeat with -Dpgmedic.seed={}", seed);
    return seed;
  }

  /** All of them, or so many that the seed picks. */
  public static <T> List<T> of(List<T> all, int size) {
    if (WHOLE) {
      return all;
    }
    List<T> some = new ArrayList<>(all);
    Collections.shuffle(some, new Random(seed()));
    return some.subList(0, Math.min(size, some.size()));
  }
}
