package dev.pgmedic.testing;

import dev.pgmedic.target.PostgresUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;

/** One real PostgreSQL server for each test JVM, and a fresh database for each test. */
public final class TestDatabases {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private TestDatabases() {}

  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("timezone", "Asia/Kathmandu")
            .setServerConfig("max_connections", "300")
            .setServerConfig("max_prepared_transactions", "10")
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("logging_collector", "on")
            .setServerConfig("log_line_prefix", "%d:%p:%m:")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The URL of a new and empty database. */
  public static PostgresUrl fresh() {
    String name = "test_" + NUMBER.incrementAndGet();
    PostgresUrl url = url("postgres");
    run(url, "CREATE DATABASE " + name);
    return url(name);
  }

  /** The URL of a new database that is a copy of this one, which nobody is connected to. */
  public static PostgresUrl copyOf(PostgresUrl original) {
    String name = "test_" + NUMBER.incrementAndGet();
    run(url("postgres"), "CREATE DATABASE " + name + " TEMPLATE " + original.database());
    return url(name);
  }

  /** Ends a database and every session in it. */
  public static void drop(PostgresUrl url) {
    run(url("postgres"), "DROP DATABASE IF EXISTS " + url.database() + " WITH (FORCE)");
  }

  /** The server's major version. */
  public static int majorVersion() {
    return Integer.parseInt(query(url("postgres"), "SHOW server_version_num").get(0)) / 10_000;
  }

  private static PostgresUrl url(String database) {
    return new PostgresUrl(
        "localhost", Server.RUNNING.getPort(), database, "postgres", Optional.empty(), Map.of());
  }

  /** The same database for another role. */
  public static PostgresUrl as(PostgresUrl url, String role) {
    return new PostgresUrl(
        url.host(), url.port(), url.database(), role, url.password(), url.parameters());
  }

  /** A new role that may log in and is a member of these; its name. */
  public static String role(PostgresUrl url, String... groups) {
    String name = "role_" + NUMBER.incrementAndGet();
    run(url, "CREATE ROLE " + name + " LOGIN");
    for (String group : groups) {
      run(url, "GRANT " + group + " TO " + name);
    }
    return name;
  }

  /**
   * A session over JDBC with any server, for whoever plays a user's program in a test. The caller
   * closes it.
   */
  public static Connection connect(PostgresUrl url) {
    Properties login = new Properties();
    login.setProperty("user", url.user());
    url.password().ifPresent(password -> login.setProperty("password", password));
    try {
      return DriverManager.getConnection(
          "jdbc:postgresql://" + url.host() + ":" + url.port() + "/" + url.database(), login);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The server's process behind a session. */
  public static int pid(Connection connection) {
    try {
      return connection.unwrap(PGConnection.class).getBackendPID();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs statements on a database, on a session of their own. */
  public static void run(PostgresUrl url, String... statements) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lines that the server logged so far for sessions of a database. */
  public static List<String> log(PostgresUrl url) {
    return query(
        url,
        "SELECT line FROM string_to_table(pg_read_file(pg_current_logfile()), chr(10)) AS line"
            + " WHERE line LIKE current_database() || ':%'");
  }

  /** The first column of a query's rows, as text. */
  public static List<String> query(PostgresUrl url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The processes of the sessions that hold an advisory lock in this database. */
  public static List<String> advisoryLocks(PostgresUrl url) {
    return query(
        url,
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database ="
            + " (SELECT oid FROM pg_database WHERE datname = current_database())");
  }
}
