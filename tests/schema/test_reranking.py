"""The settings of re-ranking refuse what cannot be used and survive the address bar."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import BadRequestError
from recsys.schema import RERANKERS, Knobs, Reranking

NUMBERS = [f.name for f in fields(Reranking) if "low" in f.metadata]
NAMES = [f.name for f in fields(Reranking)]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [-1e9, 1e9, float("nan"), float("inf"), True, "x"])
def test_a_setting_out_of_range_is_refused_with_what_is_allowed(name: str, value: object) -> None:
    with pytest.raises(BadRequestError) as caught:
        Reranking(**{name: value})  # type: ignore[arg-type]
    assert name in str(caught.value)
    assert " to " in caught.value.allowed
    assert caught.value.remedy


@given(
    st.integers(0, 20).map(lambda step: step / 20),
    st.sampled_from(["distance", "mmr", "dpp"]),
    st.integers(0, 20),
    st.lists(st.sampled_from(["17", "B003", "x y"]), unique=True),
    st.permutations(RERANKERS),
)
def test_settings_survive_the_address_bar(
    share: float, way: str, cap: int, chosen: list[str], steps: list[str]
) -> None:
    settings = Reranking(
        diversity=share, diversify=way, brand_cap=cap, chosen=tuple(chosen), steps=tuple(steps), tail_share=share
    )
    assert Reranking.from_mapping(settings.changed()) == (settings, [])


def test_by_default_nothing_is_done_and_nothing_is_said_in_the_address_bar() -> None:
    assert Reranking().changed() == {}
    assert not Reranking().on


@pytest.mark.parametrize(
    "one", [{"diversity": 0.1}, {"calibration": 0.1}, {"category_cap": 1}, {"tail_share": 0.05}, {"chosen": ("1",)}]
)
def test_any_of_them_turns_re_ranking_on(one: dict[str, object]) -> None:
    assert Reranking(**one).on  # type: ignore[arg-type]


def test_what_changes_nothing_alone_does_not_turn_it_on() -> None:
    assert not Reranking(diversify="dpp", calibrate_to="price", arranged="picked", candidates=50).on


@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), st.text(max_size=60)))
def test_any_address_gives_usable_settings_and_says_what_was_not_used(raw: dict[str, str]) -> None:
    settings, complaints = Reranking.from_mapping(raw)
    assert isinstance(settings, Reranking)
    assert len(complaints) <= len(raw)


def test_an_unusable_value_falls_back_and_is_said() -> None:
    raw = {"diversity": "7", "category_cap": "2.5", "steps": "caps,caps", "diversify": "best", "brand_cap": "3"}
    settings, complaints = Reranking.from_mapping(raw)
    assert settings == Reranking(brand_cap=3)
    assert len(complaints) == 4
    assert "a whole number from 0 to 20" in complaints[2]


def test_no_setting_is_called_like_another_slider() -> None:
    """They share the address bar."""
    assert not set(NAMES) & {f.name for f in fields(Knobs)}
