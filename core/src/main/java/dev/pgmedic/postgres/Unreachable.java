package dev.pgmedic.postgres;

import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;

/** A database did not answer; the stage says how far we came. */
public final class Unreachable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  // cannot_connect_now, too_many_connections, admin_shutdown, crash_shutdown
  private static final Set<String> PASSING = Set.of("57P03", "53300", "57P01", "57P02");

  // insufficient_resources, of which too_many_connections is one; query_canceled
  private static final String RESOURCES = "53";
  private static final String TIMED_OUT = "57014";

  // lock_not_available
  private static final String LOCKED = "55P03";

  private static final Set<String> LATE = Set.of(TIMED_OUT, LOCKED);

  // What PgBouncer calls a startup parameter that it does not know.
  private static final String PROTOCOL_VIOLATION = "08P01";

  private final Stage stage;
  private final String holder;

  Unreachable(Stage stage, PostgresUrl url, Throwable cause) {
    super(url + " failed at " + stage + ": " + reason(cause), cause);
    this.stage = stage;
    this.holder = "";
  }

  private Unreachable(Unreachable told, String holder) {
    super(told.getMessage() + "; " + holder, told.getCause());
    this.stage = told.stage;
    this.holder = "; " + holder;
  }

  /** How far a connection came before it failed. */
  public enum Stage {
    DNS,
    TCP,
    TLS,
    LOGIN,
    QUERY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where it failed. */
  public Stage stage() {
    return stage;
  }

  /**
   * Whether trying again may help: the server may be starting, or have no connection to spare. A
   * wrong password or a database that does not exist stays as it is.
   */
  public boolean mayPass() {
    return switch (stage) {
      case DNS, TCP -> true;
      case TLS -> false;
      case LOGIN, QUERY ->
          !(getCause() instanceof PgException refused)
              || PASSING.contains(String.valueOf(refused.getSqlState()));
    };
  }

  /**
   * Whether the server is there and has more to do than it can: it did not answer in time, ended
   * the statement, or has no connection, memory or disk to spare.
   */
  public boolean isOverload() {
    return switch (getCause()) {
      case PgException refused ->
          String.valueOf(refused.getSqlState()).startsWith(RESOURCES)
              || TIMED_OUT.equals(refused.getSqlState());
      case DeadlinePassed late -> stage == Stage.LOGIN || stage == Stage.QUERY;
      case null, default -> false;
    };
  }

  /** Whether a statement was ended because it or a lock took too long: slow, and no outage. */
  public boolean isLate() {
    return stage == Stage.QUERY
        && (getCause() instanceof DeadlinePassed
            || (getCause() instanceof PgException ended
                && LATE.contains(String.valueOf(ended.getSqlState()))));
  }

  /** Whether somebody held a lock for too long. */
  public boolean isOfALock() {
    return getCause() instanceof PgException ended
        && LOCKED.equals(String.valueOf(ended.getSqlState()));
  }

  /**
   * The same, and who held the lock.
   *
   * @param who in a phrase
   */
  public Unreachable heldUpBy(String who) {
    return new Unreachable(this, who);
  }

  /** Whether it was refused for what a session of ours brings along, as poolers do. */
  public boolean isOfAPooler() {
    return stage == Stage.LOGIN
        && getCause() instanceof PgException refused
        && PROTOCOL_VIOLATION.equals(refused.getSqlState());
  }

  /** What went wrong, without the URL. */
  public String reason() {
    Throwable cause = getCause();
    return (cause == null ? "no reason given" : reason(cause)) + holder;
  }

  /** Says at which stage a connection attempt failed. */
  public static Unreachable connecting(PostgresUrl url, Throwable error) {
    return new Unreachable(stageOf(error), url, error);
  }

  /** A session that was logged in and then failed. */
  public static Unreachable querying(PostgresUrl url, Throwable error) {
    return new Unreachable(Stage.QUERY, url, error);
  }

  // Netty's connect timeout is a ConnectException that fires before our own limit: when ours fires,
  // TCP was up and the
  // server did not finish the login.
  private static Stage stageOf(Throwable error) {
    return switch (error) {
      case UnknownHostException dns -> Stage.DNS;
      case ConnectException tcp -> Stage.TCP;
      case SSLException tls -> Stage.TLS;
      case PgException login -> Stage.LOGIN;
      case DeadlinePassed login -> Stage.LOGIN;
      default -> error.getCause() == null ? Stage.LOGIN : stageOf(error.getCause());
    };
  }

  private static String reason(Throwable error) {
    if (error instanceof PgException refused) {
      return refused.getErrorMessage() + " (SQLSTATE " + refused.getSqlState() + ")";
    }
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }
}
