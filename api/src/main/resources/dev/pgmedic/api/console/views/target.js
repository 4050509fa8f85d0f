// One target: how it does, what is wrong with it, who holds it, and what happened to it.

import { h } from '../dom.js';
import { kind } from '../events.js';
import { ago, at, count } from '../format.js';
import { badge, empty, facts, health, loading, section, state, trouble } from '../parts.js';
import { debounced } from '../pace.js';
import { taskAt } from '../router.js';
import { eventRow } from './eventrow.js';
import { labels, version } from './fleet.js';
import { issueItem } from './issue.js';
import { Locks } from './locks.js';

const BACK = 5000;
const SHOWN = 60;
const TOLD = 'issue.opened,issue.updated,issue.resolved,baseline.taken,migration.applied,task.proposed,task.approved,task.rejected,task.expired,task.superseded,task.cancelled,task.started,task.succeeded,task.failed';

/** The view of one target. */
export function target(app, { name }) {
  const view = { name, target: null, issues: [], baselines: [], history: null, error: null, checking: false, locks: new Locks(app, name) };
  const load = () => read(app, view);
  const soon = debounced(load, 150);
  return {
    title: () => name,
    refresh: () => {
      view.locks.look();
      return load();
    },
    happened: event => happened(view, event) && soon(),
    leave: () => view.locks.stop(),
    render: () => (view.target ? page(app, view) : [h('h1', {}, name), view.error ? trouble(view.error, load) : loading('Reading the target')]),
  };
}

function happened(view, event) {
  const ours = event.source === `/pgmedic/targets/${view.name}`;
  if (ours && view.history && TOLD.split(',').includes(kind(event))) {
    view.history = [event, ...view.history.filter(other => other.id !== event.id)].slice(0, SHOWN);
  }
  return ours && kind(event) !== 'step.progress';
}

async function read(app, view) {
  const name = encodeURIComponent(view.name);
  try {
    const [target, issues, baselines] = await Promise.all([app.api.get(`/api/targets/${name}`), app.api.all(`/api/issues?state=open&target=${name}`), app.api.all(`/api/targets/${name}/baselines`)]);
    Object.assign(view, { target, issues, baselines, error: null });
    await readHistory(app, view);
  } catch (error) {
    view.error = error;
  }
  app.draw();
}

// What the log of this tab does not reach is asked for once.
async function readHistory(app, view) {
  if (view.history || !app.log.reached) {
    return;
  }
  const after = app.log.back(BACK);
  const page = await app.api.get(`/api/events?target=${encodeURIComponent(view.name)}&type=${TOLD}&limit=500&after=${after}`);
  view.history = page.items.reverse().slice(0, SHOWN);
}

function page(app, view) {
  const { target } = view;
  const report = target.health;
  const looks = health(report);
  return [
    h(
      'div',
      { class: 'page-head' },
      h('p', { class: 'crumbs' }, h('a', { href: '#/' }, 'Fleet'), h('span', { 'aria-hidden': 'true' }, ' / '), 'target'),
      h('div', { class: 'title-row' }, h('h1', {}, target.name), badge(looks.tone, looks.picture, looks.text), checkButton(app, view)),
      labels(target),
      facts([
        ['migration', version(report)],
        ['tables', report.tables_expected ? `${report.tables_present} of ${report.tables_expected}` : null],
        ['held against', knownGood(report.known_good)],
        ['checked', report.checked_at ? [ago(report.checked_at), `, in ${report.duration_ms} ms`] : 'never'],
        ['database', h('code', {}, target.url ?? '')],
        ['at work', report.migration_at_work],
      ]),
    ),
    tasks(app, view),
    section('issues', 'Open issues', h('span', { class: 'counter' }, view.issues.length), issues(app, view)),
    view.locks.render(),
    section('history', 'History', h('a', { href: `#/events?target=${encodeURIComponent(target.name)}` }, 'all events'), history(view)),
    section('baselines', 'Known-good', null, baselines(app, view)),
  ];
}

function knownGood(good) {
  return good && [`${good.source}${good.version ? ` ${good.version}` : ''}`, good.confirmed ? ', confirmed' : h('strong', {}, ', not confirmed')];
}

function checkButton(app, view) {
  const check = async () => {
    view.checking = true;
    app.draw();
    try {
      const report = await app.api.post(`/api/targets/${encodeURIComponent(view.name)}/check`);
      app.announce(`${view.name} was checked: ${health(report).text}`, report.healthy ? 'ok' : 'critical');
    } catch (error) {
      app.announce(error.message, 'critical');
    }
    view.checking = false;
    await read(app, view);
  };
  return app.session.may('approver') && h('button', { type: 'button', class: 'button push', disabled: view.checking, onclick: check }, view.checking ? 'Checking …' : 'Check now');
}

function tasks(app, view) {
  const open = app.overview.tasksOf(view.name);
  return (
    open.length > 0 &&
    section(
      'tasks',
      'Recovery',
      null,
      h(
        'ul',
        { class: 'rows' },
        open.map(task => h('li', { class: 'row', 'data-key': task.id }, h('div', { class: 'row-state' }, state(task.state)), h('div', { class: 'row-main' }, h('a', { class: 'row-link', href: taskAt(task.id) }, task.plan.summary)), h('div', { class: 'row-end muted small' }, ago(task.created_at)))),
      ),
    )
  );
}

function issues(app, view) {
  return view.issues.length ? h('ul', { class: 'issues' }, view.issues.map(issue => issueItem(app, issue, () => read(app, view)))) : empty('Nothing is wrong that a check could find.');
}

function history(view) {
  if (view.history === null) {
    return loading('Reading the history');
  }
  return view.history.length ? h('ol', { class: 'events', reversed: true }, view.history.map(event => eventRow(event, false))) : empty('Nothing happened lately.', 'info');
}

function baselines(app, view) {
  if (view.baselines.length === 0) {
    return empty('No catalog was taken yet: it is, when two checks agree and no migration is at work.', 'waiting');
  }
  return h(
    'div',
    { class: 'table-frame', tabindex: '0', role: 'region', 'aria-label': 'Catalogs by version' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ['Version', 'From', 'Objects', 'Taken', 'Confirmed'].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, [...view.baselines].reverse().map(one => baseline(app, view, one))),
    ),
  );
}

function baseline(app, view, one) {
  const confirm = async () => {
    try {
      await app.api.post(`/api/targets/${encodeURIComponent(view.name)}/baselines/${encodeURIComponent(one.version ?? '-')}/confirm`);
    } catch (error) {
      app.announce(error.message, 'critical');
    }
    await read(app, view);
  };
  return h(
    'tr',
    { 'data-key': one.version ?? '-' },
    h('th', { scope: 'row' }, one.version ?? 'no history'),
    h('td', {}, one.source),
    h('td', {}, count(one.objects, 'object')),
    h('td', {}, at(one.taken_at)),
    h('td', {}, one.confirmed ? (one.confirmed_by ? `by ${one.confirmed_by}` : 'yes') : app.session.may('admin') ? h('button', { type: 'button', class: 'button small', onclick: confirm }, 'Confirm') : 'no'),
  );
}
