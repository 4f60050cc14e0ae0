"""Traditional Chinese characters are simplified one for one; other text does not ask for the table."""

from __future__ import annotations

import sys

import pytest

from recsys.errors import DataError
from recsys.query import chinese
from recsys.query.chinese import simplified
from tests.query.understanding_shelf import WORDS as SHOP_WORDS


@pytest.mark.parametrize(
    ("traditional", "meant"),
    [("雞蛋", "鸡蛋"), ("貓糧", "猫粮"), ("鮮奶 2L", "鲜奶 2L"), ("牛奶", "牛奶"), ("milk", "milk"), ("", "")],
)
def test_characters_are_simplified_and_all_else_stays(traditional: str, meant: str) -> None:
    assert simplified(traditional) == meant
    assert len(simplified(traditional)) == len(traditional)


def test_queries_in_traditional_characters_are_read_by_a_glossary_in_simplified_ones() -> None:
    assert SHOP_WORDS.glossary.read("雞蛋", "zh").english == "eggs"
    assert SHOP_WORDS.glossary.read("蕃茄", "zh").english == "tomatoes"


def test_only_chinese_asks_for_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opencc", None)
    chinese._converter.cache_clear()
    assert simplified("pâté 7-up") == "pâté 7-up"
    with pytest.raises(DataError, match="pip install OpenCC"):
        simplified("貓")
