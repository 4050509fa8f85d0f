// All recoveries: those under way, and those that ended lately.

import { h } from '../dom.js';
import { kind, targetOf } from '../events.js';
import { ago, at } from '../format.js';
import { empty, loading, section, state } from '../parts.js';
import { taskAt } from '../router.js';

const ENDS = ['task.succeeded', 'task.failed', 'task.rejected', 'task.expired', 'task.superseded', 'task.cancelled'];
const BACK = 20000;
const SHOWN = 100;

/** The view of all recoveries. */
export function tasks(app) {
  const view = { ended: null };
  return {
    title: () => 'Recoveries',
    refresh: () => read(app, view),
    happened: event => {
      if (ENDS.includes(kind(event)) && view.ended) {
        view.ended = [event, ...view.ended.filter(other => other.id !== event.id)].slice(0, SHOWN);
      }
    },
    render: () => page(app, view),
  };
}

async function read(app, view) {
  if (!app.log.reached) {
    return;
  }
  const found = await app.api.all(`/api/events?type=${ENDS.join(',')}&after=${app.log.back(BACK)}`, 4).catch(() => []);
  view.ended = found.reverse().slice(0, SHOWN);
  app.draw();
}

function page(app, view) {
  const open = app.overview.tasks;
  return [
    h('h1', {}, 'Recoveries'),
    section('open', 'Under way', h('span', { class: 'counter' }, open.length), open.length ? h('ul', { class: 'rows' }, open.map(openRow)) : empty('Nothing waits for an approval and nothing runs.')),
    section('ended', 'Ended lately', null, view.ended === null ? loading('Reading what ended') : view.ended.length ? h('ul', { class: 'rows' }, view.ended.map(endedRow)) : empty('None ended lately.', 'info')),
  ];
}

function openRow(task) {
  return row(task.id, task.state, task.target, task.plan.summary, ago(task.created_at));
}

function endedRow(event) {
  return row(event.subject, event.data.state, targetOf(event), event.data.summary, at(event.time));
}

function row(id, name, target, summary, time) {
  return h('li', { class: 'row', 'data-key': id }, h('div', { class: 'row-state' }, state(name)), h('div', { class: 'row-main' }, h('a', { class: 'row-link', href: taskAt(id) }, h('strong', {}, target), ': ', summary)), h('div', { class: 'row-end muted small' }, time));
}
