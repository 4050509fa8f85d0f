// One issue: what it is, what shows it, and what to do about it.

import { h } from '../dom.js';
import { ago, until } from '../format.js';
import { icon } from '../icons.js';
import { facts, plain, severity } from '../parts.js';
import { taskAt } from '../router.js';
import { settle } from './settle.js';

/** An issue as an item of a list. */
export function issueItem(app, issue, load) {
  return h(
    'li',
    { class: 'issue', 'data-key': issue.id },
    h(
      'div',
      { class: 'issue-head' },
      severity(issue.severity),
      h('code', {}, issue.code),
      h('span', { class: 'muted small' }, 'since ', ago(issue.first_seen)),
      issue.silenced_until && h('span', { class: 'muted small' }, 'silenced, ends ', until(issue.silenced_until)),
      h('span', { class: 'push' }, whatNext(app, issue, load)),
    ),
    h('p', { class: 'issue-message' }, issue.message),
    h('p', { class: 'advice' }, icon('pulse'), h('span', {}, issue.recommendation)),
    Object.keys(issue.evidence).length > 0 && h('details', {}, h('summary', {}, 'Evidence'), facts(Object.entries(issue.evidence).map(([name, value]) => [name.replace(/_/g, ' '), plain(value)]))),
    settle(app, issue, load),
  );
}

function whatNext(app, issue, load) {
  if (issue.recovery_task) {
    return h('a', { class: 'button small', href: taskAt(issue.recovery_task) }, 'See the recovery');
  }
  return app.session.may('approver') && h('button', { type: 'button', class: 'button small', onclick: () => propose(app, issue, load) }, 'Ask for a recovery');
}

async function propose(app, issue, load) {
  try {
    const task = await app.api.post(`/api/issues/${issue.id}/recovery-task`);
    location.hash = taskAt(task.id);
  } catch (error) {
    app.announce(error.message, 'high');
    await load();
  }
}
