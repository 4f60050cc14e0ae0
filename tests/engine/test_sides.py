"""Sides of a comparison: what they ask, and that any link is read or refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.engine.sides import CODES, LONGEST, OF, PRESETS, WHOLE_SHELF, Side, idle, read_side
from recsys.errors import BadRequestError
from recsys.schema import Knobs, Request, Reranking

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "diversity": st.sampled_from([0.0, 0.35, 1.0]),
    "category_cap": st.integers(0, 20),
    "half_life_days": st.sampled_from([7.0, 80.0, 365.0]),
    "shopper_weight": st.sampled_from([0.0, 0.05, 1.0]),
    "fold": st.sampled_from(["kind", "title", "none"]),
    "diversify": st.sampled_from(["mmr", "dpp", "distance"]),
}
TEXTS = st.one_of(st.none(), st.text(max_size=20))
SIDES = st.builds(
    Side,
    st.sampled_from(list(OF)),
    TEXTS,
    TEXTS,
    st.fixed_dictionaries({}, optional=VALUES),
)


@given(SIDES)
def test_a_side_comes_back_from_its_text(side: Side) -> None:
    try:
        text = side.text()
    except BadRequestError:
        return
    assert len(text) <= LONGEST
    assert read_side(text) == (side, [])


@given(st.one_of(st.text(max_size=140), st.text("~-%7Edvqshoper.0123456789inf", max_size=140)))
def test_any_text_is_a_side_and_what_was_not_used_is_said(text: str) -> None:
    side, notes = read_side(text)
    request = side.request(Request(shopper="1", query="milk"))
    assert 0 <= request.reranking.diversity <= 1
    assert side.preset in OF
    if text.split("~")[0] not in OF:
        assert notes


def test_every_setting_has_a_name_of_its_own_in_a_link() -> None:
    known = {*Knobs.__dataclass_fields__, *Reranking.__dataclass_fields__} - {"chosen", "steps"}
    assert set(CODES) == known
    assert len(set(CODES.values())) == len(CODES)
    assert not {"q", "shopper"} & set(CODES.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model7", "'model7' is no way to rank"),
        ("diverse~dv-2", "diversity=2 is out of range"),
        ("diverse~dv-lots", "diversity='lots' is no such number"),
        ("as_set~sw-nan", "shopper_weight=nan is not a number"),
        ("as_set~fo-sock", "fold='sock' is not a choice"),
        ("as_set~zz-1", "'zz-1' is nothing that this version knows"),
        ("as_set~q-" + "x" * 120, "longer than 99 characters"),
    ],
)
def test_what_a_link_cannot_mean_is_said(text: str, said: str) -> None:
    _, notes = read_side(text)
    assert said in " ".join(notes)


def test_a_side_is_the_screen_but_for_what_is_its_own() -> None:
    base = Request(shopper="1", query="milk", k=7, knobs=Knobs(popularity=0.3), sizes=("1 l",))
    assert Side().request(base) == base
    other = Side("diverse", "", "tea", {"diversity": 0.2, "popularity": 0.0}).request(base)
    assert (other.shopper, other.query, other.k, other.sizes) == (None, "tea", 7, ())
    assert (other.reranking.diversity, other.knobs.popularity) == (0.2, 0.0)


def test_the_presets_set_what_they_say() -> None:
    base = Request(shopper="1", reranking=Reranking(0.5))
    asked = {name: Side(name).request(base) for name in OF}
    assert asked["by_score"].reranking == Reranking()
    assert asked["unlearned"].live
    assert asked["popular"].shopper is None
    assert asked["taste"].knobs.discovery == 1.0
    assert asked["usuals"].knobs.discovery == 0.0
    queried = {name: Side(name).request(Request(shopper="1", query="milk")) for name in OF}
    assert (queried["words"].knobs.meaning_weight, queried["meaning"].knobs.meaning_weight) == (0.0, 1.0)
    assert (queried["popular"].sort, queried["popular"].shopper) == ("popular", "1")
    assert queried["anybody"].shopper is None


def test_a_preset_that_needs_what_is_not_there_is_told() -> None:
    for preset in PRESETS:
        why = idle(Side(preset.name), Request(), learned=False, history=False)
        assert bool(why) is bool(preset.needs)
    assert idle(Side("words"), Request(query="milk"), learned=False, history=False) == ""
    assert idle(Side("unlearned"), Request(shopper="1"), learned=True, history=True) == ""
    assert idle(Side("unlearned"), Request(shopper="new"), learned=True, history=True)
    assert idle(Side("unlearned"), Request(shopper="1", query="milk"), learned=True, history=True)


def test_the_text_is_short_and_stays_as_it_is_in_an_address() -> None:
    side = Side("diverse", "12", None, {"diversity": 0.4, "category_cap": 2})
    assert side.text() == "diverse~shopper-12~dv-0.4~cc-2"
    assert set(WHOLE_SHELF.values()) >= set(side.settings)
