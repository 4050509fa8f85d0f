-- A stored expression with the labels of enum types where the oids of the labels stood. Arrays of a user's type are left
-- out whole: their bytes hold oids too.
(SELECT pg_catalog.string_agg(CASE
     WHEN e.enumlabel IS NOT NULL
       THEN pg_catalog.regexp_replace(part.text, ':constvalue 4 \[[^]]*\]', ':constlabel ') || pg_catalog.quote_literal(e.enumlabel)
     WHEN t.typelem >= 16384 THEN pg_catalog.regexp_replace(part.text, ':constvalue [0-9]+ \[[^]]*\]', '')
     ELSE part.text END, ':consttype ' ORDER BY part.number)
   FROM pg_catalog.regexp_split_to_table($1::text, ':consttype ') WITH ORDINALITY AS part(text, number)
   LEFT JOIN pg_catalog.pg_type t ON part.number > 1 AND t.oid >= 16384
     AND t.oid = pg_catalog.substring(part.text, '^[0-9]+')::oid
   LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid AND e.oid::int8 = (
     SELECT pg_catalog.sum((byte.value::int8 + 256) % 256 << ((byte.place::int - 1) * 8))
     FROM pg_catalog.unnest(pg_catalog.regexp_match(part.text,
       '^[^{}]*:constvalue 4 \[ (-?[0-9]+) (-?[0-9]+) (-?[0-9]+) (-?[0-9]+) ')) WITH ORDINALITY AS byte(value, place)))
