// Small pictures of the products on the map: one beside what is pointed at, and the picture that was asked with, pinned
// to its place. Pictures that are not here yet are asked for by their row. Nothing of the data becomes HTML: an address
// that holds a picture is the source of an image, and rows are compared as numbers.
const SIDE = 88; // pixels of the picture beside the title
const PIN = 64; // pixels of the pinned one
const WATCH = 400; // milliseconds between two looks whether the chart was drawn anew, without what hangs on it
const REST = 70; // milliseconds that the mouse rests on a dot before its picture is asked for
const states = new WeakMap();

const image = (side) => {
  const made = document.createElement("img");
  made.alt = ""; // the title beside it says what it is
  Object.assign(made.style, {
    position: "absolute", width: `${side}px`, height: `${side}px`, objectFit: "contain", boxSizing: "border-box",
    background: "white", border: "2px solid rgba(120, 128, 138, 0.6)", borderRadius: "10px", pointerEvents: "none",
    boxShadow: "0 2px 10px rgba(0, 0, 0, 0.35)", display: "none", zIndex: 6,
  });
  return made;
};

const made = () => ({
  pictures: new Map(), shop: null, card: image(SIDE), pin: image(PIN), graph: null, row: null, ask: null, timer: null,
  tries: 0, gone: false, data: null, watch: null,
});

function place(state) { // the picture stands on the title's card, or below it where there is no room above
  const { card, graph, row } = state;
  const label = graph?.querySelector("g.hovertext");
  const source = row === null ? null : state.pictures.get(row);
  if (!label || !source) { card.style.display = "none"; return; }
  const at = label.getBoundingClientRect();
  const within = graph.getBoundingClientRect();
  const top = at.top - within.top - SIDE - 2;
  const left = Math.min(at.left - within.left, within.width - SIDE);
  if (card.src !== source) card.src = source;
  Object.assign(card.style, {
    left: `${Math.max(left, 0)}px`, top: `${top >= 0 ? top : at.bottom - within.top + 2}px`, display: "block",
  });
}

function pinned(state) {
  const { pin, graph, data } = state;
  const { xaxis, yaxis } = graph?._fullLayout ?? {};
  const trace = (graph?._fullData ?? []).find((each) => each.meta === data.asked.meta);
  if (!trace?.x || !xaxis?.l2p || !data.asked.picture) { pin.style.display = "none"; return; }
  const [x, y] = [xaxis._offset + xaxis.l2p(trace.x[0]), yaxis._offset + yaxis.l2p(trace.y[0])];
  const seen = x >= xaxis._offset && x <= xaxis._offset + xaxis._length && y >= yaxis._offset &&
    y <= yaxis._offset + yaxis._length;
  if (pin.src !== data.asked.picture) pin.src = data.asked.picture;
  const above = y - yaxis._offset > PIN + 16;
  Object.assign(pin.style, {
    left: `${Math.min(Math.max(x - PIN / 2, 0), graph.clientWidth - PIN)}px`, top: `${above ? y - PIN - 14 : y + 14}px`,
    display: seen ? "block" : "none", border: `3px solid ${data.asked.colour}`,
  });
}

function over(state, event) {
  const of = event.points?.[0]?.customdata;
  const row = Number(Array.isArray(of) ? of[0] : of ?? NaN);
  state.row = Number.isInteger(row) ? row : null;
  clearTimeout(state.timer);
  requestAnimationFrame(() => place(state)); // once the title is drawn
  if (state.row !== null && !state.pictures.has(state.row))
    state.timer = setTimeout(() => state.ask?.(row), REST);
}

function link(state) {
  if (state.gone) return;
  const graph = document.querySelector(`.${state.data.chart} .js-plotly-plot`);
  if (!graph?.on) {
    if (state.tries++ < 80) setTimeout(() => link(state), 150); // the chart is drawn after the page
    return;
  }
  if (state.graph !== graph || !graph.contains(state.card)) {
    unlink(state);
    state.graph = graph;
    graph.style.position = "relative";
    state.listeners = {
      plotly_hover: (event) => over(state, event),
      plotly_unhover: () => { clearTimeout(state.timer); state.row = null; place(state); },
      ...Object.fromEntries(["plotly_afterplot", "plotly_relayout", "plotly_relayouting"].map((name) =>
        [name, () => { pinned(state); place(state); }])),
    };
    for (const [name, act] of Object.entries(state.listeners)) graph.on(name, act);
  }
  graph.append(state.pin, state.card);
  pinned(state);
  place(state);
}

function watch(state) { // another view is another chart, or the same one emptied: both without our pictures
  const graph = document.querySelector(`.${state.data.chart} .js-plotly-plot`);
  if (graph?.on && (graph !== state.graph || !graph.contains(state.card))) link(state);
}

function unlink(state) {
  for (const [name, act] of Object.entries(state.listeners ?? {})) state.graph?.removeListener?.(name, act);
  state.graph = null;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const state = states.get(parentElement) ?? made();
  states.set(parentElement, state);
  if (state.shop !== data.shop) { state.pictures.clear(); state.shop = data.shop; }
  for (const [row, address] of Object.entries(data.pictures)) state.pictures.set(Number(row), address);
  Object.assign(state, { data, tries: 0, gone: false, ask: (row) => setTriggerValue("row", row) });
  link(state);
  clearInterval(state.watch);
  state.watch = setInterval(() => watch(state), WATCH);
  return () => {
    state.gone = true;
    clearTimeout(state.timer);
    clearInterval(state.watch);
    unlink(state);
    state.card.remove();
    state.pin.remove();
    states.delete(parentElement);
  };
}
