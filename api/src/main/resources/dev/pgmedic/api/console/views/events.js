// The event stream, newest first, filtered, and held still while somebody reads.

import { h } from '../dom.js';
import { kind, targetOf } from '../events.js';
import { count } from '../format.js';
import { empty } from '../parts.js';
import { eventRow } from './eventrow.js';

const SHOWN = 200;
const GROUPS = [
  ['', 'everything'],
  ['health.', 'health'],
  ['issue.', 'issues'],
  ['task.', 'recoveries'],
  ['step.', 'steps'],
  ['baseline.', 'known-good'],
  ['migration.', 'migrations'],
];

/** The view of the stream. */
export function events(app, params, query) {
  const filter = { target: query.get('target') ?? '', group: '', held: null };
  return { title: () => 'Events', render: () => page(app, filter) };
}

function page(app, filter) {
  const all = filter.held ?? app.log.events;
  const wanted = all.filter(event => kind(event).startsWith(filter.group) && (!filter.target || targetOf(event) === filter.target));
  const shown = wanted.slice(-SHOWN).reverse();
  const missed = filter.held ? app.log.events.filter(event => !filter.held.includes(event)).length : 0;
  return [
    h('div', { class: 'title-row' }, h('h1', {}, 'Events'), controls(app, filter, missed)),
    h('p', { class: 'muted' }, `${count(wanted.length, 'event')}, newest first. The whole log: `, h('code', {}, 'curl -N …/api/events?after=beginning')),
    shown.length ? h('ol', { class: 'events', reversed: true }, shown.map(event => eventRow(event))) : empty('No event is like that yet.', 'waiting'),
  ];
}

function controls(app, filter, missed) {
  const change = (name, value) => {
    filter[name] = value;
    app.draw();
  };
  return h(
    'div',
    { class: 'filters' },
    h('select', { 'aria-label': 'Events of which target', onchange: event => change('target', event.target.value) }, h('option', { value: '' }, 'all targets'), app.overview.targets.map(({ name }) => h('option', { value: name, selected: name === filter.target, 'data-key': name }, name))),
    h('select', { 'aria-label': 'Which events', onchange: event => change('group', event.target.value) }, GROUPS.map(([value, name]) => h('option', { value }, name))),
    h('button', { type: 'button', class: 'button', 'aria-pressed': filter.held ? 'true' : 'false', onclick: () => change('held', filter.held ? null : app.log.events) }, filter.held ? `Go on (${missed} new)` : 'Hold still'),
  );
}
