import java.util.List;

/**
 * Something that breaks a database, again and again.
 *
 * @param title what it is, for the page
 * @param healthy the statements that make what it breaks
 * @param breaks the statement that breaks it
 * @param subject what the issue is about
 */
record Breakage(String title, List<String> healthy, String breaks, String subject) {

  /** A plan of a few milliseconds. */
  static final Breakage TABLE =
      new Breakage(
          "A table that vanished",
          List.of(
              "CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL)",
              "CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL REFERENCES customers,"
                  + " placed timestamptz NOT NULL DEFAULT now())",
              "CREATE INDEX orders_placed ON orders (placed)"),
          "DROP TABLE orders",
          "public.orders");

  /** A plan of some ten seconds, because its expression takes so long for each row. */
  static final Breakage INDEX =
      new Breakage(
          "An index that takes ten seconds",
          List.of(
              "CREATE FUNCTION slowly(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                  + " 'BEGIN PERFORM pg_sleep(0.01); RETURN n; END'",
              "CREATE TABLE readings (n int PRIMARY KEY)",
              "INSERT INTO readings SELECT generate_series(1, 1000)",
              "CREATE INDEX readings_slowly ON readings (public.slowly(n))"),
          "DROP INDEX readings_slowly",
          "public.readings_slowly");
}
