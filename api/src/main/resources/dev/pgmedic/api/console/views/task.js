// One recovery: what is wrong, what would run, what is lost, who decides, and then how it goes.

import { h } from '../dom.js';
import { ago, at, until } from '../format.js';
import { icon } from '../icons.js';
import { facts, loading, section, severity, shortDigest, state, trouble } from '../parts.js';
import { debounced } from '../pace.js';
import { targetAt, taskAt } from '../router.js';
import { decision, Verdict } from './decision.js';
import { progress, steps } from './steps.js';
import { timeline } from './timeline.js';

/** The view of one task. */
export function task(app, { id }) {
  const view = { task: null, issues: [], error: null, verdict: new Verdict() };
  const load = () => read(app, id, view);
  const soon = debounced(load, 60);
  return {
    title: () => (view.task ? `${view.task.target}: ${view.task.plan.summary}` : 'Recovery'),
    refresh: load,
    happened: event => concerns(event, id, view) && soon(),
    render: () => (view.task ? page(app, view, load) : [h('h1', {}, 'Recovery'), view.error ? trouble(view.error, load) : loading('Reading the plan')]),
  };
}

function concerns(event, id, view) {
  return event.subject === id || view.task?.issues.includes(event.subject) || event.source.endsWith(`/${view.task?.target}`);
}

async function read(app, id, view) {
  try {
    const task = await app.api.get(`/api/recovery-tasks/${encodeURIComponent(id)}`);
    const issues = await Promise.all(task.issues.map(issue => app.api.get(`/api/issues/${issue}`)));
    Object.assign(view, { task, issues, error: null });
  } catch (error) {
    view.error = error;
  }
  app.draw();
}

function page(app, view, load) {
  const { task, issues } = view;
  return [
    head(task),
    task.state === 'superseded' && successor(app, task),
    h(
      'div',
      { class: 'columns' },
      h(
        'div',
        { class: 'column-main' },
        progress(task),
        section('found', 'What is wrong', null, found(issues)),
        lossOf(task),
        section('plan', 'The plan', shortDigest(task.plan.digest), h('p', { class: 'lead' }, task.plan.summary), notPinned(task), steps(task)),
      ),
      h('div', { class: 'column-side' }, decision(app, view, load), section('timeline', 'Timeline', null, timeline(task, issues))),
    ),
  ];
}

function head(task) {
  return h(
    'div',
    { class: 'page-head' },
    h('p', { class: 'crumbs' }, h('a', { href: '#/' }, 'Fleet'), h('span', { 'aria-hidden': 'true' }, ' / '), h('a', { href: targetAt(task.target) }, task.target), h('span', { 'aria-hidden': 'true' }, ' / '), 'recovery'),
    h('h1', {}, task.undo_of ? 'Undo on ' : 'Recovery of ', task.target),
    h('div', { class: 'page-state' }, state(task.state), task.outcome && h('span', {}, task.outcome)),
    facts([
      ['priority', task.priority],
      ['proposed', ago(task.created_at)],
      ['asked for by', task.requested_by.join(', ')],
      ['takes back', task.undo_of && h('a', { href: taskAt(task.undo_of) }, task.undo_of.slice(0, 8))],
      [task.state === 'awaiting_approval' ? 'expires' : 'starts by', task.waits_for && task.waits_for.what !== 'quiet_hours' ? until(task.waits_for.until) : null],
      ['quiet hours end', task.waits_for?.what === 'quiet_hours' ? until(task.waits_for.until) : null],
    ]),
  );
}

function successor(app, task) {
  const next = app.overview.tasksOf(task.target).find(other => other.id !== task.id);
  return h('div', { class: 'panel tone-attention' }, icon('info'), h('p', {}, 'The database is not what this plan was made for any more, so it never runs. ', next && h('a', { href: taskAt(next.id) }, 'To the plan that took its place')));
}

function found(issues) {
  return h(
    'ul',
    { class: 'issues' },
    issues.map(issue =>
      h(
        'li',
        { class: 'issue', 'data-key': issue.id },
        h('div', { class: 'issue-head' }, severity(issue.severity), h('code', {}, issue.code), issue.state === 'resolved' && h('span', { class: 'muted small' }, 'resolved ', at(issue.resolved_at))),
        h('p', {}, issue.message),
      ),
    ),
  );
}

function lossOf(task) {
  const losses = task.plan.data_loss;
  return (
    losses.length > 0 &&
    h(
      'section',
      { class: 'panel loss', 'aria-labelledby': 'lost', 'data-key': 'loss' },
      icon('bad'),
      h(
        'div',
        {},
        h('h2', { id: 'lost' }, 'Lost before anybody looked'),
        h('p', {}, 'This plan cannot bring these rows back. What it makes comes back empty.'),
        h('ul', {}, losses.map(loss => h('li', {}, h('code', {}, loss.object), ': ', rows(loss)))),
      ),
    )
  );
}

/** How many rows are lost, and when they were seen last. */
function rows(loss) {
  return loss.seen_at ? [`about ${loss.rows_estimate} rows, seen `, ago(loss.seen_at)] : 'nobody knows how many rows';
}

function notPinned(task) {
  return task.plan.not_pinned.length > 0 && h('div', { class: 'panel tone-high' }, icon('bad'), h('div', {}, h('strong', {}, 'The digest does not cover'), h('ul', {}, task.plan.not_pinned.map(what => h('li', {}, what)))));
}
