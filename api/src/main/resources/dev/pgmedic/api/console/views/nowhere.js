// An address that shows nothing.

import { h } from '../dom.js';

/** The view of an address that there is not. */
export function nowhere() {
  return {
    title: () => 'Nothing here',
    render: () => [h('h1', {}, 'Nothing here'), h('p', {}, 'There is no page at this address. ', h('a', { href: '#/' }, 'To the fleet'))],
  };
}
