// Small things that several views show.

import { h } from './dom.js';
import { words } from './format.js';
import { icon } from './icons.js';

const SEVERITIES = { critical: 'critical', high: 'bad', warning: 'bad', info: 'info' };

const STATES = {
  awaiting_approval: ['waiting', 'waits for approval', 'attention'],
  approved: ['waiting', 'approved', 'info'],
  running: ['running', 'running', 'info'],
  succeeded: ['ok', 'succeeded', 'ok'],
  failed: ['failed', 'failed', 'critical'],
  rejected: ['stopped', 'rejected', 'quiet'],
  expired: ['stopped', 'expired', 'quiet'],
  superseded: ['stopped', 'superseded', 'quiet'],
  cancelled: ['stopped', 'cancelled', 'quiet'],
};

/** A word in a box, with its picture. */
export function badge(tone, picture, text) {
  return h('span', { class: `badge tone-${tone}` }, icon(picture), h('span', {}, text));
}

/** How bad something is. */
export function severity(name) {
  return badge(name, SEVERITIES[name] ?? 'info', name);
}

/** Where a task is. */
export function state(name) {
  const [picture, text, tone] = STATES[name] ?? ['unknown', words(name), 'quiet'];
  return badge(tone, picture, text);
}

/** How a target does: its tone, its picture and its word. */
export function health(report) {
  if (!report.checked_at) {
    return { tone: 'quiet', picture: 'unknown', text: 'not checked yet' };
  }
  if (report.stale) {
    return { tone: 'high', picture: 'unknown', text: 'no news' };
  }
  return report.healthy ? { tone: 'ok', picture: 'ok', text: 'healthy' } : { tone: 'critical', picture: 'critical', text: 'unhealthy' };
}

/** A list of facts: [name, value] each; those without a value are left out. */
export function facts(pairs) {
  return h(
    'dl',
    { class: 'facts' },
    pairs.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** A part of a page with its heading. */
export function section(id, title, beside, ...content) {
  return h(
    'section',
    { class: 'section', 'aria-labelledby': id, 'data-key': `section-${id}` },
    h('div', { class: 'section-head' }, h('h2', { id }, title), beside),
    content,
  );
}

/** What stands where there is nothing. */
export function empty(text, picture = 'ok') {
  return h('p', { class: 'empty' }, icon(picture), h('span', {}, text));
}

/** Grey boxes while something is read. */
export function loading(label) {
  return h('div', { class: 'loading', role: 'status' }, h('span', { class: 'unseen' }, label), h('div', { class: 'ghost' }), h('div', { class: 'ghost' }), h('div', { class: 'ghost' }));
}

/** What went wrong. */
export function trouble(error, again) {
  return h(
    'div',
    { class: 'panel trouble', role: 'alert' },
    icon('bad'),
    h('div', {}, h('strong', {}, error.status === 404 ? 'Not found' : 'That did not work'), h('p', {}, error.message)),
    again && h('button', { type: 'button', class: 'button', onclick: again }, 'Try again'),
  );
}

/** A value of any kind as text. */
export function plain(value) {
  if (Array.isArray(value) && value.every(item => typeof item !== 'object')) {
    return value.join(', ');
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** The part of a digest that tells it from others at a glance. */
export function shortDigest(digest) {
  return h('code', { class: 'digest', title: digest }, digest.slice(0, 19) + '…');
}
