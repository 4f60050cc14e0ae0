"""From what was typed to what is searched, on the prepared sample: guesses are visible and can be taken back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recsys import schema as s
from recsys.engine import Engine
from recsys.engine.nearness import NOTHING_CLOSE
from recsys.engine.reading import price_bands
from recsys.errors import BadRequestError
from recsys.query.wording import stems, words_of
from recsys.schema import Knobs, Request
from recsys.schema.money import DOLLARS


def test_filters_are_taken_out_of_the_words_and_kept_to(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk under $3"))
    assert answer.understood is not None
    assert answer.understood.meaning == "milk"
    assert [chip.label for chip in answer.understood.chips] == ["price below $3.00"]
    assert all(item.price is not None and item.price < 3 for item in answer.items)


def test_a_chip_says_the_query_without_it(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="store brand milk under $3")).understood
    assert read is not None
    for chip in read.chips:
        left = sample_engine.answer(Request(query=chip.without)).understood
        assert left is not None
        assert chip.label not in [other.label for other in left.chips]
        assert len(left.chips) == len(read.chips) - 1


def test_a_slip_is_put_right_and_said_and_a_verbatim_request_is_not(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="choclate")).understood
    assert read is not None
    assert read.changes == (("choclate", "chocolate"),)
    assert (read.meaning, read.corrected, read.suggestion) == ("chocolate", "chocolate", "")
    read = sample_engine.answer(Request(query="choclate", verbatim=True)).understood
    assert read is not None
    assert (read.meaning, read.changes, read.suggestion) == ("choclate", (), "chocolate")


def test_filters_alone_show_what_most_households_buy_of_what_they_leave(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="under $2"))
    assert answer.understood is not None
    assert answer.understood.meaning == ""
    assert answer.items
    assert all(item.price is not None and item.price < 2 for item in answer.items)
    assert any("Only filters were typed" in note for note in answer.notes)


def test_what_nothing_matches_is_relaxed_and_said_never_an_empty_shelf(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk under $0.01"))
    assert answer.items
    assert answer.understood is not None
    assert answer.understood.relaxed
    assert [chip.given_up for chip in answer.understood.chips] == [True]


def test_filters_and_departments_hold_together(sample_engine: Engine) -> None:
    department = str(sample_engine.items[s.DEPARTMENT].mode()[0])
    items = sample_engine.answer(Request(query="under $3", departments=(department,))).items
    assert {item.department for item in items} == {department}
    assert all(item.price is not None and item.price < 3 for item in items)


def test_the_departments_that_are_likely_meant_are_shares_of_one(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="dog food")).understood
    assert read is not None
    shares = [share for _, share in read.departments]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1 + 1e-6


def test_without_a_query_nothing_was_read(sample_engine: Engine) -> None:
    assert sample_engine.answer(Request()).understood is None
    assert sample_engine.answer(Request(query="  ")).understood is None


def test_completions_lead_to_what_is_there(sample_engine: Engine) -> None:
    found = sample_engine.complete("choc", 5)
    assert 0 < len(found) <= 5
    assert all("choc" in one.text.lower() and one.count > 0 for one in found)


@given(st.text(max_size=120))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(sample_engine: Engine, text: str) -> None:
    answer = sample_engine.answer(Request(query=text))
    assert answer.items
    assert all(np.isfinite(item.score) for item in answer.items)


@pytest.mark.parametrize(
    "query",
    [
        "a",
        "the of and",
        "price $5 to $2",
        '"',
        '""" (',
        "-",
        "under",
        "no",
        "without",
        "$",
        "under $",
        "milk " * 100,
        "\u200b\u200d",
        "milk\u0000pasta",
        "AND OR NOT",
        "0 oz",
        "under $0",
        "no milk milk",
        "牛奶",
        "milk молоко",
    ],
)
def test_odd_queries_are_answered(sample_engine: Engine, query: str) -> None:
    assert sample_engine.answer(Request(query=query)).items


def test_facets_are_filters_a_query_can_hold(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="milk")).understood
    assert read is not None
    of_words = [facet for facet in read.facets if facet.words]
    assert {facet.group for facet in of_words} == {"Price", "Brand"}
    for facet in of_words:
        narrowed = sample_engine.answer(Request(query=f"milk {facet.words}")).understood
        assert narrowed is not None
        assert narrowed.meaning == "milk"
        assert [chip.kind for chip in narrowed.chips] == [facet.group.lower()]


def test_price_bands_share_the_products_out() -> None:
    prices = np.array([0.5, 1.0, 1.5, 2.5, 2.6, 4.0, 9.0, 12.0, np.nan])
    bands = price_bands(prices, DOLLARS)
    assert [words for words, _ in bands] == ["under $2", "$2 to $3", "over $3"]
    assert [count for _, count in bands] == [3, 2, 3]
    assert price_bands(np.array([np.nan]), DOLLARS) == []
    assert price_bands(np.full(5, 3.0), DOLLARS) == []


