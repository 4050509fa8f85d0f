-- A stored expression with the labels of enum types where the oids of the labels stood. Arrays of a user's type are left
-- out whole: their bytes hold oids too.
(SELECT CASE WHEN whole.text !~ ':consttype [0-9]{5}' THEN whole.text ELSE (
   SELECT pg_catalog.string_agg(CASE
       WHEN constant.label IS NOT NULL
         THEN pg_catalog.regexp_replace(constant.text, ':constvalue 4 \[[^]]*\]', ':constlabel ')
           || pg_catalog.quote_literal(constant.label)
       WHEN constant.element >= 16384
         THEN pg_catalog.regexp_replace(constant.text, ':constvalue [0-9]+ \[[^]]*\]', '')
       ELSE constant.text END, ':consttype ' ORDER BY constant.number)
   FROM (SELECT part.text, part.number, (
           SELECT t.typelem FROM pg_catalog.pg_type t WHERE part.number > 1 AND t.oid >= 16384
             AND t.oid = pg_catalog.substring(part.text, '^[0-9]+')::oid) AS element, (
           SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE part.number > 1 AND e.enumtypid >= 16384
             AND e.enumtypid = pg_catalog.substring(part.text, '^[0-9]+')::oid AND e.oid::int8 = (
               SELECT pg_catalog.sum((byte.value::int8 + 256) % 256 << ((byte.place::int - 1) * 8))
               FROM pg_catalog.unnest(pg_catalog.regexp_match(part.text,
                 '^[^{}]*:constvalue 4 \[ (-?[0-9]+) (-?[0-9]+) (-?[0-9]+) (-?[0-9]+) '))
                 WITH ORDINALITY AS byte(value, place))) AS label
         FROM pg_catalog.string_to_table(whole.text, ':consttype ') WITH ORDINALITY AS part(text, number) OFFSET 0) constant) END
 FROM (SELECT $1::text AS text OFFSET 0) whole)
