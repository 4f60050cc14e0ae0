"""Everything that understands a query, as one prepared folder, and the authored tables behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.errors import ArtifactError, DataError
from recsys.query.amounts import plain, value_of
from recsys.query.understanding import Understanding
from recsys.query.words import ShopWords
from recsys.schema.money import DOLLARS
from tests.query.understanding_shelf import ENGLISH, WORDS, shelf


def test_what_is_saved_understands_the_same(tmp_path: Path) -> None:
    made = Understanding.of(shelf(), ENGLISH, WORDS)
    assert made.save(tmp_path) == {"items": len(shelf()), "brands": 0, "outside names": 0}
    opened = Understanding.load(tmp_path, WORDS)
    for query in ("cheap pasta under $3, no egg, store brand, 16 oz", "cookies in the bakery", "no juice", "2l cola"):
        assert opened.read(query) == made.read(query)
    assert opened.spelling.correct("tomatos") == made.spelling.correct("tomatos")
    assert opened.completions.complete("pas") == made.completions.complete("pas")


def test_a_missing_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="prepare"):
        Understanding.load(tmp_path, WORDS)


def test_a_damaged_array_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    Understanding.of(shelf(), ENGLISH, WORDS).save(tmp_path)
    (tmp_path / "vocabulary" / "cheap.npy").write_bytes(b"no array")
    with pytest.raises(ArtifactError, match="prepare"):
        Understanding.load(tmp_path, WORDS)


def test_an_empty_catalogue_is_understood(tmp_path: Path) -> None:
    Understanding.of(shelf().iloc[:0], {}, WORDS).save(tmp_path)
    opened = Understanding.load(tmp_path, WORDS)
    intent = opened.read("cheap milk under $3, 1 gallon, no egg")
    assert [part.label for part in intent.parts] == ["price below $3.00", "1 gallon"]
    assert [mask.size for _, mask in opened.filters.masks(intent)] == [0, 0]
    assert opened.completions.complete("milk") == []


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2", 2),
        ("2.50", 2.5),
        ("2,50", 2.5),
        (".5", 0.5),
        ("1,000", 1000),
        ("1/2", 0.5),
        ("1 1/2", 1.5),
        ("half a", 0.5),
        ("two and a half", 2.5),
        ("twenty-four", 24),
        ("a", 1),
        ("quarter", 0.25),
        ("hundred", 100),
    ],
)
def test_numbers_are_read_as_people_write_them(said: str, value: float) -> None:
    assert value_of(said, WORDS) == value


def test_numbers_are_shown_as_people_write_them() -> None:
    assert [plain(value) for value in (0.5, 0.25, 16.0, 2.5, 1000.0)] == ["1/2", "1/4", "16", "2.5", "1000"]


def test_every_unit_measures_something() -> None:
    for spelling, unit in WORDS.units.items():
        assert spelling == spelling.lower()
        assert any(value > 0 for value in (unit.grams, unit.milliliters, unit.count)), spelling


def test_a_gallon_is_four_quarts_and_eight_pints_and_128_fluid_ounces() -> None:
    units = WORDS.units
    gallon = units["gallon"].milliliters
    assert gallon == pytest.approx(4 * units["quart"].milliliters, rel=1e-5)
    assert gallon == pytest.approx(8 * units["pint"].milliliters, rel=1e-5)
    assert gallon == pytest.approx(128 * units["fl oz"].milliliters, rel=1e-5)
    assert units["lb"].grams == pytest.approx(16 * units["oz"].grams, rel=1e-5)


def test_a_damaged_table_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "synonyms.csv").write_text("asked,shop\ncoke,soft drinks\nsoda\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"synonyms.csv line 3 has other columns"):
        assert ShopWords(tmp_path, DOLLARS).synonyms
    (tmp_path / "brands.csv").write_bytes(b"phrase,brand\n\xff,Acme\n")
    with pytest.raises(DataError, match=r"brands.csv cannot be read"):
        assert ShopWords(tmp_path, DOLLARS).brands


def test_no_phrase_plays_an_unknown_role() -> None:
    with pytest.raises(DataError, match="no phrase for the role"):
        WORDS.phrases("dancer")
