-- The hash of a stored expression without what a rebuild of the same object changes: positions in the source, the list of
-- all columns of a relation beside those that are used, oids (numbers of five digits and more, and the value of a regclass
-- constant), and whether a cast was spelled out.
pg_catalog.md5(pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.regexp_replace(
  pg_catalog.regexp_replace(pg_catalog.regexp_replace(/*labelled(*/$1/*)*/,
    ' :joinaliasvars .*? :(join_using_alias|lateral)', '', 'g'),
    ' :colnames \("[^)]*"\)| :(selected|inserted|updated)Cols \(b[ 0-9]*\)', '', 'g'),
    ' :(varattnosyn|(stmt_)?(location|len|relabelformat|coerceformat|funcformat|perminfoindex)) -?[0-9]+', '', 'g'),
    '(:consttype 2205 [^}]*:constvalue 4 )\[[^]]*\]', '\1', 'g'),
    '\m[1-9][0-9]{4,}\M', '#', 'g'))
