"""Words of labels and of makes in descriptions of foods: qualifiers of many groups, and what stands in capitals."""

from __future__ import annotations

from recsys.query.label_words import installed_label_words, of_lines

LINES = [
    ("Milk, low fat, fluid", "Dairy"),
    ("Milk, chocolate", "Dairy"),
    ("Bread, low fat", "Bakery"),
    ("Beef, low fat, raw", "Meat"),
    ("Candies, SNACKO DOVE bar", "Sweets"),
    ("Candies, DAILY TREAT bar", "Sweets"),
    ("Dove, cooked", "Poultry"),
]


def test_a_line_begins_with_the_food_and_what_qualifies_many_groups_is_a_claim() -> None:
    foods = of_lines(LINES, everyday=())
    assert foods.foods == ["beef", "bread", "candies", "dove", "milk"]
    assert foods.qualifiers == ["low fat"]  # chocolate and raw are of one group each


def test_a_make_stands_in_capitals_and_is_not_all_of_everyday_words() -> None:
    foods = of_lines(LINES, everyday={"daily", "treat"})
    assert foods.makes == ["snacko dove"]
    assert foods.proper == ["daily", "snacko", "treat"]  # "dove" is a bird here, too


def test_the_installed_list_has_all_of_them() -> None:
    foods = installed_label_words({"ocean", "spray"})
    assert {"yogurt", "milk"} <= set(foods.foods)
    assert {"low sodium", "unsalted", "gluten free"} <= set(foods.qualifiers)
    assert "ocean spray" not in foods.makes
    assert "butterfinger" in foods.makes
