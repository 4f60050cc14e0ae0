"""Labels are found without training: by vectors that are known, and by words."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.zero_shot import label_vectors, plain, shared_words, tag
from recsys.schema import Floats

WORDS = ("shoe", "shirt", "bag", "red", "photo")


def encode(texts: list[str]) -> Floats:
    """One axis for each word, and one for all else: unit vectors whose cosines can be worked out."""
    vectors = np.zeros((len(texts), len(WORDS) + 1), np.float32)
    for row, text in enumerate(texts):
        for number, word in enumerate(WORDS):
            vectors[row, number] = word in text.lower()
        vectors[row, -1] = not vectors[row].any()
    long: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return long


def test_a_vector_gets_the_label_it_points_to() -> None:
    vectors = np.eye(len(WORDS) + 1, dtype=np.float32)[[1, 2, 0]]
    tags = tag(vectors, ["Shoes", "Shirts", "Bags"], encode, ("{}",))
    assert tags.best == ("Shirts", "Bags", "Shoes")
    assert tags.scores.shape == (3, 3)
    assert (tags.confidence > 0.99).all()


def test_between_two_labels_nothing_is_sure() -> None:
    middle = (np.eye(len(WORDS) + 1, dtype=np.float32)[0] + np.eye(len(WORDS) + 1, dtype=np.float32)[1])[None] / 2**0.5
    tags = tag(middle, ["Shoes", "Shirts"], encode, ("{}",))
    assert tags.best == ("Shoes",)  # the first of equals
    assert tags.confidence[0] == pytest.approx(0.5)


def test_a_label_is_the_mean_of_its_prompts() -> None:
    named = label_vectors(["bag"], encode, ("{}", "photo of {}"))
    one, two = encode(["bag"])[0], encode(["photo of bag"])[0]
    assert np.allclose(named[0], (one + two) / np.linalg.norm(one + two))


def test_a_text_is_told_by_its_last_words() -> None:
    """Both words are in it; as a whole it is as near to one as to the other."""
    tags = tag(["Bag maker's red shirt", "Shirt maker's red bag"], ["bag", "shirt"], encode, ("{}",))
    assert tags.best == ("shirt", "bag")


def test_one_letter_and_a_hyphen_are_one_word() -> None:
    assert plain("Polo T-Shirt, Dri-Fit") == "polo tshirt, dri-fit"
    shares = shared_words(["Polo T-Shirt"], ["Tshirts", "Shirts"])
    assert shares.tolist() == [[1.0, 0.0]]


def test_rarer_words_of_a_label_weigh_more() -> None:
    shares = shared_words(["blue shoes", "casual"], ["Casual Shoes", "Sports Shoes", "Shoes and Laces"])
    assert shares[1, 0] == pytest.approx(np.log1p(3) / (np.log1p(3) + np.log1p(1)))
    assert shares[0, 0] == pytest.approx(np.log1p(1) / (np.log1p(3) + np.log1p(1)))
    assert shares[0, 2] == shares[0, 1]  # "and" does not count


def test_equal_texts_get_equal_tags() -> None:
    tags = tag(["a red bag", "shoe", "a red bag"], ["bag", "shoe"], encode)
    assert np.array_equal(tags.scores[0], tags.scores[2])
    assert tags.best == ("bag", "shoe", "bag")


@pytest.mark.parametrize(
    ("labels", "templates"), [(["bag"], ("{}",)), (["bag", "bag"], ("{}",)), (["a", "b"], ("photo",)), (["a", "b"], ())]
)
def test_what_makes_no_choice_is_refused(labels: list[str], templates: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="two labels"):
        tag(["x"], labels, encode, templates)
