"""What stands beside one another in a search, on texts and scores whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.search_members import (
    AFTERWARDS,
    BEFORE,
    BY_FIELDS,
    CANDIDATES,
    EACH,
    FUSED,
    Candidate,
    Forms,
    Letters,
    against_before,
    by_kind,
    encoded,
    kinds_of_queries,
    letters,
    of_all,
    pieces,
    reciprocal_rank,
    standard,
    whole_texts,
)
from benchmarks.search_settings import USUAL, Catalogue
from recsys.evaluation.search.kept_apart import Asked
from recsys.retrieval.lexical import FIELDS
from recsys.schema import Floats, Knobs


class Counting:
    """An encoder whose vector says how many letters a text has, and that it is a text."""

    name, dimension = "counting", 2

    def encode(self, texts: object, progress: object = None) -> Floats:
        return np.array([[len(text), 1.0] for text in list(texts)], np.float32)  # type: ignore[call-overload]


def test_the_list_begins_with_what_the_storefront_did_and_none_stands_twice() -> None:
    assert next(iter(CANDIDATES)) == BEFORE
    assert CANDIDATES[BEFORE] == Candidate() == Candidate(("minilm",), ("fields",), ("minilm",), "as in the app")
    assert BY_FIELDS["fields"] == replace(FIELDS, k1=1.2, b=0.4) != BY_FIELDS["fields since"] == FIELDS
    assert (USUAL.meaning, USUAL.kind) == (Knobs().meaning_weight, Knobs().kind_weight)
    assert len(set(EACH.values())) == len(EACH) == len(CANDIDATES) + len(AFTERWARDS)
    assert all(each.fused == "as in the app" or each.fused in FUSED for each in EACH.values())


def test_a_text_is_cut_between_words_and_nothing_is_lost() -> None:
    assert pieces("one two three", 7) == ["one two", "three"]
    assert pieces("short", 7) == ["short"]
    assert pieces("", 7) == [""]
    assert pieces("immeasurable it", 5) == ["immea", "it"]


def test_the_vector_of_a_long_text_is_the_mean_of_its_pieces(tmp_path: Path) -> None:
    found = encoded(["aaaa bb", "aaa"], Counting(), 4, tmp_path)
    expected = np.array([[6, 2], [3, 1]]) / np.sqrt([[40], [10]])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_whole_texts_are_told_where_there_is_more_than_a_title() -> None:
    fields = {"title": ["tv"], "brand": ["acme"], "description": ["flat"], "attributes": ["colour black"]}
    told = Catalogue("x", "x", fields, ["tv acme flat"], ["tv"], {})
    assert whole_texts(told) == ["tv colour black flat"]
    titles = Catalogue("x", "x", {"title": ["tv"]}, ["tv"], ["tv"], {})
    assert whole_texts(titles) == ["tv"]


def test_words_are_cut_into_pieces_of_four_letters_with_their_ends() -> None:
    assert letters("Teas, a") == ["_tea", "teas", "eas_", "_a_"]


def test_a_word_that_is_typed_otherwise_finds_what_shares_its_pieces() -> None:
    index = Letters(["yoghurt natural", "butter", "..."])
    scores = index.scores("yogurt")
    assert scores.argmax() == 0
    assert scores[0] > 0 == scores[1] == scores[2]
    assert index.scores("zzz").tolist() == [0, 0, 0]


def test_scores_are_brought_to_one_scale() -> None:
    np.testing.assert_allclose(standard(np.array([1.0, 3.0])), [-1, 1])
    assert standard(np.array([2.0, 2.0])).tolist() == [0, 0]


def test_ranks_count_from_one_and_what_is_not_found_has_nothing() -> None:
    assert reciprocal_rank(np.array([0.2, 0.0, 0.9])).tolist() == [1 / 62, 0.0, 1 / 61]


def _asked(name: str, catalogue: str, gains: list[float], queries: int) -> Asked:
    """Every query gains alike over a plain mix of 0: `gains` of each candidate, in both measures."""
    values = np.broadcast_to(np.array(gains)[:, None, None], (len(gains), queries, 2)).copy()
    return Asked(name, catalogue, values, np.zeros((queries, 2)))


def test_gains_over_the_storefront_are_paired_and_each_catalogue_counts_alike() -> None:
    n = len(EACH)
    sets = [
        _asked("a", "one", [0.1] * n, 3),
        _asked("a too", "one", [0.1] + [0.2] * (n - 1), 3),
        _asked("b", "two", [0.1] + [0.5] * (n - 1), 300),
    ]
    name = list(CANDIDATES)[1]
    assert against_before(sets[2])[name]["both"] == {"mean": 0.4, "ci95": [0.4, 0.4]}
    over_before, over_plain = of_all(sets, BEFORE), of_all(sets, "")
    assert over_before[BEFORE]["both"]["mean"] == 0
    assert over_before[name]["ndcg@10"]["mean"] == pytest.approx((0.05 - 0.05 + 0.4 + 0.05) / 2)
    assert over_plain[name]["pooled_ndcg@10"]["mean"] == pytest.approx((0.15 + 0.5) / 2)


def test_a_word_counts_as_it_is_typed() -> None:
    index = Forms({"title": ["general folder", "generic folders", "the pen"], "brand": ["acme", "acme", "acme"]})
    assert (index.scores("folders") > 0).tolist() == [False, True, False]
    assert (index.scores("The GENERAL") > 0).tolist() == [True, False, False]
    assert index.scores("nowhere").tolist() == [0, 0, 0]


def test_queries_are_told_apart_by_kind_and_their_gains_too() -> None:
    titles = ["black folder", "folders of card, black, for the drawers of an office", "pen"]
    of = Catalogue("x", "x", {"title": titles}, titles, titles, {"black folder": {0: 3, 2: 0}, "card folders": {1: 3}})
    kinds = {name: found.tolist() for name, found in kinds_of_queries(of).items()}
    assert kinds["all"] == [True, True]
    assert kinds["stemmed"] == kinds["plural"] == kinds["not short"] == [False, True]
    assert kinds["held"] == [True, True]
    values = np.zeros((len(EACH), 2, 2))
    values[0, 1] = 0.5  # the storefront gains on the second query alone
    told = by_kind(of, Asked("x", "x", values, np.zeros((2, 2))))
    assert told["plural"]["queries"] == told["not plural"]["queries"] == 1
    assert told["plural"][BEFORE]["both"]["mean"] == 0.5
    assert told["not plural"][BEFORE]["both"]["mean"] == 0
    assert "not held" not in told
