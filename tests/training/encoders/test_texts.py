"""What a shop says of its products, in pieces that never stand on two sides."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys.errors import DataError
from recsys.training.encoders.texts import FEWEST, JUDGED, LEARNED, WATCHED, Texts, sample


def shop(n: int = 60) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": [f"Lamp {i}" for i in range(n)],
            "text": [f"Lamp {i}." for i in range(n)],
            "description": [f"Lamp {i} glows in colour {i}" for i in range(n)],
            "category": ["Lamps"] * n,
        }
    )


def test_every_product_is_in_one_part_and_twins_are_in_the_same() -> None:
    items = pd.concat([shop(), shop()], ignore_index=True)
    texts = Texts.of(items, None)
    parts = [texts.part(name).tolist() for name in (LEARNED, WATCHED, JUDGED)]
    assert sorted(row for part in parts for row in part) == list(range(120))
    assert all((row in part) == (row + 60 in part) for part in parts for row in range(60))
    assert 0 < len(parts[2]) < len(parts[0])


def test_a_description_does_not_repeat_the_name_it_is_found_by() -> None:
    texts = Texts.of(shop(), None)
    assert texts.descriptions[3] == "glows in colour 3"
    assert texts.rests()[3] == "Lamps. glows in colour 3"


def test_facts_are_words_and_few() -> None:
    values = ["4006381333931", "oak", "x" * 61, *[f"fact number {i}" for i in range(20)]]
    attributes = pd.DataFrame({"item": [0] * len(values), "attribute": ["a"] * len(values), "value": values})
    assert Texts.of(shop(), attributes).facts[0].startswith("oak, fact number 0")
    assert len(Texts.of(shop(), attributes).facts[0].split(", ")) == 8
    assert Texts.of(shop(), attributes).facts[1] == ""


def test_pairs_have_each_name_and_each_text_once() -> None:
    items = pd.concat([shop(), shop().assign(title="Other")], ignore_index=True)
    pairs = [pair for name in (LEARNED, WATCHED, JUDGED) for pair in Texts.of(items, None).pairs(name, 1_000)]
    assert len({name for name, _ in pairs}) == len({rest for _, rest in pairs}) == len(pairs)


def test_a_shop_that_says_too_little_is_refused_in_words() -> None:
    with pytest.raises(DataError, match=f"only {FEWEST - 1} products"):
        Texts.of(shop(FEWEST - 1), None)
    with pytest.raises(DataError, match="only 0 products"):
        Texts.of(shop()[["title", "text"]], None)


def test_a_sample_is_drawn_without_replacement() -> None:
    assert sample([5, 6, 7], 9, 0).tolist() == [5, 6, 7]
    drawn = sample(list(range(100)), 10, 0).tolist()
    assert len(set(drawn)) == 10
    assert drawn == sorted(drawn)
