// The console: who sits here, what all views share, and which view is on the screen.

import { Api } from './api.js';
import { EventLog } from './events.js';
import { tell } from './news.js';
import { startAges } from './ages.js';
import { startShortcuts } from './shortcuts.js';
import { Overview } from './overview.js';
import { Session } from './session.js';
import { Shell } from './shell.js';
import { Stage } from './stage.js';
import { applyTheme } from './theme.js';

applyTheme();
const session = new Session();
const api = new Api(session);
const app = { session, api, log: null, overview: null };
const shell = new Shell(app);
const stage = new Stage(app, shell);
app.announce = (text, tone) => shell.announce(text, tone);
app.draw = () => stage.draw();

/** Begins anew, as whoever the server says that this is. */
app.begin = async function begin() {
  app.log?.stop();
  app.overview?.stop();
  app.overview = new Overview(api);
  app.log = new EventLog(api, session);
  app.overview.changed = () => {
    shell.draw();
    stage.draw();
  };
  app.log.happened = event => {
    if (!event.type.endsWith('step.progress')) {
      app.overview.soon();
    }
    stage.happened(event);
    tell(event);
  };
  app.log.moved = state => {
    shell.draw();
    if (state === 'live') {
      ask();
      app.overview.soon();
      stage.refresh();
    }
  };
  const refusal = await ask();
  if (refusal) {
    stage.draw();
    return refusal;
  }
  app.log.follow();
  app.overview.refresh();
  stage.show();
  return null;
};

// A server that is away knows nobody; what is shown then says that it is away, and whoever comes back is asked again.
async function ask() {
  try {
    session.is(await api.get('/api/whoami'));
    return null;
  } catch (error) {
    if (error.status >= 400 && error.status < 500) {
      return error;
    }
    session.is({ name: session.name, role: session.role ?? 'viewer' });
    return null;
  }
}

session.changed = () => {
  shell.draw();
  stage.draw();
};
session.changedElsewhere = () => app.begin();
startAges();
startShortcuts();
addEventListener('hashchange', () => stage.show());
document.getElementById('skip').onclick = event => {
  event.preventDefault();
  document.getElementById('main').focus();
};
app.begin();
