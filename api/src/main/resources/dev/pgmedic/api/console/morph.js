// Makes what is on the screen look like what is wanted, and touches only what differs: the focus, what somebody
// types, what is scrolled and what is unfolded stay as they are while the page is live.

const HANDLERS = ['onclick', 'onsubmit', 'oninput', 'onchange', 'onkeydown'];

/** Makes `old` look like `wanted`, which is used up. */
export function morph(old, wanted) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== wanted.data) {
      old.data = wanted.data;
    }
    return;
  }
  attributes(old, wanted);
  HANDLERS.forEach(name => {
    old[name] = wanted[name];
  });
  children(old, wanted);
}

function attributes(old, wanted) {
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && !isTheReaders(old, name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value && !isTheReaders(old, name)) {
      old.setAttribute(name, value);
    }
  }
}

// Whether something is unfolded is for the reader to say.
function isTheReaders(node, attribute) {
  return node.nodeName === 'DETAILS' && attribute === 'open';
}

function children(old, wanted) {
  const coming = new Set([...wanted.childNodes].map(key).filter(Boolean));
  const there = new Map([...old.childNodes].map(node => [key(node), node]));
  let at = old.firstChild;
  for (const child of [...wanted.childNodes]) {
    while (at && key(at) && !coming.has(key(at))) {
      at = removed(at);
    }
    const known = key(child) ? there.get(key(child)) : alike(at, child);
    if (!known || known.nodeName !== child.nodeName) {
      old.insertBefore(child, at);
    } else {
      if (known === at) {
        at = at.nextSibling;
      } else {
        old.insertBefore(known, at);
      }
      morph(known, child);
    }
  }
  while (at) {
    at = removed(at);
  }
}

function alike(at, child) {
  return at && !key(at) && at.nodeType === child.nodeType && at.nodeName === child.nodeName ? at : null;
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null;
}
