"""The list of words: plain Chinese is told right, other languages are not its own."""

from __future__ import annotations

from recsys.scenarios.reviews import lexicon


def test_plain_chinese_is_told_and_other_languages_are_left_alone() -> None:
    found = lexicon.told(["质量很好，非常满意", "太差了，非常失望"])
    assert found is not None
    assert found.tolist() == [True, False]
    assert lexicon.told(["Very good", "Awful"]) is None
    assert lexicon.told([]) is None
