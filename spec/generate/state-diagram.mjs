// The state table as a Mermaid diagram and as SVG.

/** The state table in Mermaid's notation. */
export function mermaidDiagram({ transitions }) {
  const lines = transitionsByEnds(transitions).map(
    ({ from, to, labels }) => `  ${from ?? '[*]'} --> ${to ?? '[*]'}: ${labels.join(', ')}`,
  );
  return `stateDiagram-v2\n${lines.join('\n')}\n`;
}

/**
 * The state table as SVG. What leaves a terminal state is the operator's and is drawn once for all three; transitions of a
 * state to itself are in the table only.
 */
export function svgDiagram({ states, transitions }) {
  const unplaced = states.filter(({ name }) => PLACES[name] === undefined);
  if (unplaced.length > 0) throw new Error(`state diagram: expected a place for ${unplaced[0].name}`);
  const terminal = new Set(states.filter((state) => state.terminal).map(({ name }) => name));
  const drawn = transitionsByEnds(transitions).filter(
    ({ from, to }) => from !== null && from !== to && !terminal.has(from),
  );
  return `<svg viewBox="0 0 860 500" role="img" aria-label="States of a task">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="group" x="660" y="20" width="180" height="400" rx="8"/><text class="group" x="750" y="412">terminal</text>
${states.map(({ name }) => box(name)).join('\n')}
<path class="edge" d="M2 190 H36"/><text x="2" y="156" class="left">submit</text>
${drawn.map(edge).join('\n')}
<path class="edge" d="M750 422 V470 H105 V216"/><text x="430" y="488">retry (by the operator)</text>
</svg>`;
}

const PLACES = {
  pending: [105, 190],
  running: [400, 190],
  failed: [750, 60],
  completed: [750, 190],
  cancelled: [750, 330],
};

/** Path and place of the label of every edge that is drawn. */
const ROUTES = {
  'pending running': ['M172 180 H330', 250, 170],
  'running pending': ['M332 200 H176', 252, 222],
  'running completed': ['M467 190 H680', 565, 182],
  'running failed': ['M467 180 C540 150 600 110 680 75', 508, 96],
  'running cancelled': ['M467 200 C540 240 600 280 680 315', 535, 292],
  'pending failed': ['M105 164 C160 40 420 20 680 45', 330, 34],
  'pending cancelled': ['M120 216 C200 360 440 380 680 345', 330, 372],
};

function edge({ from, to, labels }) {
  const route = ROUTES[`${from} ${to}`];
  if (route === undefined) throw new Error(`state diagram: expected a route from ${from} to ${to}`);
  const [path, x, y] = route;
  const lines = inLines(labels);
  const spans = lines.map((line, index) => `<tspan x="${x}" dy="${index === 0 ? 0 : 14}">${line}</tspan>`);
  return `<path class="edge" d="${path}"/><text x="${x}" y="${y}">${spans.join('')}</text>`;
}

function inLines(labels) {
  const lines = [];
  for (let index = 0; index < labels.length; index += 2)
    lines.push(labels.slice(index, index + 2).join(', '));
  return lines;
}

function box(name) {
  const [x, y] = PLACES[name];
  return `<rect class="state" x="${x - 66}" y="${y - 26}" width="132" height="52" rx="8"/><text class="state" x="${x}" y="${y + 5}">${name}</text>`;
}

function transitionsByEnds(transitions) {
  const byEnds = new Map();
  for (const { from, to, event } of transitions) {
    const key = `${from} ${to}`;
    const before = byEnds.get(key) ?? { from, to, labels: [] };
    if (!before.labels.includes(event)) before.labels.push(event);
    byEnds.set(key, before);
  }
  return [...byEnds.values()];
}
