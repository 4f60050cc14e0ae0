"""A file of reviews is read as other reviews taught: offered, told by its card, right, and refused in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from recsys.encoders.adapting.grading import HEAD
from recsys.scenarios.reviews.readers import KEPT
from recsys.settings import Settings
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of
from tests.pages.test_reviews import of_file
from tests.scenarios.reviews.planted_reader import GOOD, POOR, keep_planted, write_card

CHOICE = "How carefully is it read?"
PLAIN = "review\n" + "\n".join([*GOOD[:30], *POOR[:10]])
STARRED = "review,stars\n" + "\n".join([*(f"{text},5" for text in GOOD[:70]), *(f"{text},1" for text in POOR[:70])])


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_planted(tmp_path_factory.mktemp("taught") / "planted_reviews")


@pytest.fixture
def kept(taught: Path, made_shop: Settings) -> Path:
    """The folder of the shop's state in which it is kept."""
    return Path(shutil.copytree(taught, made_shop.state_dir / KEPT / "planted_reviews"))


def choose(page: AppTest, name: str) -> AppTest:
    (control,) = (group for group in page.button_group if group.label == CHOICE)
    (option,) = (each for each in control.options if each.startswith(name))
    control.set_value(option)
    return sound(page.run(timeout=120))


def choices(page: AppTest) -> list[str]:
    return [option for group in page.button_group if group.label == CHOICE for option in group.options]


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_its_card_is_told_and_its_moods_are_right(kept: Path) -> None:
    page = of_file(PLAIN)
    assert [each.split(",")[0].replace("\\", "") for each in choices(page)] == [
        "Quick",
        "Careful",
        "As “planted_reviews” taught",
    ]
    assert all("about" in each for each in choices(page))
    assert "It is meant for reviews like those" not in text_of(page)  # careful reading stays the default
    words = text_of(choose(page, "As")).replace("**", "")
    assert "planted_reviews is the encoder tiny, taught on 2026-09-21 by 162 reviews of the file planted.csv." in words
    assert "it told 95 % right (95 %: 94 % to 96 %)" in words
    assert "the encoder adds 1.1 points (0.5 to 1.7)" in words
    assert "costs some 2 ms of its own" in words
    assert "It is meant for reviews like those that it learned from." in words
    assert "careful reading may be right more often" in words
    assert "75 % of 40 reviews of the file speak well of it" in words


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_it_is_offered_beside_what_a_files_own_stars_teach(kept: Path) -> None:
    figure = {"value": 0.01, "ci95": [-0.01, 0.03]}
    figures = dict.fromkeys(("both", "head", "adds"), figure)
    write_card(kept, made_from="mine.csv", figures={"sentiment": figures})
    page = of_file(STARRED)
    assert [each.split(",")[0].replace("\\", "") for each in choices(page)] == ["Quick", "As “planted_reviews” taught"]
    assert "50 % of 140 reviews" in text_of(page)
    words = text_of(choose(page, "As"))
    assert "adds nothing that is sure, 1.0 points (−1.0 to 3.0)" in words
    assert "This file has the name of the one that taught it." in words
    assert "50 % of 140 reviews" in words


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_is_damaged_breaks_nothing(kept: Path) -> None:
    for name, card in (("old", "{}"), ("<b>*odd*", "["), ("none", "")):
        (kept.parent / name).mkdir()
        if card:
            (kept.parent / name / "card.json").write_text(card, encoding="utf-8")
    np.save(kept / HEAD, np.zeros((3, 1), np.float32))
    page = of_file(PLAIN)
    assert len(choices(page)) == 3
    words = text_of(page)
    assert "Not offered of what other reviews taught: the card.json of “<b>*odd*” is damaged" in words
    assert "“none” has no card.json" in words
    words = text_of(choose(page, "As"))
    assert "does not fit its encoder. what to do: adapt it again with" in words
    assert "speak well of it" not in words
    assert "of 40 reviews of the file speak well of it" in text_of(choose(page, "Quick"))


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_language_that_it_does_not_read_is_refused_in_words(kept: Path) -> None:
    page = of_file("review\nLovely and well made\nIt broke after a day\n")
    assert "does not know" in text_of(choose(page, "As"))


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_without_any_nothing_is_said_of_them(made_shop: Settings) -> None:
    page = of_file(STARRED)
    assert choices(page) == []
    assert "taught" not in text_of(page)
