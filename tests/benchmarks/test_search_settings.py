"""What the benchmark of settings asks, on titles whose pairs of words are known."""

from __future__ import annotations

from benchmarks.search_settings import BM25, NAMED, SETTINGS, USUAL, Setting, pair_queries
from recsys.schema import Knobs


def test_the_list_begins_with_the_plainest_and_holds_what_the_storefront_does() -> None:
    assert SETTINGS[0] == Setting(one_text=False, kind=0.0, bm25=BM25[0], by_query=False, meaning=0.4)
    assert set(NAMED.values()) <= set(SETTINGS)
    assert (USUAL.meaning, USUAL.kind) == (Knobs().meaning_weight, Knobs().kind_weight)
    assert len({str(setting) for setting in SETTINGS}) == len(SETTINGS)


def test_pairs_that_several_makers_use_are_asked_and_graded_by_the_titles() -> None:
    titles = ["paper clips, large", "paper clips (100)", "steel paper clips", "paper clips", "hair clips", "stapler"]
    asked = pair_queries(titles, ["a", "b", "c", "a", "d", "e"])
    assert set(asked) == {"paper clips"}
    assert [asked["paper clips"][row] for row in range(6)] == [3, 3, 3, 3, 1, 0]


def test_what_one_maker_alone_says_is_a_name_and_no_kind() -> None:
    assert pair_queries(["acme binder"] * 5, ["acme"] * 5) == {}
