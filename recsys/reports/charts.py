"""A plotly figure as a script of a report: its text takes the reader's colours, and nothing in it is loaded."""

from __future__ import annotations

import json
from typing import Any, Final

INK: Final = "rgb(117, 118, 119)"
"""The colour of text that a figure leaves to the page. The style sheet looks for it and puts the reader's own in its
place; what is drawn on a canvas keeps it, which can be read on white and on black."""
CONFIG: Final = {
    "displaylogo": False,
    "responsive": True,
    "showTips": False,
}
HEIGHT: Final = 450  # pixels, where a figure says nothing: plotly's own
_UNSAFE: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def call(name: str, spec: str) -> tuple[str, int, bool]:
    """(the script that draws a figure into the element of that id, its height in pixels, whether it needs WebGL).

    No text of the figure ends the script early: the signs of HTML are written as JavaScript's escapes.
    """
    figure: dict[str, Any] = json.loads(spec, parse_constant=lambda _: None)  # no NaN in what follows
    data, layout = figure.get("data", []), dict(figure.get("layout", {}))
    height = int(layout.get("height") or HEIGHT)
    layout.pop("width", None)
    layout.update(template={}, autosize=True, height=height)
    layout["font"] = {"family": "system-ui, sans-serif", **layout.get("font", {}), "color": INK}
    if "images" in layout:
        layout["images"] = [each for each in layout["images"] if str(each.get("source", "")).startswith("data:image/")]
    drawn = any("gl" in str(trace.get("type", "")) or "3d" in str(trace.get("type", "")) for trace in data)
    arguments = ",".join(_script(each) for each in (name, data, layout, CONFIG))
    return f"Plotly.newPlot({arguments})", height, drawn


def _script(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_UNSAFE)
