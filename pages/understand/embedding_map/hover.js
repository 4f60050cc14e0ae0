// Links the products below the map with their dots: pointing at one, also by the keyboard, marks the other.
// No data is written into the page as HTML; rows are compared as numbers.
export default function (component) {
  const { prefix, colour } = component.data;
  const abort = new AbortController();
  const ring = document.createElement("div");
  Object.assign(ring.style, {
    position: "absolute", width: "26px", height: "26px", borderRadius: "50%", border: `4px solid ${colour}`,
    boxShadow: "0 0 0 2px white", transform: "translate(-50%, -50%)", pointerEvents: "none", display: "none", zIndex: 5,
  });
  const cards = () => [...document.querySelectorAll(`[class*="${prefix}"]`)];
  const rowOf = (card) => Number([...card.classList].find((name) => name.startsWith(prefix))?.slice(prefix.length));
  const mark = (row) => cards().forEach((card) => {
    card.style.outline = row !== null && rowOf(card) === row ? `3px solid ${colour}` : "";
    card.style.borderRadius = "10px";
  });

  const dotOf = (graph, row) => {
    for (const trace of graph._fullData ?? []) {
      const rows = trace.customdata;
      const at = rows ? Array.prototype.findIndex.call(rows, (each) => Number(each) === row) : -1;
      if (at >= 0 && trace.x) return [trace.x[at], trace.y[at]];
    }
    return null;
  };
  const show = (graph, row) => {
    const at = dotOf(graph, row);
    const { xaxis, yaxis } = graph._fullLayout ?? {};
    if (!at || !xaxis || !yaxis) return;
    ring.style.left = `${xaxis._offset + xaxis.l2p(at[0])}px`;
    ring.style.top = `${yaxis._offset + yaxis.l2p(at[1])}px`;
    ring.style.display = "block";
  };

  const over = (event) => mark(Number(event.points?.[0]?.customdata ?? NaN));
  const out = () => mark(null);
  let linked = null;
  let tries = 0;
  const link = () => {
    cards().forEach((card) => { card.tabIndex = 0; }); // the keyboard points at a product, and scrolls the row
    const graph = document.querySelector(".js-plotly-plot");
    if (!graph?.on || !cards().length) {
      if (tries++ < 60 && !abort.signal.aborted) setTimeout(link, 150); // the chart is drawn after the page
      return;
    }
    graph.style.position = "relative";
    graph.appendChild(ring);
    linked = graph;
    graph.on("plotly_hover", over);
    graph.on("plotly_unhover", out);
    for (const card of cards()) {
      for (const on of ["mouseenter", "focus"])
        card.addEventListener(on, () => show(graph, rowOf(card)), { signal: abort.signal });
      for (const off of ["mouseleave", "blur"])
        card.addEventListener(off, () => { ring.style.display = "none"; }, { signal: abort.signal });
    }
  };
  link();
  return () => {
    abort.abort();
    ring.remove();
    linked?.removeListener?.("plotly_hover", over);
    linked?.removeListener?.("plotly_unhover", out);
  };
}
