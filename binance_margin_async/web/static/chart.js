// The level over time with its bars, as SVG. Everything is made by createElementNS and textContent: no text is markup.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 190;
const PAD = { left: 8, right: 112, top: 10, bottom: 20 };

function make(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

export function clockText(ms) {
  return new Date(ms).toISOString().slice(11, 19);
}

// points: [[ms, level or null], …], oldest first; bars: {borrow, call, liquidation}, each a number or null.
export function drawChart(svg, points, bars) {
  const width = Math.max(260, svg.clientWidth || 600);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.replaceChildren();
  const levels = points.map((point) => point[1]).filter((level) => level !== null);
  if (!levels.length) {
    svg.append(make("text", { x: width / 2, y: HEIGHT / 2, "text-anchor": "middle" }, "Nothing is owed, so there is no level."));
    return;
  }
  const place = scales(points, levels, bars, width);
  svg.append(...drawGrid(points, place, width));
  svg.append(...drawBars(bars, place, width));
  svg.append(...drawLevel(points, place));
}

function scales(points, levels, bars, width) {
  const known = [...levels, bars.call, bars.liquidation].filter((value) => value !== null);
  // The bars that matter stay in sight, however far away the level is.
  const low = Math.min(...known), high = Math.max(...known);
  const room = (high - low || 0.1) * 0.08;
  const bottom = low - room, top = high + room;
  const from = points[0][0], to = Math.max(points[points.length - 1][0], from + 1000);
  const inner = { width: width - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom };
  return {
    x: (ms) => PAD.left + ((ms - from) / (to - from)) * inner.width,
    y: (level) => PAD.top + ((top - level) / (top - bottom)) * inner.height,
    right: PAD.left + inner.width, floor: PAD.top + inner.height, top, bottom,
  };
}

function drawGrid(points, place, width) {
  const from = points[0][0], to = points[points.length - 1][0];
  const base = make("line", { class: "grid", x1: PAD.left, x2: place.right, y1: place.floor, y2: place.floor });
  const first = make("text", { x: PAD.left, y: HEIGHT - 5 }, clockText(from));
  const last = make("text", { x: place.right, y: HEIGHT - 5, "text-anchor": "end" }, clockText(to));
  return width < 200 ? [base, last] : [base, first, last];
}

function drawBars(bars, place, width) {
  const drawn = [];
  let above = -Infinity;
  const known = Object.entries(bars).filter(([, bar]) => bar !== null && bar <= place.top && bar >= place.bottom);
  if (bars.liquidation !== null) {
    const y = place.y(bars.liquidation);
    drawn.push(make("rect", { class: "danger", x: PAD.left, width: place.right - PAD.left, y, height: Math.max(0, place.floor - y) }));
  }
  for (const [name, bar] of known.sort((one, other) => other[1] - one[1])) {
    const y = place.y(bar);
    above = Math.max(y, above + 13);
    drawn.push(make("line", { class: `bar ${name}`, x1: PAD.left, x2: place.right, y1: y, y2: y }));
    drawn.push(make("text", { class: name, x: place.right + 6, y: above + 4 }, `${name} ${+bar.toFixed(4)}`));
  }
  return drawn;
}

function drawLevel(points, place) {
  const drawn = [];
  for (const run of runs(points)) {
    const line = run.map(([ms, level]) => `${place.x(ms).toFixed(1)},${place.y(level).toFixed(1)}`).join(" L");
    const [start, end] = [place.x(run[0][0]).toFixed(1), place.x(run[run.length - 1][0]).toFixed(1)];
    drawn.push(make("path", { class: "area", d: `M${start},${place.floor} L${line} L${end},${place.floor} Z` }));
    drawn.push(make("path", { class: "line", d: `M${line}` }));
  }
  const [ms, level] = points[points.length - 1];
  if (level !== null) drawn.push(make("circle", { class: "point", cx: place.x(ms), cy: place.y(level), r: 3.5 }));
  return drawn;
}

// The stretches in which something was owed.
function runs(points) {
  const found = [];
  let run = [];
  for (const point of points) {
    if (point[1] !== null) { run.push(point); continue; }
    if (run.length) found.push(run);
    run = [];
  }
  if (run.length) found.push(run);
  return found;
}
