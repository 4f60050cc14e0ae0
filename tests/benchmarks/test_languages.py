"""The authored tables are whole, and what is right is judged as they say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import languages


def test_each_language_has_its_words_in_both_halves() -> None:
    rows = languages.authored("groceries.csv")
    assert len(rows) >= 40
    for language in languages.LANGUAGES:
        assert all(row[language].strip() == row[language] != "" for row in rows)
    halves = [row["half"] for row in rows]
    assert halves.count(languages.CHOOSING) == halves.count(languages.HELD_OUT) == len(rows) / 2


def test_at_least_one_hundred_and_fifty_queries_have_a_known_language() -> None:
    queries = [(row["language"], row["query"]) for row in languages.authored("queries.csv")]
    assert len(set(queries)) == len(queries) >= 150
    for language in ("en", "es", "de", "fr", "zh"):
        assert sum(of == language for of, _ in queries) >= 30


@pytest.mark.parametrize(
    ("name", "right"),
    [("Premium dry dog food", True), ("Kibble", True), ("Dog toys", False), ("Dog food toppings", False)],
)
def test_a_name_is_right_with_all_words_of_an_alternative_and_none_of_the_wrong(name: str, right: bool) -> None:
    assert languages.is_right(name, {"right": "dog+food|kibble", "wrong": "toppings gravy"}) is right


def test_the_first_rank_counts_from_one_and_ties_go_by_position() -> None:
    assert languages.first_rank(np.array([0.5, 0.9, 0.5], np.float32), np.array([False, False, True])) == 3


def test_a_kind_scores_as_its_best_product() -> None:
    kinds = languages.Kinds(["milk", "cream"], np.array([0, 1, 0]))
    assert kinds.best(np.array([0.25, 0.5, 0.75], np.float32)).tolist() == [0.75, 0.5]
