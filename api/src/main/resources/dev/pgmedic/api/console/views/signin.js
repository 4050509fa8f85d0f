// Asks for a token.

import { h } from '../dom.js';
import { icon } from '../icons.js';

let refusal = null;
let trying = false;

/** The view of whoever the server does not know. */
export function signIn(app) {
  return { title: () => 'Sign in', render: () => form(app) };
}

function form(app) {
  return h(
    'form',
    { class: 'panel sign-in', onsubmit: event => tried(app, event) },
    h('img', { src: '/console/icon.svg', alt: '', width: '48', height: '48' }),
    h('h1', {}, 'Sign in to pgmedic'),
    !refusal && app.session.ended && h('p', { class: 'refusal', role: 'alert' }, icon('bad'), `${app.session.ended[0].toUpperCase()}${app.session.ended.slice(1)}.`),
    h('p', { class: 'muted' }, 'With a token of this server. It is not kept: the browser gets a session, which ends when you sign out, when nobody uses it, or with the token.'),
    h('label', { for: 'token' }, 'Token'),
    h('input', {
      id: 'token',
      type: 'password',
      autocomplete: 'current-password',
      spellcheck: 'false',
      required: true,
      'aria-invalid': refusal ? 'true' : null,
      'aria-describedby': refusal ? 'refusal' : null,
    }),
    refusal && h('p', { id: 'refusal', class: 'refusal', role: 'alert' }, icon('bad'), refusal),
    h('button', { class: 'button primary', disabled: trying }, trying ? 'Signing in …' : 'Sign in'),
    h('button', { type: 'button', class: 'button quiet', onclick: () => without(app) }, 'Look around without a token'),
  );
}

async function tried(app, event) {
  event.preventDefault();
  const field = event.target.querySelector('#token');
  await begun(
    app,
    () => app.session.signIn(app.api, field.value.trim()),
    error => (error.status === 401 ? 'This token is not known here.' : error.message),
  );
  if (!refusal) {
    field.value = '';
  }
}

async function without(app) {
  await begun(
    app,
    () => app.session.signOut(app.api),
    error => (error.status === 401 ? 'This server shows nothing without a token.' : error.message),
  );
}

async function begun(app, first, why) {
  trying = true;
  refusal = null;
  app.draw();
  const error = await first().then(() => app.begin(), refused => refused);
  trying = false;
  refusal = error ? why(error) : null;
  app.session.ask(error !== null);
}
