"""What is in a figure as it is sent to the browser."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go

LINK = "<a href=//e.co>x</a>"  # plotly makes a link of it wherever it is text


def texts_of(figure: go.Figure) -> str:
    """All texts of the figure's JSON, one a line."""
    return "\n".join(_texts(json.loads(figure.to_json())))


def _texts(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return [text for value in inner for text in _texts(value)]
