"""What of a product is indexed as which field, and which products share a document."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys import schema as s
from recsys.retrieval.lexical import documents_of, heads


def items(**further: list[str]) -> pd.DataFrame:
    """Two sizes of one salsa and a lamp."""
    return pd.DataFrame(
        {
            s.TEXT: ["Salsa & dips.", "Salsa & dips.", "Red lamp."],
            s.TITLE: ["Salsa & dips Acme", "Salsa & dips, 16 oz Acme", "Red lamp Lux"],
            s.NAME: ["Salsa & dips", "Salsa & dips", "Red lamp"],
            s.CATEGORY: ["Sauces", "Sauces", ""],
            s.BRAND: ["Acme", "Acme", "Lux"],
            s.SIZE: ["", "16 oz", ""],
        }
        | further
    )


@pytest.mark.parametrize(
    ("name", "head"), [("Pasta sauce", "sauce"), ("Salsa & dips", "Salsa dips"), ("Soup, canned with beef", "Soup")]
)
def test_the_head_of_a_name_is_what_the_thing_is(name: str, head: str) -> None:
    assert heads(name) == head


def test_products_of_one_text_share_a_document_and_the_size_that_one_of_them_tells() -> None:
    fields, of_item = documents_of(items())
    assert of_item.tolist() == [0, 0, 1]
    assert fields["title"] == ["Salsa & dips", "Red lamp"]
    assert fields["attributes"] == ["16 oz", ""]
    assert "description" not in fields


def test_what_is_said_besides_makes_documents_of_their_own() -> None:
    described = items(description=["Hot", "Mild", "For a desk"])
    attributes = pd.DataFrame(
        {s.ITEM: [2, 2, 1], s.ATTRIBUTE: ["colour", "watt", "jar"], s.VALUE: ["red", "5", "glass"]}
    )
    fields, of_item = documents_of(described, attributes)
    assert of_item.tolist() == [0, 1, 2]
    assert fields["description"] == ["Hot", "Mild", "For a desk"]
    assert fields["attributes"] == ["", "16 oz jar glass", "colour red, watt 5"]


def test_titles_that_are_not_told_apart_from_names_have_no_head_but_their_category() -> None:
    told, _ = documents_of(items())
    assert told["head"] == ["Salsa dips Sauces", "lamp "]
    untold, _ = documents_of(items().assign(**{s.NAME: items()[s.TITLE]}))
    assert [words.split() for words in untold["head"]] == [["Sauces"], []]
