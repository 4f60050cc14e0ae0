"""The order of a search: its parts, their sum, and what a model number changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from recsys.errors import ArtifactError
from recsys.index.exact import ExactIndex
from recsys.ranking.search_ranker import DESCRIPTIONS, SearchRanker, SearchWeights
from recsys.ranking.words_or_meaning import meaning_share
from recsys.retrieval.fielded import FieldedIndex
from recsys.retrieval.product_type import ProductKinds

TITLES = ["laptop", "laptop bag", "notebook computer", "lamp X100"]
# laptops and the notebook point one way, the bag half another, the lamp elsewhere
VECTORS = np.array([[1, 0, 0], [0.6, 0.8, 0], [0.96, 0, 0.28], [0, 0, 1]], np.float32)
QUERY = np.array([1, 0, 0], np.float32)
ALL = np.arange(4, dtype=np.int32)
MEANT = meaning_share(0.7, 1.0)  # all words of the queries below stand in one title


def ranker(**weights: float) -> SearchRanker:
    return SearchRanker(
        FieldedIndex.build({"title": TITLES}),
        ExactIndex.build(VECTORS),
        VECTORS,
        ProductKinds.learn(VECTORS),
        SearchWeights(**weights),
    )  # type: ignore[arg-type]


def test_the_score_is_the_sum_of_its_parts_and_the_best_of_a_part_has_its_whole_weight() -> None:
    search = ranker()
    look = search.look("laptop", QUERY)
    parts = search.parts(look, ALL)
    assert {name: float(values.max()) for name, values in parts.items()} == pytest.approx(
        {"words": 1 - MEANT, "meaning": MEANT * 45 / 70, "description": MEANT * 25 / 70, "kind": 0.2}
    )
    assert search.score(look, ALL) == pytest.approx(sum(parts.values()))


def test_the_kind_puts_the_notebook_closer_to_the_bag_than_words_alone() -> None:
    without, with_kind = (ranker(kind=kind).score(ranker(kind=kind).look("laptop", QUERY), ALL) for kind in (0.0, 0.4))
    assert with_kind[2] - with_kind[1] > without[2] - without[1]


def test_a_model_number_makes_words_decide() -> None:
    assert ranker().search("X100", QUERY, 1).rows.tolist() == [3]  # the vector says laptop


def test_without_a_known_word_meaning_alone_orders() -> None:
    assert ranker().search("zebra", QUERY, 4).rows.tolist() == [0, 2, 1, 3]


def test_a_search_cuts_the_list_and_is_the_same_from_many_threads() -> None:
    search = ranker()
    with ThreadPoolExecutor(4) as pool:
        lists = list(pool.map(lambda _: search.search("laptop bag", VECTORS[1], 2).rows.tolist(), range(40)))
    assert lists == [[1, 0]] * 40  # both words and the vector are the bag's


def test_what_is_saved_answers_the_same_and_parts_must_fit_together(tmp_path: Path) -> None:
    ranker().save(tmp_path)
    found = SearchRanker.load(tmp_path).search("laptop", QUERY, 4)
    assert np.array_equal(found.scores, ranker().search("laptop", QUERY, 4).scores)
    np.save(tmp_path / DESCRIPTIONS, VECTORS[:2])
    with pytest.raises(ArtifactError, match="do not fit together"):
        SearchRanker.load(tmp_path)
