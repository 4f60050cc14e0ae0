"""Figures beside each other stand in rows that are as even as can be."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.facts import columns
from pages.shared.finding import NO_BREAK, between, fine, signed


@pytest.mark.parametrize(
    ("number", "abreast"), [(0, 1), (1, 1), (2, 2), (5, 5), (6, 3), (7, 4), (8, 4), (9, 5), (10, 5), (11, 4), (12, 4)]
)
def test_the_last_row_is_nearly_as_full_as_the_others(number: int, abreast: int) -> None:
    assert columns(number) == abreast


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.774, "77 %"), (0.0413, "4.1 %"), (0.05, "5 %"), (0.998, "99.8 %"), (1.0, "100 %"), (1.87, "187 %"),
     (0.0, "0 %"), (-0.0001, "0 %"), (-0.003, "−0.3 %"), (0.0996, "10 %")],
)  # fmt: skip
def test_tenths_of_a_per_cent_are_told_where_they_say_something(share: float, said: str) -> None:
    assert fine(share).replace(NO_BREAK, " ") == said


def test_changes_have_their_sign_and_intervals_both_ends() -> None:
    assert [signed(each).replace(NO_BREAK, " ") for each in (0.041, -0.19, 0.0)] == ["+4.1 %", "−19 %", "0 %"]
    assert between((-0.07, 0.1), signed).replace(NO_BREAK, " ") == "−7 % to +10 %"


def test_every_row_tells_its_name_and_its_figures() -> None:
    def page() -> None:
        from pages.shared.facts import Fact, listed

        listed([("one", [Fact("first", "1"), Fact("second", "2")]), ("two", [Fact("first", "3")])])

    told = [each.value for each in AppTest.from_function(page).run().markdown]
    assert told[0] == "**one**"
    assert [each.split("\n")[-1] for each in told] == ["**one**", "1", "2", "**two**", "3"]
