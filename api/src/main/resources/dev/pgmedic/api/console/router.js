// Which view an address shows. The address stands behind the hash, so that the server serves one page.

const ROUTES = [
  [/^\/?$/, 'fleet', []],
  [/^\/targets\/([^/]+)$/, 'target', ['name']],
  [/^\/tasks$/, 'tasks', []],
  [/^\/tasks\/([^/]+)$/, 'task', ['id']],
  [/^\/events$/, 'events', []],
  [/^\/audit$/, 'audit', []],
];

/** The view of an address and what it is about. */
export function route(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?');
  for (const [shape, view, names] of ROUTES) {
    const match = shape.exec(path);
    if (match) {
      const values = match.slice(1).map(decoded);
      return { view, params: Object.fromEntries(names.map((name, i) => [name, values[i]])), query: new URLSearchParams(query) };
    }
  }
  return { view: 'nowhere', params: {}, query: new URLSearchParams() };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a target. */
export function targetAt(name) {
  return `#/targets/${encodeURIComponent(name)}`;
}

/** The address of a task. */
export function taskAt(id) {
  return `#/tasks/${encodeURIComponent(id)}`;
}
