// The steps of a plan: what each runs and touches, and how far it is.

import { h } from '../dom.js';
import { at, count, since, span, words } from '../format.js';
import { icon } from '../icons.js';
import { sqlBlock } from '../sql.js';

const EFFECTS = {
  reads: ['reads only', 'quiet'],
  metadata: ['changes the schema', 'info'],
  moves_data: ['moves data', 'high'],
  ends_session: ['ends a session', 'high'],
  runs_command: ['runs a command', 'high'],
};

const PICTURES = { running: 'running', succeeded: 'ok', failed: 'failed' };

/** How far a task that has begun is. */
export function progress(task) {
  const done = task.steps.filter(step => step.state === 'succeeded').length;
  const all = task.plan.steps.length;
  if (task.steps.length === 0 && task.state !== 'running') {
    return false;
  }
  const running = task.steps.find(step => step.state === 'running');
  const now = running && task.plan.steps.find(step => step.index === running.index);
  const tone = task.state === 'failed' ? 'critical' : task.state === 'succeeded' ? 'ok' : 'info';
  return h(
    'section',
    { class: `panel progress tone-${tone}`, 'aria-label': 'Progress', 'data-key': 'progress' },
    h('div', { class: 'progress-text' }, h('strong', {}, `${done} of ${count(all, 'step')} done`), now && h('span', {}, `${now.title}, for `, since(running.started_at)), task.cancel_requested && h('span', {}, `called off by ${task.cancel_requested.by}; it stops before its next step`)),
    h('progress', { max: all, value: done, 'aria-label': 'Steps done' }),
  );
}

/** All steps of a task, with their journal. */
export function steps(task) {
  return h('ol', { class: 'steps' }, task.plan.steps.map(step => one(step, lastRun(task, step))));
}

function lastRun(task, step) {
  return task.steps.filter(run => run.index === step.index).at(-1);
}

function one(step, run) {
  const [effect, tone] = EFFECTS[step.effect] ?? [words(step.effect), 'quiet'];
  return h(
    'li',
    { class: `step step-${run?.state ?? 'pending'}`, 'data-key': `step-${step.index}` },
    h('div', { class: 'step-mark' }, icon(PICTURES[run?.state] ?? 'pending'), h('span', { class: 'unseen' }, run?.state ?? 'not begun')),
    h(
      'div',
      { class: 'step-body' },
      h('h3', {}, h('span', { class: 'step-number' }, `${step.index}. `), step.title),
      h('p', { class: 'step-facts' }, h('code', {}, step.type), h('span', { class: `chip tone-${tone}` }, effect), step.locks.map(lock => h('span', { class: 'chip' }, icon('lock'), lock)), h('span', { class: 'chip' }, `at most ${step.timeout}`)),
      run && journal(run),
      step.sql && sqlBlock(step.sql, `SQL of step ${step.index}`),
      step.command && h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': `Command of step ${step.index}` }, h('code', {}, step.command.join(' '))),
      conditions(step),
    ),
  );
}

function journal(run) {
  const took = run.finished_at ? span(Date.parse(run.finished_at) - Date.parse(run.started_at)) : null;
  return h(
    'div',
    { class: 'journal' },
    h('p', { class: 'muted small' }, run.state, ', ', at(run.started_at), took ? `, took ${took}` : [', for ', since(run.started_at)]),
    run.output && h('pre', { class: 'output', tabindex: '0', role: 'region', 'aria-label': `What step ${run.index} said` }, run.output),
  );
}

function conditions(step) {
  return h(
    'details',
    {},
    h('summary', {}, 'Before, after and undo'),
    h(
      'dl',
      { class: 'conditions' },
      [
        ['Before', step.precondition],
        ['After', step.postcondition],
      ]
        .filter(([, text]) => text)
        .map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, text))),
      step.condition && h('div', {}, h('dt', {}, 'Checked by'), h('dd', {}, sqlBlock(step.condition, `Condition of step ${step.index}`))),
      h('div', {}, h('dt', {}, 'Undo'), h('dd', {}, step.undo ? sqlBlock(step.undo, `Undo of step ${step.index}`) : 'none')),
    ),
  );
}
