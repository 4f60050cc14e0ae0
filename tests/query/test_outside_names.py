"""Names that the shop does not carry, in spaces of two numbers in which what is right can be seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.errors import ArtifactError
from recsys.query.outside_names import OutsideNames
from recsys.query.vocabulary import Vocabulary
from recsys.query.word_vectors import WordVectors
from recsys.query.words import ShopWords
from recsys.schema.money import DOLLARS

CHIPS, ALES = "Crunchy things", "Drinks"
WORDS = ShopWords(None, DOLLARS)
NOWHERE = (-0.7, -0.7)
WHERE = {
    "chips": ((1.0, 0.0), (1.0, 0.0)),
    "pretzels": ((1.0, 0.1), (1.0, 0.1)),
    "ale": ((0.0, 1.0), (0.0, 1.0)),
    "lager": ((0.1, 1.0), (0.1, 1.0)),
    "fritos": ((1.0, 0.05), (1.0, 0.05)),
    "guinness": ((0.05, 1.0), (0.05, 1.0)),
    "fizz": ((0.05, 1.0), NOWHERE),  # the second space has it far from everything
    "trombone": (NOWHERE, NOWHERE),
    "chps": ((1.0, 0.0), (1.0, 0.0)),
}


def items() -> pd.DataFrame:
    """Two kinds, two names each."""
    names = ["Potato chips", "Pretzels", "Ale", "Lager"]
    return pd.DataFrame(
        {s.NAME: names, s.CATEGORY: [CHIPS, CHIPS, ALES, ALES], s.BRAND: "", s.DEPARTMENT: "Grocery",
         s.SIZE: "", s.PRICE: 2.0}
    )  # fmt: skip


def space(which: int) -> WordVectors:
    """One of the two spaces."""
    vectors = np.array([where[which] for where in WHERE.values()], np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return WordVectors(vectors / lengths, {word: row for row, word in enumerate(WHERE)}, str)


def spelled(word: str) -> str:
    """The one slip that is known."""
    return "chips" if word == "chps" else word


def made() -> OutsideNames:
    """What the two spaces say of the words outside."""
    return OutsideNames.of(items(), Vocabulary.of(items(), WORDS), [space(0), space(1)], spelled)


@pytest.mark.parametrize(("name", "kind"), [("fritos", CHIPS), ("guinness", ALES), ("GUINNESS", ALES)])
def test_a_name_where_both_spaces_agree_is_of_that_kind(name: str, kind: str) -> None:
    found = made().find(name)
    assert found is not None
    assert (found.kind, found.sure) == (kind, True)
    assert 0.5 < found.confidence <= 1


def test_where_one_space_alone_says_so_it_is_only_asked() -> None:
    found = made().find("fizz")
    assert found is not None
    assert (found.kind, found.sure) == (ALES, False)


def test_a_name_that_one_space_does_not_have_at_all_is_of_the_kind_that_the_other_says() -> None:
    second = space(1)
    row = {word: at for word, at in second.row.items() if word != "fizz"}
    spaces = [space(0), WordVectors(second.vectors, row, str)]
    found = OutsideNames.of(items(), Vocabulary.of(items(), WORDS), spaces).find("fizz")
    assert found is not None
    assert (found.kind, found.sure) == (ALES, True)


@pytest.mark.parametrize("word", ["trombone", "xyzzy", "chips", "ale", "", "\ud800"])
def test_nothing_is_said_of_what_is_far_from_everything_unknown_or_in_the_shop(word: str) -> None:
    assert made().find(word) is None


def test_a_slip_of_a_word_of_the_kind_is_no_name() -> None:
    assert made().find("chps") is None


def test_the_name_is_read_as_its_kind_and_the_rest_stays() -> None:
    text, named = made().read("cold guinness")  # neither word is in the shop: one name
    assert (text, named.name if named else "") == (ALES, "cold guinness")
    text, named = made().read("a guinness")
    assert named is not None
    assert text.endswith(ALES)


@pytest.mark.parametrize("text", ["fritos chips", "guinness ale", "potato chips", "", "trombone 7"])
def test_beside_a_product_of_the_shop_a_name_changes_nothing(text: str) -> None:
    assert made().read(text) == (text, None)


def test_without_word_vectors_nothing_is_a_name() -> None:
    assert len(OutsideNames.of(items(), Vocabulary.of(items(), WORDS), [])) == 0


def test_what_is_saved_says_the_same(tmp_path: Path) -> None:
    names, vocabulary = made(), Vocabulary.of(items(), WORDS)
    names.save(tmp_path)
    opened = OutsideNames.load(tmp_path, vocabulary)
    assert len(opened) == len(names) == 3
    assert opened.find("fritos") == names.find("fritos")
    (tmp_path / "kinds.json").write_text("{")
    with pytest.raises(ArtifactError, match="prepare"):
        OutsideNames.load(tmp_path, vocabulary)
