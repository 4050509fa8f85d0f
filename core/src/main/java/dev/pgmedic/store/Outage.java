package dev.pgmedic.store;

import org.slf4j.Logger;

/**
 * Tells of a store that does not answer once when it begins and once when it ends, however often it
 * is asked meanwhile.
 */
public final class Outage {

  private final Logger log;
  private final String consequence;
  private boolean lasts;

  /**
   * No outage yet.
   *
   * @param consequence what does not happen as long as it lasts, for the log
   */
  public Outage(Logger log, String consequence) {
    this.log = log;
    this.consequence = consequence;
  }

  /** The store answered. */
  public void over() {
    if (lasts) {
      lasts = false;
      log.info("The store answers again");
    }
  }

  /** The store did not answer. */
  public void goesOn(Throwable error) {
    if (!lasts) {
      lasts = true;
      log.atWarn().setCause(error).log("The store does not answer: " + consequence);
    }
  }
}
