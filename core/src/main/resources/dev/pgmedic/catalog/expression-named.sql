-- A stored expression over one relation, with the names of its columns where their numbers stood.
(SELECT CASE WHEN pg_catalog.strpos(whole.text, ' :varattno ') = 0 THEN whole.text ELSE (
   SELECT pg_catalog.string_agg(CASE WHEN part.number = 1 THEN part.text ELSE coalesce((
       SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = $2 AND a.attnum = pg_catalog.substring(part.text, '^-?[0-9]+')::int), '')
     || pg_catalog.ltrim(part.text, '-0123456789') END, ' :varattname ' ORDER BY part.number)
   FROM pg_catalog.string_to_table(whole.text, ' :varattno ') WITH ORDINALITY AS part(text, number)) END
 FROM (SELECT $1::text AS text OFFSET 0) whole)
