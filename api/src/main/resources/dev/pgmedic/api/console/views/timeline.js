// An incident from its first sign to its end, from what the task and its issues keep.

import { h } from '../dom.js';
import { at, span } from '../format.js';
import { icon } from '../icons.js';

/** The incident of a task, the oldest first. */
export function timeline(task, issues) {
  const entries = [...issues.flatMap(ofIssue), ...ofTask(task)].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return h('ol', { class: 'timeline' }, entries.map((entry, i) => line(entry, entries[i - 1])));
}

function ofIssue(issue) {
  return [
    { at: issue.first_seen, tone: issue.severity, picture: 'bad', what: `${issue.code} opened`, more: issue.subject },
    issue.resolved_at && { at: issue.resolved_at, tone: 'ok', picture: 'ok', what: `${issue.code} resolved`, more: issue.resolution },
  ].filter(Boolean);
}

function ofTask(task) {
  return [
    { at: task.created_at, tone: 'attention', picture: 'waiting', what: 'plan proposed', more: task.requested_by.length ? `asked for by ${task.requested_by.join(', ')}` : 'by itself' },
    ...task.approvals.map(ofApproval),
    task.cancel_requested && { at: task.cancel_requested.at, tone: 'quiet', picture: 'stopped', what: `called off by ${task.cancel_requested.by}`, more: task.cancel_requested.comment },
    ...task.steps.map(run => ofStep(task, run)),
  ].filter(Boolean);
}

function ofApproval(approval) {
  const yes = approval.decision === 'approve';
  return {
    at: approval.at,
    tone: yes ? 'ok' : 'quiet',
    picture: yes ? 'person' : 'stopped',
    what: `${yes ? 'approved' : 'rejected'} by ${approval.by}${approval.accept_data_loss ? ', who accepts the loss' : ''}`,
    more: approval.comment,
  };
}

function ofStep(task, run) {
  const step = task.plan.steps.find(one => one.index === run.index);
  const [tone, picture, end] = { succeeded: ['ok', 'ok', 'done in'], failed: ['critical', 'failed', 'failed after'] }[run.state] ?? ['info', 'running', null];
  const took = run.finished_at && span(Date.parse(run.finished_at) - Date.parse(run.started_at));
  return { at: run.started_at, tone, picture, what: `step ${run.index} ${took && end ? `${end} ${took}` : 'began'}`, more: step?.title };
}

function line(entry, before) {
  const gap = before ? Date.parse(entry.at) - Date.parse(before.at) : 0;
  return h(
    'li',
    { class: `tone-${entry.tone}` },
    h('span', { class: 'timeline-mark' }, icon(entry.picture)),
    h('div', {}, h('p', { class: 'timeline-what' }, entry.what), entry.more && h('p', { class: 'muted small' }, entry.more), h('p', { class: 'muted small' }, at(entry.at), gap >= 1 && ` · ${span(gap)} later`)),
  );
}
