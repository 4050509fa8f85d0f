package dev.pgmedic.catalog;

import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.pgcodekeeper.core.model.difftree.DiffTree;
import org.pgcodekeeper.core.model.difftree.TreeElement;
import org.pgcodekeeper.core.schema.AbstractDatabase;
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
   * SQL that makes the whole schema of a database from nothing.
   *
   * @throws IOException when the database cannot be read
   */
  public static String script(PostgresUrl url, Duration limit) throws IOException {
    return analysed(factory ->
        PgCodeKeeperApi.diff(settings(), fromScript(factory, ""), live(factory, url, limit)));
  }

  /**
   * SQL that makes what a database lacks of its known-good definition, and nothing beyond {@code
   * wanted}.
   *
   * @param knownGood a script as {@link #script} wrote it
   * @param wanted the objects that are to be made
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
      select(tree, names);
      return PgCodeKeeperApi.diff(settings(), tree, now, then, List.of(), List.of(), List.of());
    });
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

  private static void select(TreeElement element, Set<String> names) {
    boolean added = element.getSide() == TreeElement.DiffSide.RIGHT;
    boolean wanted = names.contains(element.getQualifiedName());
    boolean part = element.isSubElement() && names.contains(element.getContainerQName());
    boolean changed = names.contains(element.getQualifiedName() + ".*");
    element.setSelected(added ? wanted || part : changed);
    element.getChildren().forEach(child -> select(child, names));
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
        + "&sslmode="
        + encode(url.parameters().getOrDefault("sslmode", "disable"))
        + "&options="
        + encode(options).replace("+", "%20");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
