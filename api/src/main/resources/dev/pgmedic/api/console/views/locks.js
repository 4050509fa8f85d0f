// The locks of a target, drawn and told. A look takes two seconds, so there is one at a time, and only while somebody
// sees it.

import { h } from '../dom.js';
import { ago, count, span } from '../format.js';
import { lockPicture } from '../lockpicture.js';
import { badge, empty, loading, section } from '../parts.js';

const EVERY = 15000;

const VERDICTS = { orphaned: ['critical', 'critical'], suspected: ['high', 'bad'], live: ['ok', 'ok'], unknown: ['quiet', 'unknown'] };

/** The locks of one target. */
export class Locks {
  constructor(app, name) {
    this.app = app;
    this.name = name;
    this.report = null;
    this.error = null;
    this.looking = false;
    this.timer = setInterval(() => document.hidden || this.look(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  async look() {
    if (this.looking) {
      return;
    }
    this.looking = true;
    this.app.draw();
    try {
      this.report = await this.app.api.get(`/api/targets/${encodeURIComponent(this.name)}/locks`);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.looking = false;
    this.app.draw();
  }

  render() {
    return section('locks', 'Locks', h('button', { type: 'button', class: 'button small', disabled: this.looking, onclick: () => this.look() }, this.looking ? 'Looking …' : 'Look again'), this.#content());
  }

  #content() {
    if (!this.report) {
      return this.error ? empty(this.error.message, 'bad') : loading('Looking at the locks, twice');
    }
    const picture = lockPicture(this.report);
    return [
      picture ? h('div', { class: 'picture-frame', tabindex: '0', role: 'region', 'aria-label': 'Who waits for whom' }, picture) : empty('Nobody holds a migration lock, and no migration waits.'),
      picture && h('details', {}, h('summary', {}, 'The same in words'), h('ul', { class: 'lock-words' }, this.report.locks.map(lockWords), this.report.blocking.map(blockingWords))),
      this.report.hints.map(hint => h('p', { class: 'muted small' }, hint)),
      this.report.locks_not_shown > 0 && h('p', { class: 'muted small' }, `${count(this.report.locks_not_shown, 'lock')} of applications more`),
      h('p', { class: 'muted small' }, 'Looked ', ago(this.report.looked_at), ' as ', h('code', {}, this.report.role)),
    ];
  }
}

function lockWords(lock) {
  const [tone, picture] = VERDICTS[lock.verdict] ?? VERDICTS.unknown;
  return h(
    'li',
    {},
    h('p', {}, badge(tone, picture, lock.verdict), ' ', h('strong', {}, lock.tool), ` ${lock.kind} `, h('code', {}, lock.key), ' held by ', holder(lock), lock.held_at_least_ms ? `, for ${span(lock.held_at_least_ms)}` : ''),
    lock.evidence.length > 0 && h('ul', { class: 'muted small' }, lock.evidence.map(sentence => h('li', {}, sentence))),
    (lock.waiters ?? []).map(waiter => h('p', { class: 'small' }, 'waits for it: ', session(waiter))),
  );
}

function holder(lock) {
  return lock.holder ? session(lock.holder) : lock.prepared_transaction ?? lock.recorded_by ?? 'nobody known';
}

function blockingWords(blocking) {
  return h(
    'li',
    {},
    h('p', {}, badge('high', 'bad', 'blocks'), ' ', blocking.root ? session(blocking.root) : `prepared transaction ${blocking.prepared_transaction}`),
    blocking.migrations.map(waiter => h('p', { class: 'small' }, 'keeps waiting: ', session(waiter), waiter.wants ? ` for ${waiter.wants}` : '')),
    blocking.others_waiting > 0 && h('p', { class: 'small' }, `and ${count(blocking.others_waiting, 'session')} more`),
  );
}

function session(view) {
  return `session ${view.pid}${view.application_name ? ` (${view.application_name})` : ''}, ${view.state ?? 'not to be seen'}${view.statement ? `: ${view.statement}` : ''}`;
}
