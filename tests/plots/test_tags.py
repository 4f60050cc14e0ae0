"""The drawings of the page Tags, from figures a reader can redo."""

from __future__ import annotations

import numpy as np

from recsys.plots.tags import confidence_bars, label_bars
from recsys.schema.money import Money
from tests.plots.figure_json import LINK, texts_of


def test_a_bar_per_label_is_made_of_its_parts() -> None:
    figure = label_bars(["shoe", "bag"], [("as the shop says", [3, 1]), ("otherwise", [2, 0])], "By label")
    assert [list(bars.x) for bars in figure.data] == [[3, 1], [2, 0]]
    assert list(figure.layout.yaxis.ticktext) == ["shoe", "bag"]
    assert figure.layout.barmode == "stack"
    assert figure.layout.showlegend


def test_labels_that_look_alike_once_they_are_cut_keep_their_own_bars() -> None:
    labels = ["a very long label of many words, one", "a very long label of many words, two"]
    figure = label_bars(labels, [("products", [1, 2])], "By label", Money("EUR", "de_DE"))
    assert list(figure.data[0].y) == [0, 1]
    assert [row[0] for row in figure.data[0].customdata] == labels
    assert not figure.layout.showlegend


def test_each_tag_is_in_one_bin_the_surest_in_the_last() -> None:
    figure = confidence_bars([("products", np.array([0.0, 0.04, 0.5, 1.0], np.float32))], "How sure")
    counts = list(figure.data[0].y)
    assert (counts[0], counts[10], counts[-1]) == (2, 1, 1)
    assert sum(counts) == 4
    assert figure.data[0].customdata[-1][0] == "95% to 100%"


def test_labels_are_shown_as_spelt() -> None:
    figure = label_bars([LINK, "<b>x</b>"], [(LINK, [1, 2])], LINK)
    assert LINK not in texts_of(figure)
    assert "<b>x" not in texts_of(figure)