@pytest.mark.parametrize(("sort", "sign"), [("price", 1), ("-price", -1)])
def test_a_shelf_can_be_ordered_by_price(sample_engine: Engine, sort: str, sign: int) -> None:
    items = sample_engine.answer(Request(query="milk", sort=sort)).items
    prices = [sign * item.price for item in items if item.price is not None]
    assert prices == sorted(prices)
    assert [item.rank for item in items] == list(range(1, len(items) + 1))


@pytest.mark.parametrize("query", ["milk", "dog food", "toothpaste"])
def test_another_order_shows_only_what_answers_the_query(sample_engine: Engine, query: str) -> None:
    best = {item.title for item in sample_engine.answer(Request(query=query, k=60)).items[:20]}
    cheapest = sample_engine.answer(Request(query=query, sort="price")).items
    words = set(stems(query.split()))
    assert cheapest
    for item in cheapest:
        said = set(stems(words_of(f"{item.title} {item.category}")))
        assert words & said or item.title in best


def test_what_matches_is_what_was_found_and_not_all_that_a_filter_leaves(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk under $50"))
    assert answer.understood is not None
    assert answer.understood.matching is not None
    assert 0 < answer.understood.matching < len(sample_engine.items) / 5
    alone = sample_engine.answer(Request(query="under $50"))
    assert alone.understood is not None
    assert alone.understood.matching is not None
    assert alone.understood.matching > len(sample_engine.items) / 2


def test_the_most_bought_first_is_by_households(sample_engine: Engine) -> None:
    items = sample_engine.answer(Request(query="milk", sort="popular")).items
    buyers = [item.facts["buyers"] for item in items]
    assert buyers == sorted(buyers, reverse=True)


def test_an_unknown_order_is_refused_with_those_there_are(sample_engine: Engine) -> None:
    with pytest.raises(BadRequestError, match="price"):
        sample_engine.answer(Request(query="milk", sort="colour"))


# what is asked for in Chinese, Spanish, German and French, and a word of every right product
FOREIGN = {
    "milk": ("牛奶", "leche", "Milch", "lait"), "bread": ("面包", "pan de molde", "Brot", "pain de mie"),
    "eggs": ("鸡蛋", "huevos", "Eier", "œufs"), "rice": ("大米", "arroz", "Reis", "riz"),
    "chicken": ("鸡肉", "pollo", "Hähnchen", "poulet"), "apples": ("苹果", "manzanas", "Äpfel", "pommes"),
    "cheese": ("奶酪", "queso", "Käse", "fromage"), "beer": ("啤酒", "cerveza", "Bier", "bière"),
    "shampoo": ("洗发水", "champú", "Haarwaschmittel", "shampooing"),
    "dog food": ("狗粮", "comida para perros", "Hundefutter", "nourriture pour chien"),
}  # fmt: skip
EACH = [
    (query, code, found)
    for found, queries in FOREIGN.items()
    for code, query in zip(("zh", "es", "de", "fr"), queries, strict=True)
]


@pytest.mark.parametrize(("query", "code", "found"), EACH)
def test_an_everyday_word_of_another_language_finds_what_the_english_word_finds(
    sample_engine: Engine, query: str, code: str, found: str
) -> None:
    answer = sample_engine.answer(Request(query=query))
    assert answer.understood is not None
    assert (answer.understood.language_code, answer.understood.language_off) == (code, "")
    assert answer.understood.translation.endswith(found)
    assert found in answer.items[0].title.lower()


@pytest.mark.parametrize(("query", "code", "partly"), [("alfombra", "es", ""), ("Dinkelbrot", "de", "bread")])
def test_what_the_glossary_lacks_is_searched_for_across_languages(
    sample_engine: Engine, query: str, code: str, partly: str
) -> None:
    answer = sample_engine.answer(Request(query=query))
    assert answer.understood is not None
    if answer.understood.language_off:
        pytest.skip(answer.understood.language_off)
    assert (answer.understood.language_code, answer.understood.translation) == (code, "")
    assert {part for item in answer.items for part in item.parts} <= {"languages", "kind", "popular"}
    assert all(item.score == sum(item.parts.values()) for item in answer.items)
    assert partly in answer.items[0].title.lower()


def test_letters_at_random_are_said_to_be_near_nothing_and_words_are_not(sample_engine: Engine) -> None:
    for query, guessed in (("zxqv wkkz", True), ("alfombra", False), ("comida para perros", False)):
        answer = sample_engine.answer(Request(query=query, language="es"))
        assert answer.understood is not None
        if answer.understood.language_off:
            pytest.skip(answer.understood.language_off)
        assert (NOTHING_CLOSE in answer.notes) is guessed, query


def test_a_word_of_another_language_is_no_sure_slip(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="cafe latte", language="en")).understood
    assert read is not None
    assert read.corrected == ""


def test_a_real_word_in_the_place_of_another_is_offered_and_not_searched_for(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="bred")).understood
    assert read is not None
    assert (read.meaning, read.corrected, read.suggestion) == ("bred", "", "bread")


def test_a_person_can_say_that_it_is_english(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="leche", language="en")).understood
    assert read is not None
    assert read.language_code == "en"


