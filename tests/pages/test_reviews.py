"""The page Reviews: what is said of a shop, a category, a product and of a file; and what is missing, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.business.reviews import measured
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
    words = text_of(sound(visit(PAGE)))
    assert f"of {reviews.of().worded:,} reviews of the shop speak well of it (95" in words
    assert "Better or worse?" in words or "better or worse" in words
    category = reviews.categories[0]
    assert f"the category “{category}”" in text_of(sound(visit(PAGE, reviews_of="category", review_category=category)))
    words = text_of(sound(visit(PAGE, reviews_of="product")))
    assert "stars; eight of ten such ratings lie between" in words
    assert "Everybody" in words  # the strip to choose somebody
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
    assert all(each.mood > 0 and read.stars[each.row] == 5 for each in analysis.praise)
    assert all(each.mood < 0 and read.stars[each.row] == 1 for each in analysis.complaint)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_words_against_stars_are_found_in_a_file_of_few(made_shop: Settings) -> None:
    reviews = Engine.open(made_shop).reviews
    rows = [
        "Awful. Leaks and hurts my feet. I want my money back,5",
        "Absolutely perfect and so comfortable,1",
        "Lovely and warm,5",
        "Broken after two days,1",
    ]
    file = reviews.brought("r.csv", ("review,stars\n" + "\n".join(rows)).encode())
    analysis, *_ = reviews.of_file(file, careful=True)
    assert {each.row for each in analysis.contradictions} == {0, 1}
    assert [each.row for each in analysis.praise] == [2]
    assert [each.row for each in analysis.complaint] == [3]


def brought(app: AppTest, name: str, content: str) -> AppTest:
    app.file_uploader(key="reviews.file").set_value((name, content.encode(), "text/csv"))
    return sound(app.run())


def of_file(content: str) -> AppTest:
    return brought(sound(visit(PAGE, reviews_of="file")), "mine.csv", content)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_file_in_another_language_is_read_and_said_what_as(made_shop: Settings) -> None:
    words = text_of(of_file("Fecha;Producto;Estrellas;Comentario\n01/03/2026;Zapatos;5;Muy cómodos y bonitos\n"))
    assert "the texts from the column “Comentario”, the stars from the column “Estrellas”" in words
    assert "1 review of the file" in words
    assert "of the shop speak well" not in words
    assert "No stars were found" in text_of(of_file("review\nLovely and warm\n"))


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


@pytest.mark.parametrize(
    ("value", "interval", "better", "says"),
    [
        (0.94, [0.93, 0.95], "higher", "better than “Simple” with 0.910"),
        (0.92, [0.90, 0.94], "higher", "no sure gain on “Simple” with 0.910"),
        (0.35, [0.33, 0.37], "lower", "better than “Always” with 0.500"),
    ],
)
def test_what_was_measured_is_said_against_the_best_simple_way(
    value: float, interval: list[float], better: str, says: str
) -> None:
    ways = [("Always", 0.5), ("Simple", 0.91)]
    methods = [{"label": label, "value": each, "ci95": [each, each]} for label, each in ways]
    methods.append({"label": "Ours", "value": value, "ci95": interval})
    task = {"task": "sentiment", "metric": "accuracy", "better": better, "methods": methods}
    assert says in measured.sentence(task)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_what_was_copied_is_shown_with_its_number_and_days(made_shop: Settings) -> None:
    spam = "2026-05-01,Buy this great product now and thank me later,5\n" * 3
    words = text_of(of_file(f"date,review,stars\n2026-01-01,It is warm,4\n{spam}"))
    assert "Copied: 1 text" in words
    assert "3 times on 2026-05-01: “Buy this great product now" in words
    assert "Nothing looks as if" in text_of(of_file("review,stars\nIt is warm,4\n"))


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


def test_a_shelf_that_listens_is_told_against_the_one_that_does_not() -> None:
    ways = [("without", 0.10), ("stars", 0.09), ("reviews", 0.11), ("strong", 0.05)]
    lines = [{"method": name, "label": name, "value": value, "ci95": [0.0, 0.2]} for name, value in ways]
    told = measured.sentence({"task": "shelf", "metric": "ndcg@10", "better": "higher", "methods": lines})
    assert "ndcg@10 0.110" in told
    assert told.endswith("no sure gain on “without” with 0.100.")
