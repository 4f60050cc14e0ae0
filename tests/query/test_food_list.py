"""Descriptions of foods: what each is called, which words say its kind, and what the shop calls that."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from recsys import schema as s
from recsys.errors import DataError
from recsys.query import food_list
from recsys.query.food_list import Place, food_of, installed_foods
from recsys.query.known_foods import kinds_of_foods
from recsys.query.outside_names import OutsideNames
from recsys.query.vocabulary import Vocabulary
from recsys.query.words import ShopWords
from recsys.schema.money import DOLLARS

WORDS = ShopWords(None, DOLLARS)
SHELF = {
    "Cheese crackers": "Crackers",
    "Saltines": "Crackers",
    "Spring water": "Bottled water",
    "Hot water bottles": "First aid",
    "Herbal tea": "Tea",
    "Salsa & dips": "Dips",
    "Refrigerated puddings": "Desserts",
    "Breading mix": "Baking",
    "White bread": "Bread",
    "Canned luncheon meat": "Canned meat",
    "Candy bars": "Candy",
}
FOODS = (
    food_of("Crackers, cheese (Cheez-It)", "Crackers, excludes saltines"),
    food_of("Beverages, The COCA-COLA company, DASANI, water, bottled, non-carbonated", "Beverages", wide=True),
    food_of("Tea, kombucha", "Tea"),
    food_of("Guacamole, NFS", "Dips, gravies, other sauces"),
    food_of("Creme brulee", "Pudding"),
    food_of("Bread, naan, plain", "Yeast breads"),
    food_of("Luncheon meat, pork, canned, includes SPAM, 25% less sodium", "Sausages", wide=True),
    food_of("Candies, MARS SNACKFOOD US, SNICKERS Bar", "Sweets", wide=True),
    food_of("Candies, MARS SNACKFOOD US, SNICKERS MUNCH bar", "Sweets", wide=True),
    food_of("Topping, SMUCKER'S MAGIC SHELL", "Sweets", wide=True),
)


def items() -> pd.DataFrame:
    return pd.DataFrame(
        {s.NAME: list(SHELF), s.CATEGORY: list(SHELF.values()), s.BRAND: "", s.DEPARTMENT: "Grocery", s.SIZE: "",
         s.PRICE: 2.0}
    )  # fmt: skip


def named() -> Mapping[str, str]:
    """What the shelf calls each food."""
    texts = dict.fromkeys(SHELF.items(), 1)
    return {food.key: food.said for food in kinds_of_foods(FOODS, texts, Vocabulary.of(items(), WORDS))}


def outside() -> OutsideNames:
    return OutsideNames.of(items(), Vocabulary.of(items(), WORDS), [], foods=FOODS)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cheezit", "cheese crackers"),
        ("dasani", "bottled water"),  # "non-carbonated" is denied, and "Beverages" says nothing
        ("kombucha", "tea"),
        ("guacamole", "dips"),  # the shelf has no word of it, so that its group tells
        ("naan", "bread"),  # and not "breading", of which it has the stem
        ("spam", "canned luncheon meat"),
        ("snickers", "candy bars"),
    ],
)
def test_the_first_phrases_of_a_food_say_what_the_shop_calls_it(name: str, said: str) -> None:
    assert named()[name] == said


def test_what_the_shop_has_is_no_new_name() -> None:
    assert {"tea", "crackers", "cheese", "candies"}.isdisjoint(named())


def test_a_brand_stands_in_capitals_and_its_beginning_may_be_the_makers() -> None:
    food = food_of("Candies, MARS SNACKFOOD US, REESE'S PIECES Candy", "Sweets", wide=True)
    assert food.names["reeses", "pieces"] is Place.BEGINNING  # the brand goes on in "Candy"
    assert food.names["snackfood", "us"] is Place.INSIDE
    assert food.head == "candi"
    assert food_of("Beverages, EVIAN", "Beverages", wide=True).names["evian",] is Place.BRAND


def test_how_a_food_is_served_and_what_it_is_in_says_no_kind() -> None:
    food = food_of("Fish, anchovy, canned in olive oil, ready-to-eat, without skin", "Fish")
    assert set(food.telling) == {"fish", "anchovi", "can"}


@pytest.mark.parametrize(
    "typed", ["cheez-its", "Cheez It", "CHEEZIT", "cheez its", "créme brûlée", "creme brulee", "snickers"]
)
def test_a_name_is_found_however_it_is_joined_or_accented(typed: str) -> None:
    text, found = outside().read(typed)
    assert found is not None
    assert found.sure
    assert (found.name, text) == (typed, found.kind)


def test_one_thing_of_a_maker_does_not_tell_what_it_makes() -> None:
    assert outside().read("smuckers") == ("smuckers", None)


def test_beside_a_product_of_the_shop_a_name_is_a_brand() -> None:
    assert outside().read("snickers tea") == ("snickers tea", None)


def test_a_word_that_says_the_kind_of_a_name_is_said_once() -> None:
    assert [outside().read(typed)[0] for typed in ("dasani water", "kombucha tea", "snickers candy")] == [
        "bottled water", "tea", "candy bars",
    ]  # fmt: skip


def test_a_brand_with_the_last_word_of_its_phrase_is_a_name() -> None:
    food = food_of("Candies, REESE'S Peanut Butter Cups", "Sweets", wide=True)
    assert food.names["reeses", "cups"] is Place.BRAND
    assert outside().read("smuckers shell")[1] is None  # all of "MAGIC SHELL" is the brand's


def test_a_short_name_is_none_in_the_plural() -> None:
    foods = (food_of("Bread, BENS", "Yeast breads"), food_of("Bread, NAANA", "Yeast breads"))
    names = OutsideNames.of(items(), Vocabulary.of(items(), WORDS), [], foods=foods)
    assert [names.find_food(word) is None for word in ("ben", "bens", "naanas")] == [True, False, False]


def test_what_joins_names_begins_none() -> None:
    assert outside().read("and kombucha")[0] == "and tea"


def test_a_name_beside_another_word_that_nobody_knows_is_only_asked_about() -> None:
    found = outside().read("spam musubi")[1]
    assert found is not None
    assert (found.name, found.sure) == ("spam", False)


def test_words_of_such_names_are_no_slips() -> None:
    assert outside().holds("Cheez")
    assert not outside().holds("cheese")


def test_names_of_foods_are_kept_on_disk(tmp_path: Path) -> None:
    made = outside()
    made.save(tmp_path)
    again = OutsideNames.load(tmp_path, Vocabulary.of(items(), WORDS))
    assert again.read("kombucha") == made.read("kombucha") != ("kombucha", None)


def test_the_installed_list_is_read() -> None:
    foods = installed_foods()
    assert len(foods) > 10_000
    assert any(("kombucha",) in food.names for food in foods)


def test_without_the_package_no_food_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(food_list, "LIST", ("no_such_package", "x.csv.gz"))
    assert installed_foods() == ()


def test_a_damaged_list_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv.gz").write_bytes(b"no gzip")
    monkeypatch.setattr(food_list, "packaged", lambda *_: tmp_path / "x.csv.gz")
    with pytest.raises(DataError, match="pip install"):
        installed_foods()
