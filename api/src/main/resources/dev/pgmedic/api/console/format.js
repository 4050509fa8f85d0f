// Times and numbers, for people.

import { h } from './dom.js';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** A span of time: 340 ms, 12 s, 5 min, 3 h, 2 d. */
export function span(millis) {
  if (millis < 1000) {
    return `${Math.max(0, Math.round(millis))} ms`;
  }
  const seconds = millis / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  for (const [unit, length, limit] of [['s', 1, 120], ['min', 60, 7200], ['h', 3600, 172800]]) {
    if (seconds < limit) {
      return `${Math.round(seconds / length)} ${unit}`;
    }
  }
  return `${Math.round(seconds / 86400)} d`;
}

/** How long ago a moment was; it goes on by itself on the screen. */
export function ago(moment) {
  return h('time', { datetime: moment, 'data-age': 'ago', title: whole(moment) }, age(moment, 'ago'));
}

/** How long until a moment; it goes on by itself on the screen. */
export function until(moment) {
  return h('time', { datetime: moment, 'data-age': 'in', title: whole(moment) }, age(moment, 'in'));
}

/** How long something has been going on; it goes on by itself on the screen. */
export function since(moment) {
  return h('time', { datetime: moment, 'data-age': 'for', title: whole(moment) }, age(moment, 'for'));
}

/** What a moving time says now. */
export function age(moment, kind) {
  const millis = Date.now() - Date.parse(moment);
  const seconds = length => span(Math.floor(Math.max(0, length) / 1000) * 1000).replace('.0 ', ' ').replace('0 ms', '0 s');
  switch (kind) {
    case 'in': return millis > 0 ? 'now' : `in ${seconds(-millis)}`;
    case 'for': return seconds(millis);
    default: return millis < 1000 ? 'just now' : `${seconds(millis)} ago`;
  }
}

/** A moment: the time of the day, with the day in front unless it is today. */
export function at(moment) {
  const date = new Date(moment);
  const today = date.toDateString() === new Date().toDateString();
  return h('time', { datetime: moment, title: whole(moment) }, today ? CLOCK.format(date) : `${DAY.format(date)} ${CLOCK.format(date)}`);
}

function whole(moment) {
  return WHOLE.format(new Date(moment));
}

/** 1 issue, 2 issues. */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** A name with underscores or dots, as words. */
export function words(name) {
  return name.replace(/[_.-]/g, ' ');
}
