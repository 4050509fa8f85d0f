// The event log, followed without a gap: a page of what was, then the stream from the page's cursor on. When the
// connection breaks the stream is taken up again behind the last event that arrived.

import { frames } from './sse.js';

const KEPT = 500;
const SILENCE = 45000;
const PAUSES = [300, 1000, 2000, 4000, 8000];

/** The newest events, oldest first, and whether they are live. */
export class EventLog {
  #cursor = null;
  #stop = new AbortController();

  constructor(api, session) {
    this.api = api;
    this.session = session;
    this.events = [];
    this.state = 'connecting';
    this.since = Date.now();
    this.happened = () => {};
    this.moved = () => {};
  }

  /** Follows the log until the tab is closed or `stop` is called. */
  async follow() {
    const stop = this.#stop.signal;
    for (let failures = 0; !stop.aborted; failures++) {
      try {
        await this.#connect(stop, () => {
          failures = -1;
        });
      } catch (error) {
        if (error.status === 401 || stop.aborted) {
          return;
        }
      }
      this.#to('broken');
      await pause(PAUSES[Math.min(Math.max(failures, 0), PAUSES.length - 1)]);
    }
  }

  stop() {
    this.#stop.abort();
  }

  /** The sequence of the last event that arrived. */
  get reached() {
    return Number(this.#cursor?.split('-')[1] ?? 0);
  }

  /** A cursor so many events back. */
  back(events) {
    const [epoch, sequence] = this.#cursor.split('-');
    return `${epoch}-${Math.max(0, Number(sequence) - events)}`;
  }

  async #connect(stop, connected) {
    if (this.#cursor === null) {
      await this.#begin();
    }
    const silent = new AbortController();
    let alarm = setTimeout(() => silent.abort(), SILENCE);
    try {
      const response = await fetch('/api/events', {
        headers: { Accept: 'text/event-stream', 'Last-Event-ID': this.#cursor },
        cache: 'no-store',
        signal: AbortSignal.any([stop, silent.signal]),
      });
      if (response.status === 401) {
        this.session.refused(await response.json().catch(() => ({})));
      }
      if (!response.ok) {
        throw Object.assign(new Error('refused'), { status: response.status });
      }
      connected();
      this.#to('live');
      await frames(response, frame => {
        clearTimeout(alarm);
        alarm = setTimeout(() => silent.abort(), SILENCE);
        this.#take(frame);
      });
    } finally {
      clearTimeout(alarm);
    }
  }

  async #begin() {
    this.#cursor = (await this.api.get('/api/events?after=now&limit=1')).cursor;
    const page = await this.api.get(`/api/events?after=${this.back(KEPT)}&limit=${KEPT}`);
    this.events = page.items;
    this.#cursor = page.cursor;
  }

  #take(frame) {
    if (frame.event === 'stale') {
      this.events = [];
    }
    if (frame.id) {
      this.#cursor = frame.id;
    }
    if (frame.data && frame.event !== 'stale') {
      const event = JSON.parse(frame.data);
      this.events = [...this.events.slice(-KEPT + 1), event];
      this.happened(event);
    }
  }

  #to(state) {
    if (this.state !== state) {
      this.state = state;
      this.since = Date.now();
      this.moved(state);
    }
  }
}

// The network's return ends the pause.
function pause(millis) {
  return new Promise(resolve => {
    const timer = setTimeout(done, millis + Math.random() * 200);
    addEventListener('online', done, { once: true });
    function done() {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    }
  });
}

/** An event's type without what all have in front. */
export function kind(event) {
  return event.type.replace('dev.pgmedic.', '');
}

/** The target that an event is about. */
export function targetOf(event) {
  return event.source.replace('/pgmedic/targets/', '');
}
