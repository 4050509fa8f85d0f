package dev.pgmedic.catalog;

import dev.pgmedic.postgres.Encryption;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgcodekeeper.core.DatabaseType;
import org.pgcodekeeper.core.PgCodekeeperException;
import org.pgcodekeeper.core.api.DatabaseFactory;
import org.pgcodekeeper.core.api.PgCodeKeeperApi;
import org.pgcodekeeper.core.model.difftree.DbObjType;
import org.pgcodekeeper.core.model.difftree.DiffTree;
import org.pgcodekeeper.core.model.difftree.TreeElement;
import org.pgcodekeeper.core.schema.AbstractDatabase;
import org.pgcodekeeper.core.schema.pg.PgStatistics;
import org.pgcodekeeper.core.settings.CoreSettings;

/**
 * The definition of a database as SQL, and the SQL that makes what one lacks. Wraps pgCodeKeeper,
 * which knows PostgreSQL's objects and the order in which they depend on each other better than DDL
 * of our own could. Everything here blocks: call it on a worker thread. It reads with {@code
 * lock_timeout = 100ms} in read-only transactions.
 *
 * @see <a href="https://github.com/pgcodekeeper/pgcodekeeper-core">pgCodeKeeper core</a>
 */
public final class SchemaDefinition {

  private SchemaDefinition() {}

  /**
   * SQL that makes the whole schema of a database from nothing. Its last line is a comment with
   * what pgCodeKeeper does not know.
   *
   * @throws IOException when the database cannot be read
   */
  public static String script(PostgresUrl url, Duration limit) throws IOException {
    String script =
        analysed(factory ->
            PgCodeKeeperApi.diff(settings(), fromScript(factory, ""), live(factory, url, limit)));
    return asked(url, limit, Addenda::read).behind(script);
  }

  /**
   * SQL that makes what a database lacks of its known-good definition, or makes what it has as
   * known-good has it, and nothing beyond {@code wanted}.
   *
   * @param knownGood a script as {@link #script} wrote it
   * @param wanted the objects as they shall be
   * @throws IOException when the database cannot be read
   */
  public static String missing(
      PostgresUrl url, String knownGood, Collection<CatalogObject> wanted, Duration limit)
      throws IOException {
    Set<String> names = new HashSet<>();
    wanted.forEach(object -> names.add(name(object)));
    return analysed(factory -> {
      AbstractDatabase now = live(factory, url, limit);
      AbstractDatabase then = fromScript(factory, knownGood);
      TreeElement tree = DiffTree.create(settings(), now, then);
      select(tree, names, then);
      return PgCodeKeeperApi.diff(settings(), tree, now, then, List.of(), List.of(), List.of());
    });
  }

  /**
   * SQL that makes tables of known-good anew, each with its own parts, as if they were not there;
   * what they rest on may be in it too.
   *
   * @param tables their qualified names, quoted
   * @throws IOException when the script cannot be read
   */
  public static String anew(String knownGood, Collection<String> tables) throws IOException {
    Set<String> names = tables.stream().map(SchemaDefinition::unquoted).collect(Collectors.toSet());
    return analysed(factory -> {
      AbstractDatabase nothing = fromScript(factory, "");
      AbstractDatabase then = fromScript(factory, knownGood);
      TreeElement tree = DiffTree.create(settings(), nothing, then);
      select(tree, names, then);
      return PgCodeKeeperApi.diff(settings(), tree, nothing, then, List.of(), List.of(), List.of());
    });
  }

  /**
   * What pgCodeKeeper does not know of tables that are made anew, as SQL for their owner, and what
   * of it the owner has no right to.
   *
   * @param knownGood a script as {@link #script} wrote it
   * @throws IOException when the database cannot be read
   */
  public static Addenda.Given addenda(
      PostgresUrl url, String knownGood, Collection<CatalogObject> wanted, Duration limit)
      throws IOException {
    Addenda addenda = Addenda.of(knownGood);
    return addenda.concerns(wanted)
        ? asked(url, limit, session -> addenda.to(wanted, session))
        : new Addenda.Given(List.of(), List.of());
  }

