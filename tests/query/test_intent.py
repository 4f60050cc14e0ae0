"""What people type into a shop is read as they mean it, and names are not torn apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.query.intent import Intent, read_intent
from recsys.query.parts import BrandPart, DepartmentPart, ExactPart, MakePart, PricePart, SizePart, WithoutPart
from recsys.query.reading import MOST_PARTS, MOST_WITHOUT, Reading
from recsys.query.vocabulary import Vocabulary
from recsys.schema import MAX_QUERY_CHARS
from tests.query.understanding_shelf import WORDS, makes, vocabulary

# query | meaning | labels of the parts, from left to right
READ = """
cheap gluten free pasta under $3, no egg, store brand, 16 oz | gluten free pasta | price below $3.00; without egg; store brand; 16 oz
pasta under 3 | pasta | price below $3.00
pasta under $3 | pasta | price below $3.00
soup below 3 dollars | soup | price below $3.00
soup less than 2.50 | soup | price below $2.50
soup less than $.99 | soup | price below $0.99
wine under 15 bucks | wine | price below $15.00
wine under $1,000 | wine | price below $1,000.00
wine under 12,50 | wine | price below $12.50
max 2.50 cheese | cheese | price up to $2.50
cheese max 2.50 | cheese | price up to $2.50
cheese up to $4 | cheese | price up to $4.00
cheese at most 4 | cheese | price up to $4.00
cheese no more than 4 dollars | cheese | price up to $4.00
cheese not over $2 | cheese | price up to $2.00
$3 or less milk | milk | price up to $3.00
milk $3 or under | milk | price up to $3.00
milk $3 max | milk | price up to $3.00
milk <$3 | milk | price below $3.00
milk price < 4 | milk | price below $4.00
milk priced under 4 | milk | price below $4.00
wine between 2 and 4 | wine | price $2.00 to $4.00
wine between $2 and $4 | wine | price $2.00 to $4.00
wine from 2 to 4 | wine | price $2.00 to $4.00
wine $2 to $4 | wine | price $2.00 to $4.00
wine $2-$4 | wine | price $2.00 to $4.00
wine 3-5 $ | wine | price $3.00 to $5.00
wine 3-5 dollars | wine | price $3.00 to $5.00
wine over $10 | wine | price above $10.00
wine over 10 | wine | price above $10.00
wine more than 10 dollars | wine | price above $10.00
wine $10 or more | wine | price from $10.00
wine $10 and up | wine | price from $10.00
wine at least $10 | wine | price from $10.00
around $5 cheese | cheese | price $4.00 to $6.00
cheese about 10 dollars | cheese | price $8.00 to $12.00
$5 wine | wine | price up to $5.00
cookies for $2 | cookies | price up to $2.00
99 cent cookies | cookies | price up to $0.99
cookies under 50 cents | cookies | price below $0.50
cookies under a dollar | cookies | price below $1.00
cookies under five dollars | cookies | price below $5.00
3 for $6 soup | soup | price up to $2.00
soup under $2.00/can | soup can | price below $2.00
pasta under 3 dollars and 50 cents | pasta | price below $3.50
wine under $5 and two glasses | wine two glasses | price below $5.00
cheese price 2 to 5 | cheese | price $2.00 to $5.00
pasta (no egg) | pasta | without egg
cookies not nuts | cookies | without nuts
7 up 2 liter | 7 up | 2 liter
under $3 | | price below $3.00
over $1 wine under $9 | wine | price $1.00 to $9.00
2 litre cola | cola | 2 liter
2L cola | cola | 2 liter
2 l cola | cola | 2 liter
67 oz cola | cola | 67 oz
16.9 fl oz water | water | 16.9 fl oz
16 fl. oz. water | water | 16 fl oz
16oz pasta | pasta | 16 oz
16-oz pasta | pasta | 16 oz
12 oz. can | can | 12 oz
500 g rice | rice | 500 g
1kg rice | rice | 1 kg
330ml beer | beer | 330 ml
5 lbs. flour | flour | 5 lb
five pounds of flour | flour | 5 lb
1 1/2 lb ham | ham | 1.5 lb
1 and a half pounds ham | ham | 1.5 lb
1 lb 8 oz bread | bread | 1.5 lb
quarter pound burgers | burgers | 1/4 lb
half gallon milk | milk | 1/2 gallon
half a gallon of milk | milk | 1/2 gallon
1/2 gal milk | milk | 1/2 gallon
2% milk gallon | 2% milk | 1 gallon
gallon of milk | milk | 1 gallon
a pint of chocolate milk | chocolate milk | 1 pint
2 qt milk | milk | 2 quart
a dozen eggs | eggs | 1 dozen
eggs two dozen | eggs | 2 dozen
half dozen eggs | eggs | 1/2 dozen
18 ct eggs | eggs | 18 count
eggs 24 count | eggs | 24 count
12 pack cola | cola | 12 pack
12-pack cola | cola | 12 pack
six pack cola | cola | 6 pack
pack of 6 bagels | bagels | 6 pack
twenty-four pack cola | cola | 24 pack
6 x 330 ml beer | beer | 6 x 330 ml
24x12oz cola | cola | 24 x 12 oz
12 pack 12 oz cola | cola | 12 pack; 12 oz
chicken 3-5 lb | chicken | 3 to 5 lb
chicken 3 to 5 pounds | chicken | 3 to 5 lb
chicken under 5 lb | chicken | up to 5 lb
dog food over 20 lb | dog food | from 20 lb
dog food 30lb bag over $20 | dog food bag | 30 lb; price above $20.00
1,000 count napkins | napkins | 1000 count
pasta no egg | pasta | without egg
no egg pasta | pasta | without egg
pasta without egg | pasta | without egg
pasta w/o eggs | pasta | without eggs
cookies without nuts or raisins | cookies | without nuts; without raisins
cookies without nuts and under $3 | cookies | without nuts; price below $3.00
chips no onions or nuts | chips | without onions; without nuts
cookies -nuts | cookies | without nuts
sandwich without peanut butter | sandwich | without peanut butter
sandwich -"peanut butter" | sandwich | without peanut butter
sandwich hold the onions | sandwich | without onions
granola free of nuts | granola | without nuts
milk without lactose | milk | without lactose
egg-free mayonnaise | mayonnaise | without egg
egg free mayonnaise | mayonnaise | without egg
salad without cilantro | salad | without cilantro
flowers without roses | flowers | without roses
store brand milk | milk | store brand
private label milk | milk | store brand
milk, name brand | milk | national brand
cookies in the bakery | cookies | in Bakery
salad from the deli section | salad | in Deli
produce aisle onions | onions | in Produce
shampoo in health & beauty | shampoo | in Health, beauty & household
"peanut butter" cookies | peanut butter cookies | exactly “peanut butter”
WH-1000XM4 headphones | WH-1000XM4 headphones | model WH-1000XM4
cr2032 battery | cr2032 battery | model cr2032
laptop 15s-fq5000 | laptop 15s-fq5000 | model 15s-fq5000
012345678905 | 012345678905 | model 012345678905
"""  # noqa: E501

# What looks like a filter and is none: nothing is guessed that is not there.
WORDS_ALL_THROUGH = """
milk
7up
2% milk
1% low fat milk
80/20 ground beef
A1 sauce
5 hour energy
no salt added green beans
no pulp orange juice
orange juice no pulp
no sugar added applesauce
half and half
half & half
three musketeers
one a day vitamins
gluten free pasta
sugar free pies
sugar-free gum
fat free milk
dairy free cheese
cage free large eggs
buy one get one free
no bake cheesecake
no-bake cookies
no show socks
refrigerated fruit drinks, no juice
turkey under 15 pounds
ice cream quarts
pound cake
size 4 diapers
vitamins for men over 50
toys for kids under 3
snacks under 100 calories
dinner under 30 minutes
whiskey over 42 proof
juice over 50% juice
5g phone
spf 50 sunscreen
spf50 sunscreen
b12 vitamins
24/7 candles
1080p tv
1920x1080 monitor
paper 205g/m2
soft drinks, 2-liter bottles
Refrigerated fruit drinks, no juice
8 piece chicken
non-chocolate candy
bakery
deli turkey
max factor mascara
pasta without
under armour socks
sugar -free
coffee not instant
1/2 and 1/2
buy 2 get 1 free
toys for 3 year old
a&w root beer
m&m's
over the counter
no
""".strip().splitlines()


def table(text: str) -> list[tuple[str, str, list[str]]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [(query, meaning, parts.split("; ") if parts else []) for query, meaning, parts in rows]


def read(text: str) -> Intent:
    return read_intent(text, vocabulary())


@pytest.mark.parametrize(("query", "meaning", "labels"), table(READ))
def test_a_query_is_read_as_a_shopper_means_it(query: str, meaning: str, labels: list[str]) -> None:
    intent = read(query)
    assert intent.meaning == meaning
    assert [part.label for part in intent.parts] == labels


@pytest.mark.parametrize("query", WORDS_ALL_THROUGH)
def test_a_name_that_looks_like_a_filter_is_left_whole(query: str) -> None:
    intent = read(query)
    assert intent.parts == ()
    assert intent.meaning == query


def test_there_are_at_least_120_queries() -> None:
    assert len(table(READ)) + len(WORDS_ALL_THROUGH) >= 120


def test_every_part_knows_where_it_was_said() -> None:
    intent = read("cheap pasta under $3, no egg, store brand, 16 oz")
    said = {part.kind: intent.said(part) for part in intent.parts}
    assert said == {"price": "cheap … under $3", "without": "no egg", "brand": "store brand", "size": "16 oz"}


def test_what_is_taken_out_from_between_two_commas_takes_one_along() -> None:
    intent = read("pasta, under $3, no egg")
    price, egg = intent.parts
    assert intent.without(price).written() == "pasta, no egg"
    assert intent.without(egg).written() == "pasta, under $3"
    assert intent.without(price, as_words=True).written() == "pasta, [under $3], no egg"


def test_cheap_is_the_lower_quartile_of_what_the_rarest_word_names() -> None:
    # pasta: 10 at 1.00, 10 at 2.00, and 4 egg noodles at 2.50 and 8 sauces at 3.00 in its categories: 8th of 32 is 1.00
    part = read("cheap pasta").only(PricePart)[0]
    assert (part.high, part.high_open, part.cheap) == (1.00, False, True)
    assert part.label == "price up to $1.00 (cheap)"


def test_numbers_say_more_than_cheap() -> None:
    assert [part.label for part in read("cheap wine over $5").parts] == ["price above $5.00"]


@pytest.mark.parametrize(
    "query", ["bread between $5 and $2", "bread $5-$2", "bread over $5 under $2", "bread price 5 to 2"]
)
def test_a_price_range_upside_down_is_put_right_and_said(query: str) -> None:
    intent = read(query)
    assert [part.label for part in intent.parts] == ["price $2.00 to $5.00"]
    assert intent.notes == ("The price range $5.00 to $2.00 was upside down; it was read as $2.00 to $5.00.",)


def test_of_two_upper_prices_the_last_counts() -> None:
    intent = read("wine under $5 under $9")
    assert [part.label for part in intent.parts] == ["price below $9.00"]
    assert intent.notes == ("More than one upper price was given; the last, $9.00, is used.",)


def test_a_price_of_nothing_is_left_out_and_said() -> None:
    assert read("beef under $0").parts == ()
    assert read("beef under $0").meaning == "beef"
    assert read("beef under $0").notes == ("Nothing costs $0.00 or less, so the price was left out.",)


def test_a_size_of_nothing_is_left_out_and_said() -> None:
    assert (read("0 oz soup").meaning, read("0 oz soup").parts) == ("soup", ())
    assert read("0 oz soup").notes == ("A size of 0 oz is none a package can have; it was left out.",)
    assert "division by zero" in read("1/0 lb soup").notes[0]


def test_of_two_sizes_the_last_counts() -> None:
    intent = read("soup 10 oz 12 oz")
    assert [part.label for part in intent.parts] == ["12 oz"]
    assert intent.notes == ("No package is both 10 oz and 12 oz; 12 oz is used.",)


def test_leaving_out_what_is_asked_for_is_ignored_and_said() -> None:
    intent = read("egg noodles without egg")
    assert (intent.meaning, intent.parts) == ("egg noodles", ())
    assert intent.notes == ("“egg” is both asked for and left out; leaving it out was ignored.",)


def test_both_kinds_of_brand_are_no_filter() -> None:
    intent = read("store brand or national brand milk")
    assert (intent.meaning, intent.parts) == ("milk", ())
    assert intent.notes == ("Store brand and national brand were both asked for, so both are shown.",)


def test_other_money_is_read_as_dollars_and_said() -> None:
    assert read("wine under 3 euros").notes == ("Prices are in US dollars; the amount was read as dollars.",)


def test_a_catalogue_without_store_brands_has_no_such_part() -> None:
    assert read_intent("store brand milk", Vocabulary.of(makes(), WORDS)).parts == ()


def test_a_brand_of_the_catalogue_is_a_part_and_stays_a_word() -> None:
    intent = read_intent("acme corp laptop under $600", Vocabulary.of(makes(), WORDS))
    assert [part.label for part in intent.parts] == ["brand Acme Corp", "price below $600.00"]
    assert intent.meaning == "acme corp laptop"


@pytest.mark.parametrize(("query", "brand"), [("under armour socks", "Under Armour"), ("5 hour shot", "5 Hour")])
def test_a_brand_that_looks_like_a_filter_is_a_brand(query: str, brand: str) -> None:
    intent = read_intent(query, Vocabulary.of(makes(), WORDS))
    assert [part.label for part in intent.parts] == [f"brand {brand}"]
    assert intent.meaning == query


def test_a_brand_that_is_a_common_word_is_only_a_word() -> None:
    # four names hold "fresh", one of them of the brand Fresh: 1 of 4 is less than half
    assert read_intent("fresh bread", Vocabulary.of(makes(), WORDS)).parts == ()


def test_removing_a_price_removes_its_words_and_keeps_the_rest() -> None:
    intent = read("cheap pasta under $3, no egg, store brand, 16 oz")
    left = intent.without(intent.only(PricePart)[0])
    assert left.meaning == "pasta"
    assert [part.label for part in left.parts] == ["without egg", "store brand", "16 oz"]


def test_removing_every_part_leaves_the_meaning() -> None:
    intent = read("cheap pasta under $3, no egg, store brand, 16 oz")
    while intent.parts:
        intent = intent.without(intent.parts[0])
    assert (intent.meaning, intent.written()) == ("pasta", "pasta")


def test_a_wrong_guess_can_be_given_back_as_words() -> None:
    intent = read("half gallon milk")
    words = intent.without(intent.only(SizePart)[0], as_words=True)
    assert (words.written(), words.meaning, words.parts) == ("[half gallon] milk", "half gallon milk", ())


def test_a_department_a_quote_and_a_model_give_their_words_back() -> None:
    intent = read("cookies in the bakery")
    assert intent.without(intent.only(DepartmentPart)[0]).meaning == "cookies in the bakery"
    quoted = read('"peanut butter" cookies')
    assert quoted.without(quoted.parts[0]).meaning == "peanut butter cookies"
    model = read("cr2032 battery")
    assert (model.without(model.parts[0]).parts, model.without(model.parts[0]).meaning) == ((), "cr2032 battery")


def test_words_in_brackets_are_only_words() -> None:
    assert (read("[store brand] milk").parts, read("[store brand] milk").meaning) == ((), "store brand milk")


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", '"', '""', '"unbalanced', "[", "]", "-", "$", "[]", "%", "<", "-- -"]
)
def test_what_says_nothing_means_nothing(query: str) -> None:
    intent = read(query)
    assert intent.parts == ()
    assert intent.meaning in {"", "unbalanced"}


LANGUAGE_WORDS = (
    "under over between and $ 3 5 2.50 - no without egg nuts or free store brand half a gallon dozen pack of 12 oz "
    'lb x 1/2 cheap max " [ ] pasta milk in the bakery section cr2032 % , € cents 0 gluten salt added 10 l'
)
LANGUAGE = st.sampled_from(LANGUAGE_WORDS.split())


@given(st.one_of(st.text(max_size=700), st.lists(LANGUAGE, max_size=40).map(" ".join)))
def test_any_text_is_read_and_its_written_form_means_the_same(text: str) -> None:
    intent = read(text)
    assert read(intent.written()) == intent
    assert len(intent.text) <= MAX_QUERY_CHARS
    assert intent.meaning == "" or any(c.isalnum() for c in intent.meaning)
    spans = [span for part in intent.parts for span in part.spans]
    assert all(0 <= start < end <= len(intent.text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in zip(sorted(spans), sorted(spans)[1:], strict=False))


@given(st.lists(LANGUAGE, max_size=15).map(" ".join))
def test_any_part_can_be_taken_back(text: str) -> None:
    intent = read(text)
    for part in intent.parts:
        for as_words in (None, True, False):
            left = intent.without(part, as_words=as_words)
            assert read(left.written()) == left


@given(st.lists(LANGUAGE, max_size=15).map(" ".join))
def test_prices_are_in_order_and_sizes_are_possible(text: str) -> None:
    intent = read(text)
    prices, sizes = intent.only(PricePart), intent.only(SizePart)
    assert len(prices) <= 1
    assert len(sizes) <= 2  # one count and one content
    assert len([part for part in intent.only(BrandPart) if not isinstance(part, MakePart)]) <= 1
    assert all(part.low is None or part.high is None or part.low <= part.high for part in prices)
    assert all(0 <= part.low <= part.high and part.high > 0 for part in sizes)
    assert all(part.words for part in intent.only(WithoutPart))


def test_filters_are_capped_what_follows_stays_a_word_and_that_is_said() -> None:
    intent = read_intent('"milk" ' * 40, vocabulary())
    assert len(intent.parts) == MOST_PARTS
    assert any(f"first {MOST_PARTS} filters" in note for note in intent.notes)
    assert "milk" in intent.meaning
    assert read_intent(intent.text, vocabulary()) == intent


def test_more_is_left_out_than_is_filtered_and_neither_without_end() -> None:
    reading = Reading("egg " * 60)
    for number in range(60):
        reading.add(WithoutPart(((4 * number, 4 * number + 3),), f"egg {number}"))
    reading.add(ExactPart(((0, 3),), "egg"))
    assert [type(part) for part in reading.parts] == [WithoutPart] * MOST_WITHOUT + [ExactPart]
    assert any(f"first {MOST_WITHOUT} things to leave out" in note for note in reading.notes)
