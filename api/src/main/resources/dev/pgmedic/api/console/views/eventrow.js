// One event as a line that unfolds.

import { h } from '../dom.js';
import { kind, targetOf } from '../events.js';
import { at } from '../format.js';
import { icon } from '../icons.js';
import { targetAt, taskAt } from '../router.js';

const LOOKS = [
  [/^issue\.opened$/, 'bad'],
  [/^(issue\.resolved|task\.succeeded|step\.succeeded)$/, 'ok'],
  [/^(task|step)\.failed$/, 'failed'],
  [/^task\.(rejected|expired|superseded|cancelled)$/, 'stopped'],
  [/^task\.proposed$/, 'waiting'],
  [/^task\.approved$/, 'person'],
  [/^(task|step)\.(started|progress)$/, 'running'],
];

const TONES = { bad: 'high', ok: 'ok', failed: 'critical', waiting: 'attention', person: 'info', running: 'info', stopped: 'quiet' };

/** An event as an item of a list. */
export function eventRow(event, withTarget = true) {
  const picture = looks(event);
  return h(
    'li',
    { class: `event tone-${TONES[picture] ?? 'quiet'}`, 'data-key': event.id },
    h('span', { class: 'event-time' }, at(event.time)),
    h('span', { class: 'event-mark' }, icon(picture)),
    h('p', { class: 'event-body' }, h('code', { class: 'event-kind' }, kind(event)), withTarget && h('a', { class: 'event-target', href: targetAt(targetOf(event)) }, targetOf(event)), h('span', { class: 'event-says' }, says(event))),
    h('span', { class: 'event-link small' }, subjectLink(event)),
    h('details', {}, h('summary', {}, h('span', { class: 'unseen' }, `${kind(event)} of ${targetOf(event)}: `), 'data'), h('pre', { class: 'output', tabindex: '0', role: 'region', 'aria-label': `Data of event ${event.id}` }, JSON.stringify(event.data, null, 2))),
  );
}

function looks(event) {
  if (kind(event) === 'health.changed') {
    return event.data.healthy ? 'ok' : 'bad';
  }
  return LOOKS.find(([shape]) => shape.test(kind(event)))?.[1] ?? 'info';
}

/** What an event says, in a sentence. */
export function says(event) {
  const { data } = event;
  switch (kind(event)) {
    case 'health.changed': return data.healthy ? 'healthy' : data.stale ? 'no news' : data.issues?.[0] ?? 'unhealthy';
    case 'migration.applied': return `${data.from} to ${data.to}`;
    case 'baseline.taken': return `version ${data.version ?? 'without a history'}${data.confirmed ? '' : ', not confirmed'}`;
    case 'issue.resolved': return `${data.code}: ${data.resolution}`;
    default: return data.message ?? data.title ?? data.summary ?? '';
  }
}

function subjectLink(event) {
  return /^(task|step)\./.test(kind(event)) && h('a', { href: taskAt(event.subject) }, 'recovery');
}
