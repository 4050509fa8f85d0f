-- A stored expression over one relation, with the names of its columns where their numbers stood.
(SELECT pg_catalog.string_agg(CASE WHEN part.number = 1 THEN part.text
     ELSE coalesce(pg_catalog.quote_ident(a.attname), '') || pg_catalog.ltrim(part.text, '-0123456789') END,
     ' :varattname ' ORDER BY part.number)
   FROM pg_catalog.regexp_split_to_table($1::text, ' :varattno ') WITH ORDINALITY AS part(text, number)
   LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = $2 AND part.number > 1
     AND a.attnum = pg_catalog.substring(part.text, '^-?[0-9]+')::int)
