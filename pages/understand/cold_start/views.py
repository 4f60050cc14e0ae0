"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "newcomer": ("shopper", "product"),  # who comes
    "describe": ("title", "all"),  # what of a new product is read: its title, or its description too
}
ANSWERS: Final = "answers"  # a sign for each question: the number of the product chosen, "-" for none
WORDS: Final = "about_me"  # what a new shopper says
NEW_TITLE: Final = "new_title"
NEW_PRICE: Final = "new_price"
NEW_CATEGORY: Final = "new_category"
NEW_BRAND: Final = "new_brand"
NEW_ATTRIBUTES: Final = "new_attributes"  # values, with commas between
NEW_TEXT: Final = "new_text"  # the description, where it is short enough for a link

TEXTS: Final = (ANSWERS, WORDS, NEW_TITLE, NEW_PRICE, NEW_CATEGORY, NEW_BRAND, NEW_ATTRIBUTES, NEW_TEXT)
LABELS: Final = {
    "newcomer": "Who comes",
    "describe": "What is read of the new product",
    ANSWERS: "",  # the page tells what was chosen
    WORDS: "In their own words",
    NEW_TITLE: "Title of the new product",
    NEW_PRICE: "Its price",
    NEW_CATEGORY: "Its category",
    NEW_BRAND: "Its brand",
    NEW_ATTRIBUTES: "Its attributes",
    NEW_TEXT: "Its description",
}
