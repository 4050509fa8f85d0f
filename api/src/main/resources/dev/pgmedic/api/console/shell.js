// What stands around every view: where to go, whether the page is live, who sits here.

import { h } from './dom.js';
import { since } from './format.js';
import { icon } from './icons.js';
import { morph } from './morph.js';
import { onceAFrame } from './pace.js';
import { route } from './router.js';
import { nextTheme, theme } from './theme.js';

const PLACES = [
  ['#/', 'Fleet', ['fleet', 'target']],
  ['#/tasks', 'Recoveries', ['tasks', 'task']],
  ['#/events', 'Events', ['events']],
  ['#/audit', 'Audit', ['audit']],
];

const LIVE = { live: 'Live', connecting: 'Connecting', broken: 'Reconnecting' };
const TOAST = 6000;
const MOST_TOASTS = 4;

/** The bar at the top, the banner below it, and short messages. */
export class Shell {
  constructor(app) {
    this.app = app;
    this.draw = onceAFrame(() => this.#draw());
  }

  /** Says something once. */
  announce(text, tone = 'info') {
    const toasts = document.getElementById('toasts');
    const toast = h('p', { class: `toast tone-${tone}` }, icon(tone === 'ok' ? 'ok' : 'info'), text);
    toasts.append(toast);
    while (toasts.childElementCount > MOST_TOASTS) {
      toasts.firstChild.remove();
    }
    setTimeout(() => toast.remove(), TOAST);
  }

  #draw() {
    const { session } = this.app;
    morph(
      document.getElementById('bar'),
      h(
        'header',
        { class: 'bar', id: 'bar' },
        h('a', { class: 'brand', href: '#/' }, h('img', { src: '/console/icon.svg', alt: '', width: '24', height: '24' }), h('span', { class: 'brand-name' }, 'pgmedic')),
        session.welcome && this.#places(),
        h('div', { class: 'bar-end' }, session.welcome && this.#live(), themeButton(() => this.#draw()), session.welcome && this.#who()),
      ),
    );
    morph(document.getElementById('banner'), h('div', { class: 'banner', id: 'banner', role: 'status' }, this.#banner()));
  }

  #places() {
    const here = route(location.hash).view;
    const waiting = this.app.overview?.tasks.filter(task => task.state === 'awaiting_approval').length ?? 0;
    return h(
      'nav',
      { class: 'places', 'aria-label': 'Main' },
      PLACES.filter(([, name]) => name !== 'Audit' || this.app.session.may('admin')).map(([address, name, views]) =>
        h(
          'a',
          { href: address, 'data-key': name, 'aria-current': views.includes(here) ? 'page' : null },
          name,
          name === 'Recoveries' && waiting > 0 && h('span', { class: 'counter' }, waiting, h('span', { class: 'unseen' }, waiting === 1 ? ' waits for approval' : ' wait for approval')),
        ),
      ),
    );
  }

  #live() {
    const state = this.app.log?.state ?? 'connecting';
    return h('span', { class: `live live-${state}`, title: 'Whether what you see is what is' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'live-word' }, LIVE[state]));
  }

  #who() {
    const { session } = this.app;
    return session.signedIn
      ? h(
          'span',
          { class: 'who' },
          icon('person'),
          h('span', {}, session.name, h('span', { class: 'role' }, session.role)),
          h('button', { type: 'button', class: 'button quiet', onclick: () => this.#signOut() }, 'Sign out'),
        )
      : h('a', { class: 'button', href: '#sign-in', onclick: event => this.#signIn(event) }, 'Sign in');
  }

  async #signOut() {
    try {
      await this.app.session.signOut(this.app.api);
      await this.app.begin();
    } catch (error) {
      this.announce(`You are still signed in: ${error.message}`, 'bad');
    }
  }

  #signIn(event) {
    event.preventDefault();
    this.app.session.ask(true);
  }

  #banner() {
    const { log, overview } = this.app;
    if (log?.state === 'broken' && this.app.session.welcome) {
      return h('p', {}, icon('bad'), h('span', {}, 'The server does not answer. What you see is ', since(new Date(log.since).toISOString()), ' old; this page comes back by itself and misses nothing.'));
    }
    return overview?.error && overview.error.status !== 401 && h('p', {}, icon('bad'), h('span', {}, overview.error.message));
  }
}

function themeButton(redraw) {
  const now = theme();
  return h(
    'button',
    {
      type: 'button',
      class: 'button icon-button',
      'aria-label': `Colours: ${now}. Change`,
      title: `Colours: ${now}`,
      onclick: () => {
        nextTheme();
        redraw();
      },
    },
    icon(now),
  );
}
