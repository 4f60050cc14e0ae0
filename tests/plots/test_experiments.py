"""Charts of tests show the figures they are given."""

from __future__ import annotations

import numpy as np

from recsys.plots.experiments import alarms, power_curve


def test_power_rises_along_two_lines_with_a_mark_where_it_is_as_wanted() -> None:
    people = np.array([100.0, 200.0])
    curve = {"people": people, "plain": np.array([0.4, 0.8]), "cuped": np.array([0.5, 0.9])}
    figure = power_curve(curve, 0.8, {"plain": 200.0, "cuped": 160.0}, "<b>shoppers")
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [list(line.y) for line in lines] == [[0.4, 0.8], [0.5, 0.9]]
    assert [(mark.x[0], mark.y[0]) for mark in marks] == [(200.0, 0.8), (160.0, 0.8)]
    assert "<b>" not in figure.layout.xaxis.title.text


def test_a_bar_for_each_way_to_look_with_its_interval() -> None:
    lines = [
        {"label": "usual", "share": 0.4, "share_ci95": [0.35, 0.45]},
        {"label": "any time", "share": 0.02, "share_ci95": [0.01, 0.03]},
    ]
    figure = alarms(lines, 0.05)
    assert [bar.x[0] for bar in figure.data] == [0.4, 0.02]
    assert np.allclose([bar.error_x.array[0] for bar in figure.data], [0.05, 0.01])
    assert figure.data[0].marker.color != figure.data[1].marker.color
