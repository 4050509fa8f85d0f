// The part of a recovery where somebody decides about it.

import { h } from '../dom.js';
import { at, count } from '../format.js';
import { icon } from '../icons.js';
import { section } from '../parts.js';

/** What somebody is about to say of a task. */
export class Verdict {
  constructor() {
    this.busy = false;
    this.error = null;
    this.field = null;
  }
}

/** Who must approve, who did, and where to say so. */
export function decision(app, view, load) {
  const { task } = view;
  return section('decision', 'Decision', null, approvals(task), panel(app, view, load));
}

function approvals(task) {
  const given = task.approvals.filter(approval => approval.decision === 'approve').length;
  return [
    task.state === 'awaiting_approval' && h('p', { class: 'muted' }, given ? `${given} of ${count(task.approvals_needed, 'approval')}; somebody else must approve it too.` : `Needs ${count(task.approvals_needed, 'approval')}${task.approvals_needed > 1 ? ' of different people' : ''}${task.requested_by.length ? `, not by ${task.requested_by.join(', ')}` : ''}.`),
    task.approvals.length > 0 &&
      h(
        'ul',
        { class: 'approvals' },
        task.approvals.map(approval =>
          h(
            'li',
            {},
            icon(approval.decision === 'approve' ? 'ok' : 'stopped'),
            h('div', {}, h('strong', {}, approval.by), approval.decision === 'approve' ? ' approved' : ' rejected', approval.accept_data_loss && ' and accepts the loss', ' ', h('span', { class: 'muted small' }, at(approval.at)), approval.comment && h('blockquote', {}, approval.comment)),
          ),
        ),
      ),
  ];
}

function panel(app, view, load) {
  const { task } = view;
  const act = { awaiting_approval: form, approved: cancel, running: cancel, succeeded: undo }[task.state];
  if (!act) {
    return task.approvals.length === 0 && h('p', { class: 'muted' }, 'Nobody decided about it.');
  }
  if (!app.session.may('approver')) {
    return task.state === 'succeeded' ? false : h('p', { class: 'muted' }, icon('info'), app.session.signedIn ? ` ${app.session.name} may look (${app.session.role}). An approver decides.` : ' Sign in with an approver’s token to decide.');
  }
  if (task.state === 'awaiting_approval' && app.overview.target(task.target)?.observe_only) {
    return h('p', { class: 'muted' }, icon('info'), ' This target is only observed: its configuration has no recovery.');
  }
  return act(app, view, load);
}

function form(app, view, load) {
  const { task, verdict } = view;
  const loses = task.plan.data_loss.length > 0;
  return h(
    'form',
    { class: 'decide', 'data-key': task.plan.digest, onsubmit: event => approve(app, view, load, event) },
    loses && acceptance(task, verdict),
    h('label', { for: 'comment' }, 'Comment'),
    h('textarea', { id: 'comment', rows: '3', maxlength: '2000', placeholder: 'Why, for the audit' }),
    refusal(verdict),
    h(
      'div',
      { class: 'buttons' },
      h('button', { class: 'button primary', disabled: verdict.busy }, 'Approve this plan'),
      h('button', { type: 'button', class: 'button', disabled: verdict.busy, onclick: event => reject(app, view, load, event) }, 'Reject'),
    ),
  );
}

function acceptance(task, verdict) {
  const what = task.plan.data_loss.map(loss => (loss.seen_at ? `about ${loss.rows_estimate} rows of ${loss.object}` : `the rows of ${loss.object}`)).join(', ');
  return h('label', { class: 'accept' }, h('input', { type: 'checkbox', id: 'accept', 'aria-invalid': verdict.field === 'accept' ? 'true' : null, 'aria-describedby': verdict.error ? 'decision-refused' : null }), h('span', {}, `I accept that ${what} stay lost.`));
}

function refusal(verdict) {
  return verdict.error && h('p', { class: 'refusal', id: 'decision-refused', role: 'alert' }, icon('bad'), verdict.error);
}

function cancel(app, view, load) {
  const { task, verdict } = view;
  return task.cancel_requested
    ? h('p', { class: 'muted' }, `Called off by ${task.cancel_requested.by}.`)
    : h(
        'form',
        { class: 'decide', 'data-key': 'cancel', onsubmit: event => called(app, view, load, event) },
        h('label', { for: 'comment' }, 'Comment'),
        h('textarea', { id: 'comment', rows: '2', maxlength: '2000' }),
        refusal(verdict),
        h('div', { class: 'buttons' }, h('button', { class: 'button', disabled: verdict.busy }, 'Call it off')),
      );
}

function undo(app, view) {
  const { task, verdict } = view;
  return task.plan.steps.some(step => step.undo)
    ? [refusal(verdict), h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'button', disabled: verdict.busy, onclick: () => taken(app, view) }, 'Propose to undo it'))]
    : false;
}

function approve(app, view, load, event) {
  event.preventDefault();
  const { task, verdict } = view;
  const accepted = event.target.querySelector('#accept')?.checked ?? false;
  if (task.plan.data_loss.length > 0 && !accepted) {
    verdict.field = 'accept';
    verdict.error = 'Say first that you accept the loss.';
    app.draw();
    event.target.querySelector('#accept').focus();
    return;
  }
  say(app, view, load, 'approve', { plan_digest: task.plan.digest, comment: comment(event.target), accept_data_loss: accepted }, 'Approved');
}

function reject(app, view, load, event) {
  say(app, view, load, 'reject', { plan_digest: view.task.plan.digest, comment: comment(event.target.form) }, 'Rejected');
}

function called(app, view, load, event) {
  event.preventDefault();
  say(app, view, load, 'cancel', { plan_digest: view.task.plan.digest, comment: comment(event.target) }, 'Called off');
}

async function taken(app, view) {
  await doing(app, view.verdict, async () => {
    const made = await app.api.post(`/api/recovery-tasks/${view.task.id}/undo`);
    location.hash = `#/tasks/${made.id}`;
  });
}

async function say(app, view, load, word, body, done) {
  await doing(app, view.verdict, async () => {
    await app.api.post(`/api/recovery-tasks/${view.task.id}/${word}`, body);
    app.announce(`${done}: ${view.task.plan.summary}`, 'ok');
  });
  await load();
}

async function doing(app, verdict, work) {
  Object.assign(verdict, { busy: true, error: null, field: null });
  app.draw();
  try {
    await work();
  } catch (error) {
    verdict.error = error.message;
  }
  verdict.busy = false;
  app.draw();
}

function comment(form) {
  return form.querySelector('#comment').value.trim();
}
