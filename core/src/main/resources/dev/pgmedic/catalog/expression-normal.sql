-- The hash of a stored expression without what a rebuild of the same object changes: positions in the source, the list of
-- all columns of a relation beside those that are used, oids (numbers of five digits and more, and the value of a regclass
-- constant), and whether a cast was spelled out. What only a query has, or a regclass, is not looked for elsewhere.
(SELECT pg_catalog.md5(pg_catalog.regexp_replace(CASE
     WHEN pg_catalog.strpos(short.text, ':consttype 2205 ') = 0 THEN short.text
     ELSE pg_catalog.regexp_replace(short.text, '(:consttype 2205 [^}]*:constvalue 4 )\[[^]]*\]', '\1', 'g') END,
     '\m[1-9][0-9]{4,}\M', '#', 'g'))
 FROM (SELECT pg_catalog.regexp_replace(CASE WHEN pg_catalog.strpos(whole.text, '{QUERY ') = 0 THEN whole.text
     ELSE pg_catalog.regexp_replace(pg_catalog.regexp_replace(whole.text,
       ' :joinaliasvars .*? :(join_using_alias|lateral)', '', 'g'),
       ' :colnames \("[^)]*"\)| :(?:selected|inserted|updated)Cols \(b[ 0-9]*\)', '', 'g') END,
     ' :(?:varattnosyn|(?:stmt_)?(?:location|len)|(?:relabel|coerce|func)format|perminfoindex) -?[0-9]+', '', 'g') AS text
   FROM (SELECT /*labelled(*/$1/*)*/ AS text OFFSET 0) whole OFFSET 0) short)
