// All targets at a glance, the worst first, and what waits for somebody.

import { h } from '../dom.js';
import { ago, count, until } from '../format.js';
import { icon } from '../icons.js';
import { badge, empty, facts, health, loading, severity, state } from '../parts.js';
import { targetAt, taskAt } from '../router.js';

const RANK = { critical: 0, high: 1, warning: 2, info: 3 };

/** The view of all targets. */
export function fleet(app) {
  const filter = { text: '', only: 'all' };
  return { title: () => title(app), render: () => page(app, filter) };
}

function title(app) {
  const bad = app.overview.targets.filter(target => !target.health.healthy).length;
  return bad ? `(${bad}) Fleet` : 'Fleet';
}

function page(app, filter) {
  const { overview } = app;
  if (!overview.loaded) {
    return [h('h1', {}, 'Fleet'), loading('Reading the targets')];
  }
  const bad = overview.targets.filter(target => !target.health.healthy);
  return [
    headline(overview.targets, bad),
    decisions(overview.tasks),
    overview.targets.length > 0 && h(
      'section',
      { 'aria-labelledby': 'targets', class: 'section', 'data-key': 'targets' },
      h('div', { class: 'section-head' }, h('h2', { id: 'targets' }, 'Targets'), overview.targets.length > 1 && filters(app, filter)),
      cards(overview, filter),
    ),
  ];
}

function headline(targets, bad) {
  if (targets.length === 0) {
    return h('div', { class: 'headline tone-quiet' }, icon('unknown'), h('div', {}, h('h1', {}, 'Nothing is watched'), h('p', { class: 'muted' }, 'The configuration names no target, or none that this token is for.')));
  }
  const all = targets.length;
  const tone = bad.length ? 'critical' : 'ok';
  const text = bad.length === 0 ? (all === 1 ? `${targets[0].name} is healthy` : `All ${all} targets are healthy`) : bad.length === 1 ? `${bad[0].name} needs attention` : `${bad.length} of ${all} targets need attention`;
  const worst = bad.flatMap(target => target.health.issues).slice(0, 1);
  return h('div', { class: `headline tone-${tone}` }, icon(bad.length ? 'critical' : 'ok'), h('div', {}, h('h1', {}, text), h('p', { class: 'muted' }, worst.length ? worst[0] : `${count(all, 'database')} watched, nothing of high severity is open`)));
}

function decisions(tasks) {
  const open = [...tasks].sort((a, b) => (a.priority === b.priority ? 0 : a.priority === 'high' ? -1 : 1));
  return (
    open.length > 0 &&
    h(
      'section',
      { 'aria-labelledby': 'open-tasks', class: 'section', 'data-key': 'decisions' },
      h('div', { class: 'section-head' }, h('h2', { id: 'open-tasks' }, 'Recoveries under way')),
      h('ul', { class: 'rows' }, open.map(decision)),
    )
  );
}

function decision(task) {
  return h(
    'li',
    { class: 'row', 'data-key': task.id },
    h('div', { class: 'row-state' }, state(task.state), task.priority === 'high' && h('span', { class: 'muted small' }, 'high priority')),
    h('div', { class: 'row-main' }, h('a', { class: 'row-link', href: taskAt(task.id) }, h('strong', {}, task.target), ': ', task.plan.summary), lost(task)),
    h('div', { class: 'row-end muted small' }, task.waits_for ? [task.state === 'awaiting_approval' ? 'expires ' : 'until ', until(task.waits_for.until)] : ['since ', ago(task.created_at)]),
  );
}

function lost(task) {
  return task.plan.data_loss.length > 0 && h('p', { class: 'loss-note' }, icon('bad'), `rows of ${task.plan.data_loss.map(loss => loss.object).join(', ')} are lost`);
}

function filters(app, filter) {
  const change = (name, value) => {
    filter[name] = value;
    app.draw();
  };
  return h(
    'div',
    { class: 'filters' },
    h('label', { class: 'unseen', for: 'find' }, 'Find a target'),
    h('input', { id: 'find', type: 'search', placeholder: 'Find  /', oninput: event => change('text', event.target.value) }),
    h(
      'select',
      { 'aria-label': 'Which targets', onchange: event => change('only', event.target.value) },
      h('option', { value: 'all' }, 'all'),
      h('option', { value: 'bad' }, 'unhealthy'),
      h('option', { value: 'good' }, 'healthy'),
    ),
  );
}

function cards(overview, filter) {
  const wanted = filter.text.trim().toLowerCase();
  const shown = overview.targets
    .filter(target => filter.only === 'all' || target.health.healthy === (filter.only === 'good'))
    .filter(target => [target.name, ...Object.entries(target.labels ?? {}).flat()].join(' ').toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return shown.length ? h('ul', { class: 'cards' }, shown.map(target => card(target, overview.tasksOf(target.name)))) : empty('No target is like that.', 'info');
}

function rank(target) {
  const worst = Math.min(9, ...target.health.issue_details.map(issue => RANK[issue.severity] ?? 9));
  return target.health.healthy ? 10 + worst : worst;
}

function card(target, tasks) {
  const report = target.health;
  const looks = health(report);
  return h(
    'li',
    { class: `card edge-${looks.tone}`, 'data-key': target.name },
    h('div', { class: 'card-head' }, h('h3', {}, h('a', { class: 'card-link', href: targetAt(target.name) }, target.name)), badge(looks.tone, looks.picture, looks.text)),
    labels(target),
    worstIssues(report),
    tasks.length > 0 && h('p', { class: 'card-tasks' }, tasks.map(task => h('a', { href: taskAt(task.id), class: 'chip-link' }, state(task.state)))),
    facts([
      ['migration', version(report)],
      ['tables', report.tables_expected ? `${report.tables_present} of ${report.tables_expected}` : null],
      ['checked', report.checked_at ? ago(report.checked_at) : 'never'],
    ]),
    report.migration_at_work && h('p', { class: 'small' }, icon('running'), ' ', report.migration_at_work),
  );
}

/** The labels of a target. */
export function labels(target) {
  const entries = Object.entries(target.labels ?? {}).sort();
  return (entries.length > 0 || target.observe_only) && h('p', { class: 'labels' }, entries.map(([name, value]) => h('span', { class: 'label' }, `${name}: ${value}`)), target.observe_only && h('span', { class: 'label' }, 'observe only'));
}

/** Where a target's migrations are. */
export function version(report) {
  if (!report.migration_tool) {
    return 'no history';
  }
  const behind = report.migration_head && report.migration_head !== report.migration_version;
  return `${report.migration_tool} ${report.migration_version ?? 'at nothing'}${behind ? ` of ${report.migration_head}` : ''}`;
}

function worstIssues(report) {
  const shown = report.issue_details.slice(0, 2);
  const more = report.issue_details.length - shown.length;
  return (
    shown.length > 0 &&
    h(
      'ul',
      { class: 'card-issues' },
      shown.map((issue, i) => h('li', {}, severity(issue.severity), h('span', {}, report.issues[i].replace(/^[a-z.-]+: /, '')))),
      more > 0 && h('li', { class: 'muted' }, `and ${more} more`),
    )
  );
}
