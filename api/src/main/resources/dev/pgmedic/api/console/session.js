// Who sits here. The browser keeps a cookie that no script reads; a token is sent once, to get it, and kept nowhere.

const RANKS = ['viewer', 'approver', 'admin'];

/** Whoever uses this browser. */
export class Session {
  #others = new BroadcastChannel('pgmedic.session');

  constructor() {
    this.name = null;
    this.role = null;
    this.asking = false;
    this.ended = null;
    this.changed = () => {};
  }

  /** What is to be done when somebody signs in or out in another tab. */
  set changedElsewhere(begin) {
    this.#others.onmessage = begin;
  }

  get signedIn() {
    return this.name !== null && this.role !== null;
  }

  /** Whether the server lets this one look at all, and they do not sign in just now. */
  get welcome() {
    return this.role !== null && !this.asking;
  }

  /** Somebody wants to sign in, or does not any more. */
  ask(wanted) {
    this.asking = wanted;
    this.changed();
  }

  /** Whether this one may do what needs a role. */
  may(role) {
    return RANKS.indexOf(this.role) >= RANKS.indexOf(role);
  }

  /** Signs in with a token. */
  async signIn(api, token) {
    await api.send('POST', '/api/session', undefined, { Authorization: `Bearer ${token}` });
    this.#left();
  }

  /** Signs out, also whose session has ended. */
  async signOut(api) {
    await api.send('DELETE', '/api/session');
    this.#left();
  }

  #left() {
    this.name = null;
    this.role = null;
    this.ended = null;
    this.#others.postMessage('changed');
  }

  /** Notes who the server says that this is. */
  is(caller) {
    this.name = caller.name;
    this.role = caller.role;
    this.ended = null;
    this.changed();
  }

  /** The server does not know this one, or not any more. */
  refused(problem) {
    this.name = null;
    this.role = null;
    if (problem.type?.endsWith(':session-ended')) {
      this.ended = problem.detail;
    }
    this.changed();
  }
}
