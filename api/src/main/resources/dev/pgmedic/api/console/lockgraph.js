// Who waits for whom, as sessions and edges, from a report of locks. Whoever waits for nobody stands in the first
// column, whoever waits for them in the next, and so on.

/** The sessions by column, and the edges from each that waits to each that it waits for. */
export function lockGraph(report) {
  const nodes = new Map();
  const edges = new Map();
  report.locks.forEach(lock => addLock(nodes, edges, lock));
  report.blocking.forEach(blocking => addBlocking(nodes, edges, blocking));
  return { columns: columns(nodes, edges), edges: direct([...edges.values()]) };
}

// Whoever stands behind somebody who stands behind a third waits for the third too; that line says nothing new.
function direct(edges) {
  return edges.filter(edge => !edges.some(other => other.from === edge.from && other.to !== edge.to && reaches(edges, other.to, edge.to, new Set([edge.from]))));
}

function reaches(edges, from, to, seen) {
  if (from === to) {
    return true;
  }
  seen.add(from);
  return edges.some(edge => edge.from === from && !seen.has(edge.to) && reaches(edges, edge.to, to, seen));
}

function addLock(nodes, edges, lock) {
  const id = holderOf(lock);
  const node = add(nodes, id, lock.holder, lock.prepared_transaction ?? lock.recorded_by ?? 'nobody known');
  node.holds.push(lock);
  for (const waiter of lock.waiters ?? []) {
    const name = `${lock.tool} ${lock.kind === 'advisory' ? 'lock' : lock.table ?? lock.key}`;
    addWaiter(nodes, edges, { waiter, queue: lock.waiters, holder: id, name });
  }
}

function addBlocking(nodes, edges, blocking) {
  const root = blocking.root ? `pid-${blocking.root.pid}` : `prepared-${blocking.prepared_transaction}`;
  const node = add(nodes, root, blocking.root, blocking.prepared_transaction ?? 'nobody known');
  node.others += blocking.others_waiting;
  blocking.migrations.forEach(waiter => addWaiter(nodes, edges, { waiter, queue: blocking.migrations, holder: root, name: waiter.wants?.replace(/Lock on .*/, '') }));
}

// The server says that whoever queues waits for those before them too; drawn, they stand below each other.
function addWaiter(nodes, edges, { waiter, queue, holder, name }) {
  const from = `pid-${waiter.pid}`;
  add(nodes, from, waiter, '').waits = true;
  const before = queue.map(other => `pid-${other.pid}`);
  const known = (waiter.blocked_by ?? []).map(pid => `pid-${pid}`).filter(id => nodes.has(id) && !before.includes(id));
  for (const to of known.length ? known : [holder]) {
    edges.set(`${from} ${to}`, { from, to, name: name ?? '', polls: waiter.waits === 'polls' });
  }
}

function holderOf(lock) {
  if (lock.holder) {
    return `pid-${lock.holder.pid}`;
  }
  return lock.prepared_transaction ? `prepared-${lock.prepared_transaction}` : `row-${lock.table}-${lock.key}`;
}

function add(nodes, id, session, name) {
  if (!nodes.has(id)) {
    nodes.set(id, { id, session, name, holds: [], others: 0, waits: false });
  }
  return nodes.get(id);
}

function columns(nodes, edges) {
  const found = [];
  for (const node of nodes.values()) {
    (found[depth(node.id, edges, [])] ??= []).push(node);
  }
  return found.filter(Boolean);
}

// A ring of waiters ends where it began.
function depth(id, edges, seen) {
  if (seen.includes(id)) {
    return 0;
  }
  const behind = [...edges.values()].filter(edge => edge.from === id).map(edge => depth(edge.to, edges, [...seen, id]) + 1);
  return Math.max(0, ...behind);
}
