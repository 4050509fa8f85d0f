// The picture of who waits for whom. What it shows stands as text below it.

import { s } from './dom.js';
import { span } from './format.js';
import { lockGraph } from './lockgraph.js';

const WIDTH = 280;
const HEIGHT = 74;
const GAP_X = 128;
const GAP_Y = 18;
const MARGIN = 4;

/** The picture of a report; nothing when nobody holds anything. */
export function lockPicture(report) {
  const graph = lockGraph(report);
  if (graph.columns.length === 0) {
    return null;
  }
  const places = placed(graph.columns);
  const width = graph.columns.length * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
  const height = Math.max(...[...places.values()].map(place => place.y + HEIGHT)) + MARGIN;
  return s(
    'svg',
    { class: 'lock-picture', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': told(graph) },
    s('defs', {}, s('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' }, s('path', { d: 'M0 0 8 4 0 8Z', class: 'arrow' }))),
    graph.edges.map(edge => line(edge, places)),
    graph.columns.flat().map(node => box(node, places.get(node.id))),
  );
}

function placed(columns) {
  const tallest = Math.max(...columns.map(column => column.length));
  const places = new Map();
  columns.forEach((column, i) => {
    const top = ((tallest - column.length) * (HEIGHT + GAP_Y)) / 2;
    column.forEach((node, j) => places.set(node.id, { x: MARGIN + i * (WIDTH + GAP_X), y: MARGIN + top + j * (HEIGHT + GAP_Y) }));
  });
  return places;
}

function line(edge, places) {
  const from = places.get(edge.from);
  const to = places.get(edge.to);
  const [x1, y1, x2, y2] = [from.x, from.y + HEIGHT / 2, to.x + WIDTH + 2, to.y + HEIGHT / 2];
  const bend = (x1 - x2) / 2;
  return s(
    'g',
    { class: edge.polls ? 'edge polls' : 'edge' },
    s('path', { d: `M${x1} ${y1}C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`, 'marker-end': 'url(#arrow)' }),
    s('text', { x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 7, 'text-anchor': 'middle' }, cut(edge.name, 18)),
  );
}

function box(node, { x, y }) {
  const verdict = node.holds.map(lock => lock.verdict).find(word => word === 'orphaned' || word === 'suspected');
  return s(
    'g',
    { class: `session ${verdict ?? (node.waits ? 'waits' : 'holds')}`, transform: `translate(${x} ${y})` },
    s('rect', { width: WIDTH, height: HEIGHT, rx: 10 }),
    s('text', { x: 14, y: 25, class: 'session-name' }, cut(name(node), 31)),
    s('text', { x: 14, y: 44, class: 'session-does' }, cut(does(node.session), 36)),
    s('text', { x: 14, y: 62, class: 'session-holds' }, cut(role(node, verdict), 34)),
  );
}

function name(node) {
  return node.session ? `${node.session.pid}  ${node.session.application_name || node.session.user || ''}` : node.name;
}

function does(session) {
  if (!session) {
    return 'no session';
  }
  const time = session.state_for_ms === null || session.state_for_ms === undefined ? '' : ` for ${span(session.state_for_ms)}`;
  return `${session.state ?? 'not to be seen'}${time}`;
}

function role(node, verdict) {
  if (node.holds.length) {
    const first = node.holds[0];
    const more = node.holds.length > 1 ? ` and ${node.holds.length - 1} more` : '';
    return `${verdict ? `${verdict}: ` : ''}holds ${first.tool} ${first.kind === 'advisory' ? 'lock' : first.table ?? first.key}${more}`;
  }
  if (node.waits) {
    return node.session?.statement ? `wants: ${node.session.statement}` : 'waits';
  }
  return node.others ? `keeps ${node.others} more waiting` : 'keeps others waiting';
}

function told(graph) {
  return graph.edges.length ? graph.edges.map(edge => `${edge.from.replace('pid-', 'session ')} waits for ${edge.to.replace('pid-', 'session ')}`).join('; ') : 'Nobody waits for anybody';
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
