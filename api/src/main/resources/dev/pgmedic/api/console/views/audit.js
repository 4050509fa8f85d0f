// Who changed what, newest first; for admins.

import { h } from '../dom.js';
import { at, words } from '../format.js';
import { empty, loading, shortDigest, trouble } from '../parts.js';
import { targetAt } from '../router.js';

const COLUMNS = ['When', 'Who', 'What', 'Target', 'They saw', 'Comment', 'From'];

/** The view of the audit. */
export function audit(app) {
  const view = { entries: null, more: null, error: null };
  const load = () => read(app, view);
  return { title: () => 'Audit', refresh: load, happened: event => /task|issue|baseline/.test(event.type) && load(), render: () => page(app, view, load) };
}

async function read(app, view, before = null) {
  try {
    const page = await app.api.get(`/api/audit?order=newest&limit=100${before ? `&after=${before}` : ''}`);
    view.entries = before ? [...view.entries, ...page.items] : page.items;
    view.more = page.next_after;
    view.error = null;
  } catch (error) {
    view.error = error;
  }
  app.draw();
}

function page(app, view, load) {
  return [
    h('h1', {}, 'Audit'),
    h('p', { class: 'muted' }, 'Who changed what, from where, and the plan that they saw. It is only ever added to.'),
    view.error ? trouble(view.error, load) : view.entries === null ? loading('Reading the audit') : view.entries.length ? table(view.entries) : empty('Nobody changed anything yet.', 'info'),
    view.more && h('button', { type: 'button', class: 'button', onclick: () => read(app, view, view.more) }, 'Older entries'),
  ];
}

function table(entries) {
  return h(
    'div',
    { class: 'table-frame', tabindex: '0', role: 'region', 'aria-label': 'Audit' },
    h('table', { class: 'audit' }, h('thead', {}, h('tr', {}, COLUMNS.map(name => h('th', { scope: 'col' }, name)))), h('tbody', {}, entries.map(line))),
  );
}

function line(entry) {
  return h(
    'tr',
    { 'data-key': String(entry.id) },
    h('td', { class: 'nowrap' }, at(entry.at)),
    h('td', {}, h('strong', {}, entry.actor), h('div', { class: 'muted small' }, entry.authenticated_by, entry.on_behalf_of && `, says for ${entry.on_behalf_of}`)),
    h('td', {}, words(entry.action)),
    h('td', {}, entry.target && h('a', { href: targetAt(entry.target) }, entry.target)),
    h('td', {}, entry.digest ? shortDigest(entry.digest) : subject(entry)),
    h('td', { class: 'audit-comment' }, entry.comment),
    h('td', { class: 'muted small' }, entry.address),
  );
}

function subject(entry) {
  return h('code', { class: 'digest', title: entry.subject }, entry.subject.slice(0, 19));
}
