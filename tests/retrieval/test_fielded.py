"""BM25F over fields, by hand and on products whose right answer is plain."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import ArtifactError
from recsys.retrieval.fielded import MAX_TERMS, FieldedIndex, FieldWeights, codes

FIELDS = {"title": ["red lamp", "desk", "TL-WN821N adapter"], "description": ["for a desk", "oak", "wireless"]}


def test_a_word_is_weighed_by_field_and_saturated_once() -> None:
    index = FieldedIndex.build(FIELDS, FieldWeights(title=3, description=1, k1=1.2, b=0))
    idf = log(1 + (3 - 2 + 0.5) / (2 + 0.5))  # "desk" is in two of three products
    assert index.scores("desk") == pytest.approx([idf * 1 / (1.2 + 1), idf * 3 / (1.2 + 3), 0])


def test_a_repeated_word_counts_once_and_unknown_words_nothing() -> None:
    index = FieldedIndex.build(FIELDS)
    assert np.array_equal(index.scores("desk desk zebra"), index.scores("desk"))
    assert not index.scores("zebra").any()


def test_a_model_number_is_found_however_it_is_written() -> None:
    index = FieldedIndex.build(FIELDS)
    assert codes("TL-WN821N") == ["tlwn821n", "wn821n"]
    for query in ("TL-WN821N", "tlwn821n", "WN821N"):
        assert index.scores(query).argmax() == 2
        assert index.look(query).names_a_model
    assert not index.look("red lamp").names_a_model


def test_letters_inside_a_model_number_are_no_words() -> None:
    index = FieldedIndex.build({"title": ["HP AH547AA battery", "Varta AA battery", "HP RQ204AA battery"]})
    assert index.scores("aa").tolist()[1] > 0
    assert not index.scores("aa")[[0, 2]].any()
    assert index.scores("AH547AA").argmax() == 0


def test_a_model_number_is_found_by_how_it_begins() -> None:
    index = FieldedIndex.build({"title": ["HP AH547AA battery", "Varta AA battery", "HP RQ204AA battery"]})
    assert index.scores("AH547").argmax() == 0
    assert index.look("AH547 battery").unknown == ()
    assert index.look("AH547 battery").coverage == pytest.approx(1.0)


def test_a_short_mix_of_letters_and_digits_is_found_apart_and_together() -> None:
    index = FieldedIndex.build({"title": ["card 16 GB", "card 16GB", "card 32GB"]})
    assert (index.scores("16gb card")[:2] > index.scores("16gb card")[2]).all()
    assert index.look("16gb card").held.tolist()[:2] == pytest.approx([index.look("16gb card").held.max()] * 2)


def test_who_has_all_words_comes_before_who_repeats_one() -> None:
    titles = ["red red red", "red oak lamp of a very long name indeed", "green lamp", "blue desk"]
    index = FieldedIndex.build({"title": titles, "category": ["red", "", "", ""], "description": ["red", "", "", ""]})
    scores = index.scores("red oak lamp")
    held = index.look("red oak lamp").held
    assert scores.argmax() == 1
    plain = FieldedIndex.build({"title": titles, "category": ["red", "", "", ""], "description": ["red", "", "", ""]})
    one_word = plain.scores("red")[0]
    assert scores[0] == pytest.approx(one_word * held[0] / held[1], rel=1e-5)


@pytest.mark.parametrize("query", ["", " ", "\x00", '((("', "a" * 50_000, "desk " * 1_000_000, "\u200b\ud800", "桌子"])
def test_any_text_is_answered(query: str) -> None:
    assert np.isfinite(FieldedIndex.build(FIELDS).scores(query)).all()


SMALL = FieldedIndex.build(FIELDS)


@given(st.text())
def test_arbitrary_text_never_raises(query: str) -> None:
    scores = SMALL.scores(query)
    assert scores.shape == (3,)
    assert (scores >= 0).all()
    assert SMALL.look(query).names_a_model in (True, False)


def test_a_document_for_a_query_is_cut_to_its_first_words() -> None:
    words = " ".join(chr(97 + i // 26) + chr(97 + i % 26) + "q" for i in range(2 * MAX_TERMS))
    index = FieldedIndex.build({"title": words.split()})
    assert np.count_nonzero(index.scores(words)) <= MAX_TERMS


def test_the_saved_index_gives_the_same_scores_and_damage_is_noticed(tmp_path: Path) -> None:
    index = FieldedIndex.build(FIELDS)
    index.save(tmp_path)
    assert np.array_equal(FieldedIndex.load(tmp_path).scores("red desk"), index.scores("red desk"))
    np.save(tmp_path / "fielded_rows.npy", np.zeros(1, np.int32))
    with pytest.raises(ArtifactError, match="do not fit together"):
        FieldedIndex.load(tmp_path)


def test_fields_of_different_lengths_or_unknown_names_are_an_error() -> None:
    for fields in ({"title": ["a"], "brand": ["a", "b"]}, {"colour": ["red"]}):
        with pytest.raises(ValueError, match="known are"):
            FieldedIndex.build(fields)
