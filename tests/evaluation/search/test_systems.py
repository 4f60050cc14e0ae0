"""The plain systems on texts whose right order is known."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.search import searching
from recsys.evaluation.search.judgments import Judgments
from recsys.evaluation.search.searching import NOT_FOUND
from recsys.evaluation.search.systems import Bm25, Searched, by_id, systems
from recsys.schema import Answer, Floats, Request, Rows


def test_bm25_puts_first_what_holds_the_word() -> None:
    assert Bm25(["red lamp", "oak desk", "lamp shade for a lamp"]).top("desk", 1).tolist() == [1]


def test_bm25_finds_nothing_in_texts_without_words() -> None:
    words = Bm25(["!!!", "...", "-"])
    assert words.score("lamp", np.array([0, 2], np.int32)).tolist() == [NOT_FOUND, NOT_FOUND]
    assert words.top("lamp", 2).tolist() == []


def test_bm25_finds_nothing_for_a_word_that_no_text_holds() -> None:
    assert Bm25(["red lamp", "oak desk"]).top("sofa", 2).tolist() == []


class _Unasked:
    """The storefront, which plain systems never ask."""

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def scores(self, request: Request, rows: Rows) -> Floats:
        raise NotImplementedError


def _encode(text: str) -> Floats:
    """Half of all products are equally near to any query: ties everywhere."""
    return np.array([1.0, 0.0], np.float32)


PLAIN = ["bm25", "meaning", "rrf", "mix"]
PRODUCTS = {f"p{n:03}": ("lamp" if n % 2 else "desk", float(n % 2)) for n in range(100)}
JUDGED = Judgments("j", {"lamp": {"p001": 3, "p050": 2, "p099": 1}, "sofa": {"p002": 3, "p077": 1}})


def _figures(ids: list[str]) -> dict[str, list[float]]:
    texts = [PRODUCTS[docid][0] for docid in ids]
    vectors = np.array([[PRODUCTS[docid][1], 1.0] for docid in ids], np.float32)
    found = systems(Searched(_Unasked(), ids, texts, vectors, _encode), PLAIN)
    return {one.name: searching.judge(one, ids, JUDGED).values.to_numpy().ravel().tolist() for one in found}


def test_the_order_of_the_file_changes_no_figure() -> None:
    ids = sorted(PRODUCTS)
    assert _figures(ids) == _figures(ids[::-1])
    assert _figures(ids) == _figures(np.random.default_rng(0).permutation(ids).tolist())


def test_what_no_word_of_the_query_finds_has_no_place_among_the_judged_either() -> None:
    # "lamp": p001 and p099 hold it, p050 does not; gains 7 and 1 of an ideal 7, 3, 1; "sofa" is in nothing
    found = searching.judge(Bm25([PRODUCTS[i][0] for i in PRODUCTS], by_id(list(PRODUCTS))), list(PRODUCTS), JUDGED)
    ideal = 7 + 3 / np.log2(3) + 1 / 2
    assert found.values["pooled_ndcg@10"].tolist() == pytest.approx([(7 + 1 / np.log2(3)) / ideal, 0.0])
    assert len(found.lists["lamp"]) == 50
    assert found.lists["sofa"] == []
