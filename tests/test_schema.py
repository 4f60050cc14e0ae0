"""Knobs refuse what is out of range and survive the address bar; counts are written as in the shop's country."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import BadRequestError
from recsys.schema import FOLDS, Knobs
from recsys.schema.money import DOLLARS, Money


def numbers() -> list[str]:
    return [f.name for f in fields(Knobs) if "choices" not in f.metadata]


@pytest.mark.parametrize("name", numbers())
@pytest.mark.parametrize("value", [-1e9, 1e9, float("nan"), float("inf"), True])
def test_a_knob_out_of_range_is_refused_with_what_is_allowed(name: str, value: float) -> None:
    with pytest.raises(BadRequestError) as caught:
        Knobs(**{name: value})
    assert name in str(caught.value)
    assert " to " in caught.value.allowed
    assert caught.value.remedy


@given(
    st.floats(0, 1).map(lambda x: round(x, 2)),
    st.floats(0, 1).map(lambda x: round(x, 2)),
    st.integers(7, 365),
    st.sampled_from(FOLDS),
)
def test_knobs_survive_the_address_bar(shopper: float, meaning: float, days: int, fold: str) -> None:
    knobs = Knobs(shopper_weight=shopper, meaning_weight=meaning, half_life_days=float(days), fold=fold)
    again, complaints = Knobs.from_mapping(knobs.changed())
    assert again == knobs
    assert complaints == []


def test_defaults_need_no_words_in_the_address_bar() -> None:
    assert Knobs().changed() == {}


@given(st.dictionaries(st.sampled_from([f.name for f in fields(Knobs)] + ["other"]), st.text(max_size=60)))
def test_any_address_gives_usable_knobs_and_says_what_was_not_used(raw: dict[str, str]) -> None:
    knobs, complaints = Knobs.from_mapping(raw)
    assert isinstance(knobs, Knobs)
    assert len(complaints) <= len(raw)


def test_an_unusable_value_falls_back_and_is_said() -> None:
    knobs, complaints = Knobs.from_mapping(
        {"shopper_weight": "7", "meaning_weight": "abc", "fold": "x", "discovery": "0.2"}
    )
    assert knobs == Knobs(discovery=0.2)
    assert len(complaints) == 3
    assert "0 to 1" in complaints[0]


@given(st.integers(-(10**12), 10**12))
def test_an_american_shop_writes_counts_as_python_does(count: int) -> None:
    assert DOLLARS.number(count) == f"{count:,}"


@pytest.mark.parametrize(
    ("locale", "written", "separators"),
    [("de_DE", "1.234.567", ",."), ("fr_FR", "1\u202f234\u202f567", ",\u202f"), ("en_IN", "1,234,567", ".,")],
)
def test_other_shops_write_counts_their_own_way(locale: str, written: str, separators: str) -> None:
    money = Money("EUR", locale)
    assert money.number(1_234_567) == written
    assert money.separators == separators
