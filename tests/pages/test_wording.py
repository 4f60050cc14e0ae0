"""Words of the data and of people, as a page shows them."""

from __future__ import annotations

import pytest

from pages.components.wording import plain


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """Nothing prepared is needed here."""


@pytest.mark.parametrize("mark", [*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))])
def test_a_mark_that_turns_the_direction_of_writing_is_left_out(mark: str) -> None:
    assert plain(f"green{mark} tea") == "green tea"


def test_words_written_from_right_to_left_stay() -> None:
    assert plain("شاي أخضر") == "شاي أخضر"


def test_markdown_is_shown_as_it_is_spelt() -> None:
    assert plain("*a* [b](c)") == r"\*a\* \[b\]\(c\)"