def test_an_unknown_language_is_refused(sample_engine: Engine) -> None:
    with pytest.raises(BadRequestError, match="xx"):
        sample_engine.answer(Request(query="leche", language="xx"))


def test_english_words_of_the_shop_are_english(sample_engine: Engine) -> None:
    for query in ("milk", "dog food", "quick dinner for kids", "choclate"):
        read = sample_engine.answer(Request(query=query)).understood
        assert read is not None
        assert read.language_code == "en", query


def some_household(engine: Engine) -> str:
    featured = engine.shoppers.sort_values(s.FEATURED)
    return str(featured[featured[s.FEATURED] >= 0][s.SHOPPER_ID].iloc[0])


def test_beside_a_query_it_is_said_what_the_shoppers_habits_moved(sample_engine: Engine) -> None:
    asked = Request(query="milk", shopper=some_household(sample_engine), knobs=Knobs(shopper_weight=0.8))
    answer = sample_engine.answer(asked)
    assert answer.understood is not None
    assert answer.understood.taste.startswith("This shopper's habits moved")
    named = answer.understood.taste.split("\u201c")[1].split("\u201d")[0]
    assert named in [item.title for item in answer.items]


def test_without_a_shopper_or_with_no_weight_on_them_nothing_is_said_of_habits(sample_engine: Engine) -> None:
    household = some_household(sample_engine)
    unheard = Request(query="milk", shopper=household, knobs=Knobs(shopper_weight=0.0))
    for asked in (Request(query="milk"), unheard):
        read = sample_engine.answer(asked).understood
        assert read is not None
        assert read.taste == ""


def test_what_the_shop_calls_otherwise_is_searched_for_in_its_words(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="coke under $5", k=4))
    assert answer.understood is not None
    assert answer.understood.swaps == (("coke", "soft drinks"),)
    assert answer.understood.meaning == "soft drinks"
    assert all("drink" in item.title.lower() for item in answer.items)


def test_words_count_more_where_one_product_holds_all_of_them(sample_engine: Engine) -> None:
    def share(query: str) -> int:
        stages = sample_engine.answer(Request(query=query)).stages
        detail = next(stage.detail for stage in stages if stage.name == "words")
        return int(detail.split("words count ")[1].split("%")[0])

    assert share("frozen pizza") > share("pizza milk shampoo") > 0


@pytest.mark.parametrize(
    "query", ["chips -soda", "snacks -jam", "snacks without any sodas", "sandwich without the jam"]
)
def test_what_is_not_wanted_is_not_searched_for_in_other_words(sample_engine: Engine, query: str) -> None:
    read = sample_engine.answer(Request(query=query)).understood
    assert read is not None
    assert read.swaps == ()
    assert [chip.kind for chip in read.chips] == ["without"]


def test_a_filter_taken_back_leaves_the_words_as_they_were_typed(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="soda under $3, store brand")).understood
    assert read is not None
    assert read.meaning == "soda soft drinks"
    assert [chip.without for chip in read.chips] == ["soda, store brand", "soda under $3"]


def test_a_likely_slip_of_english_words_is_english(sample_engine: Engine) -> None:
    read = sample_engine.answer(Request(query="chiken brest")).understood
    assert read is not None
    assert (read.language_code, read.suggestion or read.corrected) == ("en", "chicken breast")


@pytest.mark.parametrize("query", ["guinness", "Guinness", "smirnoff"])
def test_a_name_that_is_not_carried_is_searched_for_as_its_kind_and_can_be_taken_back(
    sample_engine: Engine, query: str
) -> None:
    read = sample_engine.answer(Request(query=query)).understood
    assert read is not None
    assert read.named is not None
    assert (read.named.name, read.named.sure, read.corrected) == (query, True, "")
    assert read.meaning == read.named.kind
    assert read.missing == ""
    verbatim = sample_engine.answer(Request(query=query, verbatim=True)).understood
    assert verbatim is not None
    assert (verbatim.named, verbatim.meaning) == (None, query)


@pytest.mark.parametrize("query", ["choclate", "milk", "coke", "smirnoff ice cream", "trombone"])
def test_a_slip_a_word_of_the_shop_and_a_product_named_are_no_outside_names(sample_engine: Engine, query: str) -> None:
    read = sample_engine.answer(Request(query=query)).understood
    assert read is not None
    assert read.named is None or not read.named.sure


@pytest.mark.parametrize(
    ("query", "code"),
    [("shredded chees", "en"), ("whole milc", "en"), ("paper towls", "en"), ("pan de maiz", "es"),
     ("jus de pomme", "fr"), ("salsa de tomate", "es"), ("kaas zonder lactose", "nl")],
)  # fmt: skip
def test_a_slip_beside_a_word_of_the_shop_is_english_and_a_sentence_is_not(
    sample_engine: Engine, query: str, code: str
) -> None:
    understood = sample_engine.answer(Request(query=query, k=1)).understood
    assert understood is not None
    assert understood.language_code == code
