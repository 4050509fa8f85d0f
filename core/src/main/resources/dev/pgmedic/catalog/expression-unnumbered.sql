-- A view's query without the numbers of columns, and with the names of the columns that its output comes from.
(SELECT pg_catalog.string_agg(CASE WHEN part.number = 1 THEN part.text ELSE coalesce((
     SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = pg_catalog.substring(part.text, '^[0-9]+')::oid
       AND a.attnum = pg_catalog.substring(part.text, '^[0-9]+ :resorigcol ([0-9]+)')::int), '')
   || pg_catalog.regexp_replace(part.text, '^[0-9]+ :resorigcol [0-9]+', '') END,
   ' :resorigname ' ORDER BY part.number)
 FROM pg_catalog.string_to_table(
   pg_catalog.regexp_replace($1::text, ' :varattno -?[0-9]+', '', 'g'), ' :resorigtbl ') WITH ORDINALITY AS part(text, number))
