"""Steps come after those they rest on; a graph that cannot be walked is an error at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recsys.preparation.graph import STEPS, ordered
from recsys.progress import Progress
from recsys.steps.contract import Basis, Context, Step


def nothing(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    return {}


def step(name: str, *rests_on: str, needed: bool = True) -> Step:
    return Step(name, name, __name__, nothing, tuple(map(Basis, rests_on)), needed=needed)


def test_each_step_comes_after_those_it_rests_on() -> None:
    assert list(ordered([step("c", "b"), step("b", "a"), step("a")])) == ["a", "b", "c"]


def test_of_those_that_could_come_next_the_first_given_does_and_what_is_not_needed_last() -> None:
    given = [step("maps", "a", needed=False), step("a"), step("z", "a"), step("b", "a")]
    assert list(ordered(given)) == ["a", "z", "b", "maps"]


def test_steps_that_rest_on_each_other_are_an_error_that_names_them() -> None:
    with pytest.raises(ValueError, match=r"rest on each other: \w -> \w"):
        ordered([step("a", "b"), step("b", "a")])


def test_a_step_that_rests_on_nothing_known_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(ValueError, match="no step milk; there are a, b"):
        ordered([step("a"), step("b", "milk")])


def test_two_steps_of_one_name_are_an_error() -> None:
    with pytest.raises(ValueError, match="one name"):
        ordered([step("a"), step("a")])


def test_the_shop_needs_all_but_maps_languages_pictures_and_what_a_business_asks() -> None:
    assert {name for name, each in STEPS.items() if not each.needed} == {
        "pictures", "picture_encoder", "picture_features", "fusion", "picture_maps", "interests", "things", "maps",
        "languages", "baskets", "review_heads", "reviews", "offers", "promotions", "demand",
    }  # fmt: skip
    assert next(iter(STEPS)) == "dataset"
    assert {name for name, each in STEPS.items() if each.shared} == {
        "encoder", "picture_encoder", "things", "review_heads",
    }  # fmt: skip


def test_a_step_is_declared_in_the_room_of_its_code() -> None:
    assert all(each.module.split(".")[1] != "preparation" for each in STEPS.values())
    assert len({each.module for each in STEPS.values()}) == len(STEPS), "one module each: closures are by module"
