// What an admin may say of an issue: that it is over, that it is meant, or that it may wait. The reason goes to the audit.

import { h } from '../dom.js';

const HOUR = 3600000;
const WAITS = [
  [HOUR, 'an hour'],
  [8 * HOUR, '8 hours'],
  [24 * HOUR, 'a day'],
  [7 * 24 * HOUR, 'a week'],
];

const MEANT = ['schema.drift', 'table.missing', 'enum.missing', 'enum.value-missing', 'enum.value-unexpected', 'enum.order', 'enum.leftover', 'constraint.not-valid'];

/** The form of an issue, folded away. */
export function settle(app, issue, load) {
  const say = (event, word, more = () => ({})) => said(app, event.target.form, issue, word, more, load);
  return (
    app.session.may('admin') &&
    h(
      'details',
      { class: 'settle' },
      h('summary', {}, 'Settle'),
      h(
        'form',
        { class: 'decide', onsubmit: event => event.preventDefault() },
        h('label', { for: `reason-${issue.id}` }, 'Reason'),
        h('textarea', { id: `reason-${issue.id}`, name: 'reason', rows: '2', maxlength: '2000', required: true }),
        h(
          'div',
          { class: 'buttons' },
          issue.code === 'data.lost' && h('button', { type: 'button', class: 'button', onclick: event => say(event, 'resolve') }, 'It is over'),
          MEANT.includes(issue.code) && h('button', { type: 'button', class: 'button', onclick: event => say(event, 'accept') }, 'It is meant'),
          h('button', { type: 'button', class: 'button', onclick: event => say(event, 'silence', until) }, 'Silence for'),
          h('select', { name: 'wait', 'aria-label': 'For how long' }, WAITS.map(([millis, name]) => h('option', { value: millis }, name))),
        ),
      ),
    )
  );
}

function until(form) {
  return { until: new Date(Date.now() + Number(form.elements.wait.value)).toISOString() };
}

async function said(app, form, issue, word, more, load) {
  if (!form.reportValidity()) {
    return;
  }
  try {
    await app.api.post(`/api/issues/${issue.id}/${word}`, { reason: form.elements.reason.value.trim(), ...more(form) });
    app.announce(`${issue.code}: ${word === 'silence' ? 'silenced' : 'settled'}`, 'ok');
  } catch (error) {
    app.announce(error.message, 'high');
  }
  await load();
}
