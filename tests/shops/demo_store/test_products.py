"""The products of the demo store: right by their tables, told apart, the same for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from recsys.errors import BadRequestError
from recsys.shops.demo_store.products import DAYS, colours, make_products, makes, product_types

N = 3_000


@pytest.fixture(scope="module")
def products() -> pd.DataFrame:
    return make_products(N, np.random.SeedSequence(11))


def test_the_same_seed_makes_the_same_products(products: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(products, make_products(N, np.random.SeedSequence(11)))
    assert not products["title"].equals(make_products(N, np.random.SeedSequence(12))["title"])


def test_ids_and_titles_tell_products_apart(products: pd.DataFrame) -> None:
    assert products["item_id"].is_unique
    assert products["title"].is_unique
    assert products["title"].str.len().max() < 120


def test_every_type_is_there_as_often_as_its_share_says(products: pd.DataFrame) -> None:
    counts = Counter(products["type"])
    total = sum(kind.share for kind in product_types())
    assert len(product_types()) > 40
    for kind in product_types():
        expected = N * kind.share / total
        assert abs(counts[kind.name] - expected) < 5 * np.sqrt(expected) + 1


def test_attributes_are_those_of_the_type_and_of_the_make(products: pd.DataFrame) -> None:
    types = {kind.name: kind for kind in product_types()}
    sold_in = {make.name: make.departments for make in makes()}
    for row in products.itertuples():
        kind = types[str(row.type)]
        assert row.material in kind.materials
        assert row.pattern in kind.patterns
        assert row.style in kind.styles
        assert row.occasion in kind.occasions
        assert row.audience in kind.audiences
        assert row.season in kind.seasons
        assert row.department == kind.department
        assert row.department in sold_in[str(row.brand)]
        assert row.accent in colours()[str(row.colour)].accents


def test_prices_lie_in_the_types_span_and_leave_a_margin(products: pd.DataFrame) -> None:
    types = {kind.name: kind for kind in product_types()}
    low = products["type"].map(lambda name: types[name].low)
    high = products["type"].map(lambda name: types[name].high)
    assert (products["price"] >= low - 1).all()
    assert (products["price"] <= high * 1.6 + 1).all()
    margin = 1 - products["cost"] / products["price"]
    assert margin.between(0.3, 0.66).all()


def test_dearer_makes_and_better_products_cost_more(products: pd.DataFrame) -> None:
    level = {make.name: make.level for make in makes()}
    per_type = products.groupby("type")["price"].transform("median")
    relative = np.log(products["price"] / per_type)
    assert np.corrcoef(products["brand"].map(level), relative)[0, 1] > 0.3
    assert np.corrcoef(products["quality"], relative)[0, 1] > 0.05


def test_the_title_says_what_can_be_seen(products: pd.DataFrame) -> None:
    for row in products.head(300).itertuples():
        title = str(row.title).lower()
        assert str(row.type).lower() in title
        assert str(row.material) in title
        assert str(row.brand).lower() in title


def test_no_two_descriptions_share_more_than_half_their_sentences(products: pd.DataFrame) -> None:
    said = [frozenset(re.split(r"(?<=[.!?]) (?=[A-Z])", text)) for text in products["description"]]
    shared: Counter[tuple[int, int]] = Counter()
    places: dict[str, list[int]] = {}
    for at, sentences in enumerate(said):
        for sentence in sentences:
            places.setdefault(sentence, []).append(at)
    for rows in places.values():
        shared.update(combinations(rows, 2))
    worst = max(shared.items(), key=lambda pair: pair[1])
    assert worst[1] <= 3, [products["description"][at] for at in worst[0]]
    assert min(map(len, said)) >= 5


def test_no_sentence_has_a_gap_or_a_wrong_article(products: pd.DataFrame) -> None:
    for text in products["description"]:
        assert "{" not in text
        assert "  " not in text
        assert not re.search(r"\ba (?=[aeio])", text), text
        assert not re.search(r"\ban (?=[^aeiou])", text), text


def test_some_products_are_launched_within_the_days_of_behaviour(products: pd.DataFrame) -> None:
    new = products["launch_day"].between(0, DAYS - 1)
    assert 0.15 < new.mean() < 0.3
    assert (products["launch_day"] < DAYS).all()
    assert (products["launch_day"] != 0).any()


def test_silhouettes_are_one_for_each_type() -> None:
    assert len({kind.silhouette for kind in product_types()}) == len(product_types())


@pytest.mark.parametrize("n", [0, -1, 1_000_001])
def test_a_number_that_cannot_be_made_is_refused(n: int) -> None:
    with pytest.raises(BadRequestError, match=r"1 to 1,000,000"):
        make_products(n, np.random.SeedSequence(1))
