"""A figure as a script: the same numbers, no addresses, text in the reader's colours."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from recsys.plots.style import figure_style
from recsys.reports.charts import HEIGHT, INK, call


def arguments(figure: go.Figure) -> tuple[list[Any], int, bool]:
    script, height, webgl = call("chart-1", figure.to_json())
    return json.loads(f"[{script.removeprefix('Plotly.newPlot(').removesuffix(')')}]"), height, webgl


def test_the_data_are_the_same_and_the_page_gives_width_and_colour() -> None:
    figure = figure_style(go.Figure([{"type": "bar", "x": [1, 2], "y": [3, 4]}]), "Bars", height=260)
    figure.update_layout(width=900)
    (name, data, layout, config), height, webgl = arguments(figure)
    assert (name, height, webgl) == ("chart-1", 260, False)
    assert data == json.loads(figure.to_json())["data"]
    assert "width" not in layout
    assert layout["font"]["color"] == INK
    assert layout["template"] == {}
    assert config["responsive"]


def test_a_figure_without_a_height_has_that_of_plotly() -> None:
    assert arguments(go.Figure([{"y": [1]}]))[1] == HEIGHT


@pytest.mark.parametrize(("kind", "webgl"), [("scattergl", True), ("scatter3d", True), ("scatter", False)])
def test_which_charts_need_webgl(kind: str, webgl: bool) -> None:
    assert arguments(go.Figure([{"type": kind, "x": [1], "y": [1]}]))[2] == webgl


def test_pictures_that_would_be_loaded_are_left_out() -> None:
    figure = go.Figure([{"y": [1]}])
    figure.add_layout_image(source="https://evil.example/x.png")
    figure.add_layout_image(source="data:image/png;base64,AAAA")
    assert [each["source"] for each in arguments(figure)[0][2]["images"]] == ["data:image/png;base64,AAAA"]


def test_no_sign_of_html_and_no_end_of_a_line_is_left_in_the_script() -> None:
    hostile = "</script><!-- & \u2028 \u2029 'x' \"y\""
    script, *_ = call("c", go.Figure([{"y": [1], "name": hostile}]).to_json())
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(script)
    assert arguments(go.Figure([{"y": [1], "name": hostile}]))[0][1][0]["name"] == hostile


def test_what_is_no_number_is_nothing() -> None:
    script, *_ = call("c", '{"data": [{"y": [NaN, 1, Infinity]}], "layout": {}}')
    assert '"y":[null,1,null]' in script
