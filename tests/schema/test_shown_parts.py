"""The parts of a score as they are shown: in tenths of a point, adding up to the score as it is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recsys.schema import shown_parts

SHARES = st.integers(-(2**20), 2**20).map(lambda n: n / 2**20)  # parts are multiples of 2^-20, so that sums are exact


def test_the_tenths_that_are_lacking_go_to_the_largest_remainders() -> None:
    thirds = {"words": 0.33335, "meaning": 0.33334, "kind": 0.33331}  # 33.3 three times; the score is 100.0
    assert shown_parts(thirds) == {"words": 33.4, "meaning": 33.3, "kind": 33.3}


def test_what_takes_points_away_is_counted_too() -> None:
    assert shown_parts({"taste": 0.3006, "feedback": -0.1006}) == {"taste": 30.1, "feedback": -10.1}


def test_no_parts_are_no_points() -> None:
    assert shown_parts({}) == {}
    assert shown_parts({"words": 0.0}) == {"words": 0.0}


@given(st.lists(SHARES, max_size=14))
def test_shown_parts_add_up_to_the_shown_score(shares: list[float]) -> None:
    parts = {str(place): share for place, share in enumerate(shares)}
    shown = shown_parts(parts)
    assert f"{sum(shown.values()):.1f}".replace("-0.0", "0.0") == f"{sum(shares) * 100:.1f}".replace("-0.0", "0.0")
    assert all(abs(shown[name] - share * 100) <= 0.1 + 1e-9 for name, share in parts.items())
    assert all(shown[name] == 0 for name, share in parts.items() if share == 0)
