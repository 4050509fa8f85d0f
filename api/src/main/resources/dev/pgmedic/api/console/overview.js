// What every view shares: all targets with their health, and the tasks that are open. Read anew when an event says
// that something changed, and now and then, for a check that finds nothing makes no event.

import { debounced } from './pace.js';

const EVERY = 10000;
const OPEN = ['awaiting_approval', 'approved', 'running'];

/** The targets and the open tasks, as the API has them now. */
export class Overview {
  constructor(api) {
    this.api = api;
    this.targets = [];
    this.tasks = [];
    this.loaded = false;
    this.error = null;
    this.changed = () => {};
    this.soon = debounced(() => this.refresh(), 120);
    this.timer = setInterval(() => document.hidden || this.soon(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  async refresh() {
    try {
      const [targets, ...tasks] = await Promise.all([
        this.api.get('/api/targets'),
        ...OPEN.map(state => this.api.all(`/api/recovery-tasks?state=${state}`, 2)),
      ]);
      this.targets = targets.items;
      this.tasks = tasks.flat();
      this.loaded = true;
      this.error = null;
    } catch (error) {
      this.error = error;
      if (error.status === 401) {
        this.stop(); // each further request would count as a guess; whoever signs in begins anew
      }
    }
    this.changed();
  }

  /** The tasks of a target that are open. */
  tasksOf(target) {
    return this.tasks.filter(task => task.target === target);
  }

  /** A target by its name. */
  target(name) {
    return this.targets.find(target => target.name === name);
  }
}
