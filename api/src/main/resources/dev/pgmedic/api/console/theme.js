// Light, dark, or as the system says.

const KEY = 'pgmedic.theme';
const ORDER = ['system', 'light', 'dark'];

/** What was chosen last. */
export function theme() {
  return ORDER.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : 'system';
}

/** Puts the choice on the page. */
export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

/** Chooses the next one. */
export function nextTheme() {
  localStorage.setItem(KEY, ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length]);
  applyTheme();
}
