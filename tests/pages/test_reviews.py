"""The page Reviews: what is said of a shop, a category, a product and of a file; and what is missing, in words."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.business.reviews import measured
from recsys.engine import Engine
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
    brought = reviews.brought("r.csv", ("review,stars\n" + "\n".join(rows)).encode())
    assert brought.careful is not None
    assert brought.careful > brought.quick
    analysis, read, course = reviews.of_file(brought)
    assert course is None
    assert analysis.reviews == 80
    assert analysis.worded == 80
    assert read.mood[0] > read.mood[1]
    assert brought.notes[0] == "Read were the texts from the column “review” and the stars from the column “stars”."


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_foretold_stars_lie_within_their_range(made_shop: Settings) -> None:
    reviews = Engine.open(made_shop).reviews
    found = reviews.foretold(-1, reviews.products[0])
    assert found is not None
    assert 1 <= found.low <= found.stars <= found.high <= 5
    assert found.of_item > 0
    assert found.of_shopper == 0


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_reviews_count_only_where_they_are_given_a_share(made_shop: Settings) -> None:
    assert "Reviews do not count now" in text_of(sound(visit(PAGE)))
    words = text_of(sound(visit(PAGE, reviews_share="30")))
    assert "would stand elsewhere" in words or "nothing moves" in words
    assert "No aspect is called “nothing”" in text_of(sound(visit(PAGE, review_aspect="nothing")))


def brought(app: AppTest, name: str, content: str) -> AppTest:
    app.file_uploader(key="reviews.file").set_value((name, content.encode(), "text/csv"))
    return sound(app.run())


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_file_of_ones_own_is_one_of_the_choices_and_its_columns_can_be_chosen(made_shop: Settings) -> None:
    page = sound(visit(PAGE, reviews_of="file"))
    assert "Reviews of your own" in text_of(page)
    assert "speak well of it" not in text_of(page)
    rows = "\n".join(f"Lovely and well made {n};5\nIt broke after a day {n};1" for n in range(10))
    page = brought(page, "odd.csv", f"a;b\n{rows}")
    assert "Choose the column above." in text_of(page)
    texts, stars = (next(box for box in page.selectbox if box.label == label) for label in ("Texts", "Stars, 1 to 5"))
    texts.set_value("a")
    stars.set_value("b")
    words = text_of(sound(page.run()))
    assert "Read were the texts from the column “a” and the stars from the column “b”." in words
    assert "of 20 reviews of the file speak well of it" in words
    assert [group.label for group in page.button_group].count("How carefully is it read?") == 1


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_who_is_asked_about_is_chosen_once_on_the_page(made_shop: Settings) -> None:
    words = text_of(sound(visit(PAGE, reviews_of="product")))
    assert words.index("What would somebody give it?") < words.index("What if the shelf listened to reviews?")


def test_a_shelf_that_listens_is_told_against_the_one_that_does_not() -> None:
    ways = [("without", 0.10), ("stars", 0.09), ("reviews", 0.11), ("strong", 0.05)]
    lines = [{"method": name, "label": name, "value": value, "ci95": [0.0, 0.2]} for name, value in ways]
    told = measured.sentence({"task": "shelf", "metric": "ndcg@10", "better": "higher", "methods": lines})
    assert "ndcg@10 0.110" in told
    assert told.endswith("better than “without” with 0.100.")
    assert "no better" not in told
