"""The page Reviews: what is said of a shop, a category, a product and of a file; and what is missing, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.engine import Engine
from recsys.errors import ArtifactError
from recsys.settings import Settings
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/business/reviews/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_the_reviews_of_a_shop_a_category_and_a_product_are_told(made_shop: Settings) -> None:
    reviews = Engine.open(made_shop).reviews
    assert reviews.obstacle == ""
    assert f"of {reviews.of().worded:,} reviews of the shop speak well of it" in text_of(sound(visit(PAGE)))
    category = reviews.categories[0]
    assert f"the category “{category}”" in text_of(sound(visit(PAGE, reviews_of="category", review_category=category)))
    words = text_of(sound(visit(PAGE, reviews_of="product")))
    assert "stars; eight of ten such ratings lie between" in words
    assert "There are no reviews of “nothing”" in text_of(
        sound(visit(PAGE, reviews_of="category", review_category="nothing"))
    )


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_without_reviews_says_so(made_shop: Settings) -> None:
    assert "This shop has no reviews." in text_of(sound(visit(PAGE)))


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_file_is_read_through_the_door(made_shop: Settings) -> None:
    reviews = Engine.open(made_shop).reviews
    rows = [f"Lovely and well made {n},5\nIt broke after a day {n},1" for n in range(40)]
    analysis, read, notes = reviews.of_file("r.csv", ("review,stars\n" + "\n".join(rows)).encode())
    assert analysis.reviews == 80
    assert analysis.worded == 80
    assert read.mood[0] > read.mood[1]
    assert notes[0].startswith("read as: text")


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_foretold_stars_lie_within_their_range(made_shop: Settings) -> None:
    reviews = Engine.open(made_shop).reviews
    found = reviews.foretold(-1, reviews.products[0])
    assert found is not None
    assert 1 <= found.low <= found.stars <= found.high <= 5
    assert found.of_item > 0
    assert found.of_shopper == 0


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
@pytest.mark.parametrize("text", ["", "{}", "[]", '{"info": 3}'])
def test_what_was_damaged_since_the_shop_was_opened_is_said_in_words(
    made_shop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    reviews = Engine.open(made_shop).reviews
    monkeypatch.setattr(reviews, "_folder", lambda name: tmp_path)
    for name in ("manifest.json", "said.json"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ArtifactError, match="no readable manifest") as first:
        _ = reviews.obstacle
    with pytest.raises(ArtifactError, match="cannot be opened") as second:
        _ = reviews.read
    assert first.value.remedy
    assert second.value.remedy
