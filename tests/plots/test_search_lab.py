"""The drawings of the search lab, from figures a reader can redo."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys.plots.search_lab import interval_points, rank_lines, stage_times
from recsys.schema import Stage
from tests.plots.figure_json import LINK, texts_of

LABELS = {"words": "Words", "meaning": "Meaning"}
NAN = float("nan")


def table(**changes: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": ["Milk", "Tea", "Bread", "Soap", "Deep"],
            "words": [1.0, 2.0, 3.0, NAN, 3.0],
            "meaning": [1.0, 3.0, 2.0, 4.0, 20.0],
        }
    ).assign(**changes)


def lines(depth: int = 3) -> dict[str, list[tuple[float, float]]]:
    found = {}
    for trace in rank_lines(table(), LABELS, depth).data:
        if trace.mode == "lines":
            found[trace.name] = [(trace.y[at], trace.y[at + 1]) for at in range(0, len(trace.y), 3)]
    return found


def test_a_line_joins_the_ranks_of_a_product_in_two_lists() -> None:
    assert lines() == {"rises": [(3.0, 2.0)], "falls": [(2.0, 3.0), (3.0, 20.0)], "stays": [(1.0, 1.0)]}


def test_a_product_that_no_list_beside_it_holds_has_a_hollow_point() -> None:
    alone = next(t for t in rank_lines(table(), LABELS, 5).data if t.name == "in no list beside it")
    assert list(alone.y) == [4.0]
    assert alone.marker.symbol == "circle-open"


def test_ranks_beyond_the_depth_have_no_point() -> None:
    points = [rank for trace in rank_lines(table(), LABELS, 2).data if trace.mode == "markers" for rank in trace.y]
    assert max(points) == 2.0


def test_titles_stand_beside_the_ranks_of_the_first_list() -> None:
    assert rank_lines(table(), LABELS, 2).layout.yaxis.ticktext == ("Milk  1", "Tea  2")


def test_an_empty_table_is_an_empty_drawing() -> None:
    assert len(rank_lines(table().iloc[:0], LABELS, 3).data) == 0


def test_each_stage_is_a_piece_of_its_systems_bar() -> None:
    stages = {
        "Words": [Stage("words", "Words (BM25)", 1, 1, 2.0), Stage("score", "Scored", 1, 1, 0.5)],
        "Meaning": [Stage("encode", "Query encoded (a vector)", 1, 1, 4.0)],
    }
    drawn = {trace.name: list(trace.x) for trace in stage_times(stages).data}
    assert drawn == {"Words": [2.0, 0.0], "Scored": [0.5, 0.0], "Query encoded": [0.0, 4.0]}


def test_stages_stand_in_the_order_of_the_work_whichever_system_has_them() -> None:
    def made(*names: str) -> list[Stage]:
        return [Stage(name, name, 1, 1, 1.0) for name in names]

    stages = {
        "Words": made("encode", "words", "score"),
        "Meaning": made("encode", "meaning", "score"),
        "Fusion": made("encode", "words", "meaning", "popular", "score"),
    }
    drawn = [trace.name for trace in stage_times(stages).data]
    assert set(drawn) == {"encode", "words", "meaning", "popular", "score"}
    assert (drawn[0], drawn[-1]) == ("encode", "score")


def test_a_point_stands_between_the_ends_of_its_interval() -> None:
    rows = pd.DataFrame({"label": ["Words"], "ndcg@10": [0.5], "ndcg@10 low": [0.3], "ndcg@10 high": [0.9]})
    point = interval_points(rows, "ndcg@10", "", "").data[0]
    assert (list(point.error_x.array), list(point.error_x.arrayminus)) == (pytest.approx([0.4]), pytest.approx([0.2]))


def test_no_title_or_name_is_read_as_html() -> None:
    rows = pd.DataFrame({"label": [LINK], "ndcg@10": [0.5], "ndcg@10 low": [0.3], "ndcg@10 high": [0.9]})
    figures = [
        rank_lines(table(title=LINK), {"words": LINK, "meaning": LINK}, 3),
        stage_times({LINK: [Stage("x", LINK, 1, 1, 1.0)]}),
        interval_points(rows, "ndcg@10", LINK, LINK),
    ]
    for figure in figures:
        assert LINK not in texts_of(figure)
