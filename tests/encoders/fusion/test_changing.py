"""Like a picture, but as words say: products of two types and three colours, known by text and by picture."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.fusion.changing import changed
from recsys.encoders.fusion.fusion import Fusion
from recsys.encoders.fusion.training import train
from tests.encoders.fusion.test_fusion import QUICK, products


@pytest.fixture(scope="module")
def fusion() -> Fusion:
    return train(products()[0], settings=QUICK)


def test_words_change_the_colour_and_the_picture_keeps_the_rest(fusion: Fusion) -> None:
    shelf, kind, colour = products(200, seed=5)
    stored = fusion.encode(picture=shelf.picture)
    asked = fusion.encode(picture=shelf.picture, query=True)
    assert shelf.text is not None
    pictures, texts = [], []
    for row in range(40):
        # a text that says a colour and nothing of the type: halfway between the two types of that colour
        other = (colour[row] + 1) % 3
        of_both = [shelf.text[(kind == k) & (colour == other)].mean(axis=0) for k in (0, 1)]
        found, names = changed(fusion, asked[row], np.mean(of_both, axis=0).astype(np.float32))
        assert "colour" in names
        assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
        assert found[-1] == 0
        best = int((stored @ found).argmax())
        if "type" not in names:
            pictures.append(kind[best] == kind[row])
        texts.append(colour[best] == other)
    assert np.mean(texts) > 0.95
    assert len(pictures) > 10
    assert np.mean(pictures) > 0.95


def test_words_that_say_nothing_change_nothing(fusion: Fusion) -> None:
    shelf, _, _ = products(60, seed=6)
    asked = fusion.encode(picture=shelf.picture, query=True)[0]
    assert shelf.text is not None
    found, names = changed(fusion, asked, shelf.text.mean(axis=0))
    assert not {"colour"} & set(names)
    if not names:
        assert (found == asked).all()


def test_the_same_said_again_stays_where_it_is(fusion: Fusion) -> None:
    shelf, _, _ = products(60, seed=7)
    asked = fusion.encode(picture=shelf.picture, query=True)
    assert shelf.text is not None
    for row in range(20):
        found, names = changed(fusion, asked[row], shelf.text[row])
        assert set(names) <= {"type", "colour"}
        assert found @ asked[row] > 0.97


def test_a_vector_of_nothing_stays(fusion: Fusion) -> None:
    found, names = changed(fusion, np.zeros(128, np.float32), np.ones(24, np.float32))
    assert names == ()
    assert not found.any()
