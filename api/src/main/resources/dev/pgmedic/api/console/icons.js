// The few pictures, as strokes on a grid of 16. They say nothing that words beside them do not say too.

import { s } from './dom.js';

const STROKES = {
  ok: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', 'm5.2 8.2 2 2 3.7-4.2'],
  bad: ['M8 1.8 14.8 13.8H1.2Z', 'M8 6.2v3.4', 'M8 11.7v.1'],
  critical: ['M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4Z', 'M8 4.8v4', 'M8 11.1v.1'],
  info: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', 'M8 7.4v3.6', 'M8 5v.1'],
  unknown: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', 'M6.3 6.3a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.6-.8 1.1', 'M8 11.2v.1'],
  waiting: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', 'M8 4.6V8l2.3 1.6'],
  running: ['M8 1.8a6.2 6.2 0 1 1-5.8 4'],
  stopped: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', 'M4 12 12 4'],
  failed: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z', 'm5.8 5.8 4.4 4.4m0-4.4-4.4 4.4'],
  pending: ['M8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6Z'],
  lock: ['M3.2 7.2h9.6v6.6H3.2Z', 'M5.2 7V4.8a2.8 2.8 0 0 1 5.6 0V7'],
  system: ['M2 3h12v8H2Z', 'M6 13.6h4M8 11v2.6'],
  light: ['M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z', 'M8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1m8 8 1 1M13 3l-1 1m-8 8-1 1'],
  dark: ['M13.6 9.6A6 6 0 0 1 6.4 2.4a6 6 0 1 0 7.2 7.2Z'],
  person: ['M8 2.2a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4Z', 'M2.8 14c.4-2.8 2.5-4.2 5.2-4.2s4.8 1.4 5.2 4.2'],
  pulse: ['M1.5 8.5H5l1.6-4 2.6 7.5 1.5-3.5h3.8'],
};

/** A picture that a screen reader passes over. */
export function icon(name) {
  const strokes = STROKES[name] ?? STROKES.unknown;
  return s(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' },
    strokes.map(d => s('path', { d })),
  );
}
