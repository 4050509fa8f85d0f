// SQL with colours. A scanner of PostgreSQL's lexical rules makes spans of text; nothing is ever parsed as HTML.

import { h } from './dom.js';

const LONGEST = 60000;

const KEYWORDS = new Set(
  `ADD ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH BEGIN BETWEEN BY CASCADE CASE CHECK COLLATE COLUMN COMMENT COMMIT CONCURRENTLY
  CONSTRAINT CREATE CROSS CURRENT DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DISABLE DISTINCT DO DOMAIN DROP EACH ELSE ENABLE END
  ENUM EXCLUDE EXECUTE EXISTS EXTENSION FALSE FIRST FOR FOREIGN FROM FULL FUNCTION GENERATED GRANT GROUP HAVING IDENTITY IF IMMUTABLE IN
  INDEX INHERITS INITIALLY INNER INSERT INTO IS JOIN KEY LANGUAGE LAST LATERAL LEFT LIKE LIMIT LOCAL LOCK MATERIALIZED MODE NO NOT
  NOTIFY NOWAIT NULL NULLS OF OFFSET ON ONLY OPERATOR OR ORDER OUTER OVER OWNED OWNER PARTITION POLICY PRIMARY PROCEDURE PUBLIC
  PUBLICATION REFERENCES REFRESH REINDEX RENAME REPLICA RESET RESTRICT RETURNING RETURNS REVOKE RIGHT ROLE ROLLBACK ROW ROWS RULE SCHEMA
  SECURITY SELECT SEQUENCE SESSION SET SHARE SKIP STABLE START STATISTICS STORED TABLE TEMPORARY THEN TO TRANSACTION TRIGGER TRUE TRUNCATE
  TYPE UNION UNIQUE UPDATE USAGE USER USING VALID VALIDATE VALUE VALUES VIEW VOLATILE WHEN WHERE WITH WITHOUT`.split(/\s+/),
);

const DESTROYS = new Set(['DROP', 'TRUNCATE', 'DELETE']);

const TOKENS = [
  ['comment', /--[^\n]*/y],
  ['string', /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)/y],
  ['string', /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y],
  ['string', /'(?:[^']|'')*(?:'|$)/y],
  ['name', /"(?:[^"]|"")*(?:"|$)/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['space', /\s+/y],
  ['operator', /[^\s\w'"$\u0080-\uffff]|\$/y],
];

/** The tokens of a text; joined they are the text again. */
export function tokens(sql) {
  const found = [];
  for (let position = 0; position < sql.length; ) {
    const token = block(sql, position) ?? next(sql, position);
    found.push(token);
    position += token.text.length;
  }
  return found;
}

// Comments in PostgreSQL nest.
function block(sql, position) {
  if (!sql.startsWith('/*', position)) {
    return null;
  }
  let depth = 0;
  for (let at = position; at < sql.length; at++) {
    const two = sql.substr(at, 2);
    depth += two === '/*' ? 1 : two === '*/' ? -1 : 0;
    at += two === '/*' || two === '*/' ? 1 : 0;
    if (depth === 0) {
      return { kind: 'comment', text: sql.slice(position, at + 1) };
    }
  }
  return { kind: 'comment', text: sql.slice(position) };
}

function next(sql, position) {
  for (const [kind, shape] of TOKENS) {
    shape.lastIndex = position;
    const match = shape.exec(sql);
    if (match && !(kind === 'operator' && sql.startsWith('/*', position))) {
      return { kind: kind === 'word' ? wordKind(match[0]) : kind, text: match[0] };
    }
  }
  return { kind: 'operator', text: sql[position] };
}

function wordKind(word) {
  const upper = word.toUpperCase();
  return DESTROYS.has(upper) ? 'destroys' : KEYWORDS.has(upper) ? 'keyword' : 'word';
}

/** A block of SQL that can be reached and scrolled with the keyboard. */
export function sqlBlock(sql, label) {
  const shown = sql.length > LONGEST ? [sql] : tokens(sql).map(colour);
  return h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': label }, h('code', {}, shown));
}

function colour(token) {
  return ['space', 'word', 'operator'].includes(token.kind) ? token.text : h('span', { class: `sql-${token.kind}` }, token.text);
}