  private interface Question<T> {
    T of(Connection session) throws SQLException;
  }

  private static <T> T asked(PostgresUrl url, Duration limit, Question<T> question)
      throws IOException {
    try (Connection session = DriverManager.getConnection(jdbc(url, limit));
        Statement settings = session.createStatement()) {
      settings.execute("SET search_path = pg_catalog");
      return question.of(session);
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private interface Work {
    String with(DatabaseFactory factory)
        throws IOException, PgCodekeeperException, InterruptedException;
  }

  private static String analysed(Work work) throws IOException {
    try {
      return work.with(new DatabaseFactory(settings(), true, true));
    } catch (PgCodekeeperException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading the schema", e);
    }
  }

  private static void select(TreeElement element, Set<String> names, AbstractDatabase then) {
    boolean wanted = names.contains(element.getQualifiedName());
    boolean part =
        element.isSubElement()
            && element.getParent().getSide() == TreeElement.DiffSide.RIGHT
            && names.contains(element.getContainerQName());
    boolean columns = names.contains(element.getQualifiedName() + ".*");
    element.setSelected(
        switch (element.getSide()) {
          case RIGHT -> wanted || part || isOfStatistics(element, names, then);
          case BOTH -> wanted || columns;
          case LEFT -> false;
        });
    element.getChildren().forEach(child -> select(child, names, then));
  }

  // They are in a schema, and gone with their table.
  private static boolean isOfStatistics(
      TreeElement element, Set<String> names, AbstractDatabase then) {
    return element.getType() == DbObjType.STATISTICS
        && element.getPgStatement(then) instanceof PgStatistics statistics
        && names.contains(statistics.getForeignSchema() + "." + statistics.getForeignTable());
  }

  // pgCodeKeeper calls an index by its table's name and its own, and knows a column only as a part
  // of its table.
  private static String name(CatalogObject object) {
    String parent = object.parent().map(SchemaDefinition::unquoted).orElse("");
    return switch (object.kind()) {
      case INDEX -> parent + "." + Sql.unquoted(Sql.parts(object.identity()).getLast());
      case COLUMN -> parent + ".*";
      case FUNCTION -> object.identity().replace("\"", ""); // dots of its arguments are no parts
      default -> unquoted(object.identity());
    };
  }

  private static String unquoted(String identity) {
    return Sql.parts(identity).stream().map(Sql::unquoted).collect(Collectors.joining("."));
  }

  private static AbstractDatabase live(DatabaseFactory factory, PostgresUrl url, Duration limit)
      throws IOException, PgCodekeeperException, InterruptedException {
    return factory.loadFromJdbc(jdbc(url, limit));
  }

  private static AbstractDatabase fromScript(DatabaseFactory factory, String script)
      throws IOException, PgCodekeeperException, InterruptedException {
    Path file = Files.createTempFile("pgmedic-", ".sql");
    try {
      Files.writeString(file, script);
      return factory.loadFromDump(file.toString());
    } finally {
      Files.delete(file);
    }
  }

  private static CoreSettings settings() {
    CoreSettings settings = new CoreSettings();
    settings.setDbType(DatabaseType.PG);
    settings.setInCharsetName("UTF-8");
    settings.setTimeZone("UTC");
    settings.setEnableFunctionBodiesDependencies(true);
    settings.setIgnoreColumnOrder(true); // else a column in the middle makes the table anew
    return settings;
  }

  private static String jdbc(PostgresUrl url, Duration limit) {
    String options =
        "-c lock_timeout=100ms -c default_transaction_read_only=on -c statement_timeout="
            + limit.toMillis();
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    return "jdbc:postgresql://"
        + host
        + ":"
        + url.port()
        + "/"
        + encode(url.database())
        + "?user="
        + encode(url.user())
        + url.password().map(secret -> "&password=" + encode(secret)).orElse("")
        + "&ApplicationName=pgmedic-definition&connectTimeout=5&socketTimeout="
        + Math.max(1, limit.toSeconds() + 5)
        + Encryption.jdbc(url)
        + "&options="
        + encode(options).replace("+", "%20");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
