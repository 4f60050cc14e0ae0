from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from recsys import schema as s
from recsys.datasets.contract import Dataset
from recsys.errors import DataError
from recsys.shops.complete_journey import product_names as naming

KNOWN = {
    line
    for line in (Path(__file__).parent / "known_words.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}
# Keys of the abbreviation table that are words where a title uses them: "Wet n Wild", "12 x 12 oz".
WORDS_TOO = {"n", "x", "truescents", "prepackaged"}


def unreadable(titles: Iterable[str]) -> dict[str, str]:
    """Words of the titles that are neither English nor looked at, or are keys of the abbreviation table."""
    english = SpellChecker()
    abbreviations = {key.lower() for key in naming.product_names().abbreviations}
    found = {}
    for title in titles:
        for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", title):
            low = word.lower()
            plain = low.removesuffix("'s")
            known = low in KNOWN or plain in KNOWN or low in english or plain in english
            shouted = word.isupper() and len(word) > 1 and low not in KNOWN and word != "CD"
            if not known or shouted or (low in abbreviations and low not in WORDS_TOO):
                found.setdefault(word, title)
    return found


def test_no_raw_abbreviation_is_left_in_the_title_of_a_product_ever_sold(real: Dataset) -> None:
    assert unreadable(real.items[s.TITLE].unique()) == {}


def test_no_raw_abbreviation_is_left_in_categories_departments_and_labels(real: Dataset) -> None:
    shown = [*real.items[s.CATEGORY].unique(), *real.items[s.DEPARTMENT].unique(), *real.shoppers[s.LABEL].unique()]
    assert unreadable(shown) == {}


@pytest.mark.parametrize("raw", ["FRZN BRKFST FOODS", "Frozen veg dsh", "Soft drnk 12 pk", "SAL:OLIVES", "Spec rolls"])
def test_a_raw_title_would_be_found(raw: str) -> None:
    assert unreadable([raw])


def test_names_are_written_in_one_style() -> None:
    for raw, category, name in naming.authored_table("product_names.csv"):
        assert re.fullmatch(r"[A-Z0-9][^_:;|/\"()*]*[^ .,]", name), (raw, category, name)
        assert "  " not in name, name
        assert len(name) <= 64, name


def test_every_type_has_a_name_for_any_category() -> None:
    rows = naming.authored_table("product_names.csv")
    assert {t for t, _, _ in rows} == {t for t, c, _ in rows if c == naming.ANY_CATEGORY}
    assert len({(t, c) for t, c, _ in rows}) == len(rows)


def test_the_title_carries_size_and_store_brand() -> None:
    name = "Frozen waffles, pancakes & French toast"
    assert naming.title_of(name, "19.8 oz", True) == f"{name}, 19.8 oz · store brand"
    assert naming.title_of(name, "", False) == name


def test_a_size_that_the_name_says_is_not_said_twice() -> None:
    assert naming.title_of("Soft drinks, 2-liter bottles", "2 liter", False) == "Soft drinks, 2-liter bottles"
    assert naming.title_of("Metallic balloons, 18 inch", "18 inch", False) == "Metallic balloons, 18 inch"


def test_the_text_for_the_encoder_adds_the_category_once() -> None:
    assert (
        naming.text_of("Waffles", "19.8 oz", True, "Frozen breakfast")
        == "Waffles, 19.8 oz, store brand. Frozen breakfast."
    )
    assert naming.text_of("Butter", "1 lb", False, "Butter") == "Butter, 1 lb."


def test_the_category_decides_where_the_type_alone_is_ambiguous() -> None:
    names = naming.product_names()
    assert names.name("PREMIUM", "PASTA SAUCE") == "Premium pasta sauce"
    assert names.name("PREMIUM", "BACON") == "Premium bacon"
    assert names.name("PREMIUM", "NOWHERE") == "Premium ice cream"


def test_a_type_that_nobody_named_is_spelled_out() -> None:
    abbreviations = naming.product_names().abbreviations
    assert naming.spell_out("FRZN BRKFST W/O SUG", abbreviations) == "Frozen breakfast without sugar"
    assert naming.spell_out("", abbreviations) == "Other product"


def test_a_category_without_an_icon_has_its_departments() -> None:
    names = naming.product_names()
    assert names.icon("BANANA FAMILY", "PRODUCE") == names.department_icons["Produce"]
    assert names.icon("BANANA FAMILY", "NOWHERE") == naming.FALLBACK_ICON


def test_a_damaged_authored_table_names_file_line_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "departments.csv").write_text("department,name,icon\nDELI,Deli\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"departments.csv line 2 .*git checkout"):
        naming.authored_table("departments.csv", tmp_path)
    with pytest.raises(DataError, match=r"categories.csv cannot be read.*git checkout"):
        naming.authored_table("categories.csv", tmp_path)
