// Puts the view of the address on the page and keeps it up to date.

import { h } from './dom.js';
import { morph } from './morph.js';
import { onceAFrame } from './pace.js';
import { route } from './router.js';
import { audit } from './views/audit.js';
import { events } from './views/events.js';
import { fleet } from './views/fleet.js';
import { nowhere } from './views/nowhere.js';
import { signIn } from './views/signin.js';
import { target } from './views/target.js';
import { task } from './views/task.js';
import { tasks } from './views/tasks.js';

const VIEWS = { fleet, target, tasks, task, events, audit, nowhere };

/**
 * Where views are shown. A view has `title()`, `render()` and, where it needs them, `refresh()`, `happened(event)` and
 * `leave()`.
 */
export class Stage {
  constructor(app, shell) {
    this.app = app;
    this.shell = shell;
    this.main = document.getElementById('main');
    this.view = null;
    this.place = null;
    this.draw = onceAFrame(() => this.#draw());
  }

  /** Shows the view of the address. */
  show() {
    this.view?.leave?.();
    const { view, params, query } = route(location.hash);
    this.view = VIEWS[view](this.app, params, query);
    this.main.replaceChildren();
    this.shell.draw();
    this.#draw();
    this.refresh();
    scrollTo(0, 0);
    this.#focus();
  }

  // Whoever hears the page hears that it is another one; whoever comes first starts at the top.
  #focus() {
    const place = location.hash;
    if (this.place !== null && this.place !== place) {
      const heading = this.main.querySelector('h1');
      heading?.setAttribute('tabindex', '-1');
      heading?.focus({ preventScroll: true });
    }
    this.place = place;
  }

  refresh() {
    this.view?.refresh?.();
  }

  happened(event) {
    this.view?.happened?.(event);
    this.draw();
  }

  #draw() {
    const view = this.app.session.welcome ? this.view : signIn(this.app);
    if (!view) {
      return;
    }
    document.title = `${view.title()} · pgmedic`;
    const name = this.app.session.welcome ? location.hash : 'sign-in';
    morph(this.main, h('main', { id: 'main', tabindex: '-1' }, h('div', { class: 'page', 'data-key': name }, view.render())));
  }
}
