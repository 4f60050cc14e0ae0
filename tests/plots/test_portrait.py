"""Pictures of a shopper: areas that add up, figures in their places, names as letters."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.plots.portrait import due_dates, interest_tree, segment_moves, standings, taste_path


def test_the_areas_of_a_department_add_up_to_it_and_departments_to_all() -> None:
    tree = interest_tree(
        ["Food", "Food", "Home"], ["Milk", "<b>Tea", "Rug"], [3, 1, 4], [0.1, -0.2, float("nan")]
    ).data[0]
    area = dict(zip(tree.ids, tree.values, strict=True))
    children: dict[str, float] = {}
    for each, parent in zip(tree.ids, tree.parents, strict=True):
        children[parent] = children.get(parent, 0.0) + area[each]
    assert children[""] == area["all"] == 8
    assert all(children[each] == area[each] for each in ("all", "d0", "d1"))
    assert not any("<b>" in label for label in tree.labels)
    assert dict(zip(tree.ids, tree.marker.colors, strict=True))["d0"] == pytest.approx(-0.1)


def test_somebody_stands_where_their_figure_is() -> None:
    figure = standings(["Price", "Loyalty"], [0.25, 1.0], ["38", "90 %"])
    assert list(figure.data[-1].x) == [25, 100]
    assert [list(line.x) for line in figure.data[:2]] == [[50, 25], [50, 100]]


def test_what_is_overdue_looks_otherwise_than_what_is_to_come() -> None:
    dots = due_dates(["Milk", "Tea"], [-5, 2], [-3, 4], [-1, 9]).data[-1]
    assert list(dots.x) == [-3, 4]
    assert len(set(dots.marker.color)) == 2


def test_moves_are_counted_and_coloured_by_their_share_of_the_row() -> None:
    heat = segment_moves(["A", "B"], np.array([[3, 1], [0, 0]])).data[0]
    assert heat.z.tolist() == [[75.0, 25.0], [0.0, 0.0]]
    assert [list(row) for row in heat.text] == [["3", "1"], ["0", "0"]]


def test_a_path_goes_from_the_first_to_now_and_each_taste_has_its_mark() -> None:
    plane = np.zeros((4, 2), np.float32)
    figure = taste_path(plane, np.array([[0, 0], [1, 1], [2, 0]], np.float32), ["a", "b", "c"], plane[:2], ["x", "y"])
    assert list(figure.data[1].text) == ["first", "", "now"]
    assert [trace.name for trace in figure.data[2:]] == ["x", "y"]
    assert figure.data[1].textposition == (
        "bottom center",
        "top center",
        "top center",
    )  # two names on one spot are read
    assert (figure.data[1].zorder or 0) > max(
        trace.zorder or 0 for trace in figure.data[2:]
    )  # no diamond hides the way
    alone = taste_path(plane, plane[:1], ["a"], plane[:1], ["x"])
    assert list(alone.data[1].text) == ["now"]
