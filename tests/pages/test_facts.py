"""Figures beside each other stand in rows that are as even as can be."""

from __future__ import annotations

import pytest

from pages.shared.facts import columns


@pytest.mark.parametrize(
    ("number", "abreast"), [(0, 1), (1, 1), (2, 2), (5, 5), (6, 3), (7, 4), (8, 4), (9, 5), (10, 5), (11, 4), (12, 4)]
)
def test_the_last_row_is_nearly_as_full_as_the_others(number: int, abreast: int) -> None:
    assert columns(number) == abreast
