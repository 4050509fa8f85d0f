// Times that go on by themselves.

import { age } from './format.js';

/** Moves every age on the page on, once a second. */
export function startAges() {
  setInterval(() => {
    for (const time of document.querySelectorAll('time[data-age]')) {
      const text = age(time.dateTime, time.dataset.age);
      if (time.textContent !== text) {
        time.textContent = text;
      }
    }
  }, 1000);
}
