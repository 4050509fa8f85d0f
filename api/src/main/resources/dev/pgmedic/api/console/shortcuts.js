// Keys: g and a letter goes somewhere, / finds. They are off while somebody types.

const PLACES = { f: '#/', t: '#/tasks', e: '#/events', a: '#/audit' };
const PATIENCE = 1500;

/** Listens for the keys. */
export function startShortcuts() {
  let asked = 0;
  addEventListener('keydown', event => {
    if (event.target.matches?.('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'g') {
      asked = event.timeStamp;
    } else if (event.key === '/') {
      const filter = document.querySelector('input[type=search]');
      if (filter) {
        event.preventDefault();
        filter.focus();
      }
    } else if (PLACES[event.key] && event.timeStamp - asked < PATIENCE) {
      asked = 0;
      location.hash = PLACES[event.key];
    }
  });
}
