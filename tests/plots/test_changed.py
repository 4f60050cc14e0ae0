"""Changes stand beside 0 with their intervals, whatever they are of."""

from __future__ import annotations

import pytest

from recsys.plots.changed import changed
from recsys.plots.learning import changes


def test_each_mark_has_its_interval_and_names_are_only_text() -> None:
    figure = changed(["<b>one</b>", "two"], [0.1, -0.2], [(0.05, 0.2), (-0.3, -0.1)], "Changes", "change")
    marks = figure.data[0]
    assert list(marks.x) == [0.1, -0.2]
    assert list(marks.error_x.array) == pytest.approx([0.1, 0.1])
    assert list(marks.error_x.arrayminus) == pytest.approx([0.05, 0.1])
    assert "<b>" not in marks.y[0]


def test_a_goal_is_dotted_beside_the_line_of_no_change() -> None:
    lines = [{"label": "counts", "change": 0.04, "change_ci95": (0.03, 0.05)}]
    lines_drawn = changes(lines, 0.03, "Changes", "change").layout.shapes
    assert [(shape.x0, shape.line.dash) for shape in lines_drawn] == [(0.0, None), (0.03, "dot")]
