// Tells who hears the page what happened; who sees it sees it.

import { h } from './dom.js';
import { kind, targetOf } from './events.js';
import { says } from './views/eventrow.js';

const TOLD = ['issue.opened', 'issue.resolved', 'task.proposed', 'task.approved', 'task.rejected', 'task.succeeded', 'task.failed'];
const KEPT = 20;

/** Tells an event, where it is one that somebody would look up for. */
export function tell(event) {
  if (!TOLD.includes(kind(event))) {
    return;
  }
  const news = document.getElementById('news');
  news.append(h('p', {}, `${targetOf(event)}, ${kind(event).replace('.', ' ')}: ${says(event)}`));
  while (news.childElementCount > KEPT) {
    news.firstChild.remove();
  }
}
