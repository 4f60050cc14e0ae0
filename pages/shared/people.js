// The tile that is picked is seen whole where the row of tiles is longer than the window.
export default function ({ data }) {
  const bring = () => {
    const tile = document.querySelector(`.${CSS.escape(data.picked)}`);
    let row = tile?.parentElement;
    while (row && !["auto", "scroll"].includes(getComputedStyle(row).overflowX)) row = row.parentElement;
    if (!row) return;
    const inside = tile.getBoundingClientRect();
    const around = row.getBoundingClientRect();
    if (inside.left < around.left) row.scrollLeft -= around.left - inside.left;
    if (inside.right > around.right) row.scrollLeft += inside.right - around.right;
  };
  const frame = requestAnimationFrame(bring); // once the row is laid out
  return () => cancelAnimationFrame(frame);
}
