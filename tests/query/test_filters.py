"""What an intent leaves of the shelf, and what is given up when it leaves nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys import schema as s
from recsys.errors import ArtifactError
from recsys.query.filters import ItemFilters, relax
from recsys.query.intent import read_intent
from recsys.query.vocabulary import Vocabulary
from recsys.schema import Mask
from tests.query.understanding_shelf import WORDS, makes, shelf, vocabulary


@pytest.fixture(scope="module")
def filters() -> ItemFilters:
    return ItemFilters.of(shelf(), WORDS)


def mask_of(filters: ItemFilters, query: str) -> Mask:
    (part,) = read_intent(query, vocabulary()).parts
    mask = filters.mask(part)
    assert mask is not None
    return mask


def left(filters: ItemFilters, query: str) -> set[str]:
    """The titles that a query of one part leaves."""
    return set(shelf()[s.TITLE][mask_of(filters, query)])


def test_a_price_bound_holds_to_the_cent(filters: ItemFilters) -> None:
    prices = shelf()[s.PRICE]
    for query, expected in (
        ("under $2", prices < 2.0),
        ("up to $2", prices <= 2.0),
        ("over $2", prices > 2.0),
        ("$2 or more", prices >= 2.0),
        ("$2 to $3", (prices >= 2.0) & (prices <= 3.0)),
    ):
        assert np.array_equal(mask_of(filters, query), expected.to_numpy()), query


def test_a_product_without_a_price_is_within_no_range() -> None:
    unpriced = ItemFilters.of(shelf().assign(**{s.PRICE: np.nan}), WORDS)
    assert not mask_of(unpriced, "under $2").any()


def test_a_size_is_found_in_any_unit_of_the_same_amount(filters: ItemFilters) -> None:
    # 16 oz are 453.6 g and one pound; 473 ml as fluid ounces are one pint
    one_pound = {
        "Pasta & ramen noodles, 16 oz",
        "Pasta & ramen noodles, 1 lb",
        "Pound cakes, 1 lb",
        "Strawberries, 1 lb",
        "Break & bake cookie dough, 16 oz",
    }
    assert left(filters, "1 lb") == one_pound
    assert left(filters, "16 oz") == one_pound | {"Chocolate milk, 1 pint"}
    assert left(filters, "454 g") == one_pound


def test_two_liters_are_67_ounces_within_two_percent(filters: ItemFilters) -> None:
    # 67 fl oz are 1.981 l, .9 % less than 2; 64 oz (half a gallon) are 5.4 % less
    both = {"Soft drinks, 2-liter bottles, 2 liter", "Soft drinks, bottles, 67 oz"}
    assert left(filters, "2 litre") == left(filters, "67 oz") == left(filters, "2000 ml") == both


def test_half_a_gallon_is_64_fluid_ounces(filters: ItemFilters) -> None:
    assert left(filters, "half gallon") == {
        "White milk, 1/2 gallon",
        "Orange juice, 64 oz",
        "Refrigerated fruit drinks, no juice, 64 oz",
    }


def test_a_dozen_is_twelve_of_anything(filters: ItemFilters) -> None:
    assert left(filters, "a dozen") == {"Large eggs, 1 dozen", "Soft drinks, cans, 12 x 12 oz"}
    assert left(filters, "12 pack") == left(filters, "12 ct") == left(filters, "a dozen")


def test_a_multipack_has_its_pieces_its_single_size_and_its_total(filters: ItemFilters) -> None:
    title = "Soft drinks, cans, 12 x 12 oz"
    assert title in left(filters, "12 oz")
    assert title in left(filters, "144 oz")
    assert left(filters, "12 x 12 oz") == {title}


def test_a_range_of_sizes_takes_both_ends(filters: ItemFilters) -> None:
    assert left(filters, "3 to 30 lb") == {"Red onions, 3 lb", "Dog food, 30 lb", "Soft drinks, cans, 12 x 12 oz",
                                           "Refrigerated fruit drinks, no juice, 64 oz", "Orange juice, 64 oz",
                                           "Soft drinks, bottles, 67 oz"}  # fmt: skip


def test_a_maker_is_as_the_catalogue_says(filters: ItemFilters) -> None:
    assert np.array_equal(mask_of(filters, "store brand"), (shelf()[s.BRAND] == "Store brand").to_numpy())


def test_a_department_is_as_the_catalogue_says(filters: ItemFilters) -> None:
    assert np.array_equal(mask_of(filters, "in the bakery"), (shelf()[s.DEPARTMENT] == "Bakery").to_numpy())


def test_without_leaves_out_every_form_of_the_word_in_names(filters: ItemFilters) -> None:
    gone = set(shelf()[s.TITLE]) - left(filters, "without egg")
    assert gone == {"Egg noodles, 12 oz", "Egg salad", "Large eggs, 1 dozen"}


def test_without_leaves_out_a_category_of_that_name(filters: ItemFilters) -> None:
    assert "Almonds, 8 oz" not in left(filters, "without nuts")


def test_what_a_name_denies_is_not_in_it(filters: ItemFilters) -> None:
    assert "Bouquets without roses" in left(filters, "without roses")
    assert "Rose bouquets" not in left(filters, "without roses")
    assert "Refrigerated fruit drinks, no juice, 64 oz" in left(filters, "without juice")


def test_without_two_words_wants_them_side_by_side(filters: ItemFilters) -> None:
    assert set(shelf()[s.TITLE]) - left(filters, "without ice cream") == {
        "Ice cream quarts, 1 quart",
        "Ice cream sandwiches, 6 count",
    }


def test_quoted_words_are_found_as_they_stand(filters: ItemFilters) -> None:
    assert left(filters, '"egg noodles"') == {"Egg noodles, 12 oz"}
    assert left(filters, '"eggs noodles"') == set()


def test_several_makes_are_one_wish() -> None:
    filters = ItemFilters.of(makes(), WORDS)
    intent = read_intent("acme corp or zenith", Vocabulary.of(makes(), WORDS))
    ((_, mask),) = filters.masks(intent)
    assert np.array_equal(mask, makes()[s.BRAND].isin(["Acme Corp", "Zenith"]).to_numpy())


def test_filters_that_leave_something_are_all_kept(filters: ItemFilters) -> None:
    found = relax(filters.masks(read_intent("under $2 store brand 16 oz", vocabulary())), np.ones(filters.size, bool))
    assert (found.n, found.given_up, found.sentence) == (10, (), "")
    counts = {part.label: n for part, n in found.counts}
    assert counts["16 oz"] == 31  # 10 + 10 pasta, 3 pound cakes, 3 strawberries, 2 dough, 3 pints of chocolate milk


def test_what_alone_frees_most_is_given_up_first(filters: ItemFilters) -> None:
    # below 1.50 and of the store brand: 10 pasta, 9 soft drinks, 4 soups = 23; 30 lb and below 1.50, or store: none
    found = relax(
        filters.masks(read_intent("store brand under $1.50 30 lb", vocabulary())), np.ones(filters.size, bool)
    )
    assert [part.label for part in found.given_up] == ["30 lb"]
    assert found.n == 23
    assert found.sentence == "Nothing matches all of it, so “30 lb” was left out."


def test_an_exclusion_is_given_up_last(filters: ItemFilters) -> None:
    eggs = (shelf()[s.NAME] == "Egg salad").to_numpy()
    found = relax(filters.masks(read_intent("without egg under $1", vocabulary())), eggs)
    assert [part.label for part in found.given_up] == ["price below $1.00", "without egg"]
    assert (found.n, found.sentence.count("“")) == (3, 2)


def test_nothing_stays_nothing(filters: ItemFilters) -> None:
    found = relax(filters.masks(read_intent("under $1", vocabulary())), np.zeros(filters.size, bool))
    assert (found.n, found.given_up) == (0, ())


def test_filters_on_disk_are_the_same(filters: ItemFilters, tmp_path: Path) -> None:
    filters.save(tmp_path)
    loaded = ItemFilters.load(tmp_path)
    for query in ("under $2", "16 oz", "without egg", "store brand", '"egg noodles"'):
        assert np.array_equal(mask_of(loaded, query), mask_of(filters, query))


def test_missing_filters_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="prepare"):
        ItemFilters.load(tmp_path)
