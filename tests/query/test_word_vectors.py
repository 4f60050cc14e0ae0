"""Word vectors: what all share is taken out, and the installed packages are read as they are."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.query import word_vectors
from recsys.query.word_vectors import WordVectors, installed, versions


def test_what_all_words_share_is_taken_out() -> None:
    plane = np.array([[1, 0, 0], [-1, 0, 0], [0, 0.5, 0.1], [0, -0.5, -0.1]], np.float32)
    space = WordVectors.of(list("abcd"), plane + 7)
    assert np.linalg.norm(space.vectors, axis=1) == pytest.approx(1.0, abs=1e-4) or space.vectors.max() <= 1
    assert space.vectors.sum(axis=0) == pytest.approx(0, abs=1e-3)


def test_a_mean_is_of_the_words_there_are() -> None:
    space = WordVectors(np.eye(2, dtype=np.float32), {"a": 0, "b": 1}, str)
    assert space.mean(["a", "nowhere"]).tolist() == [1.0, 0.0]
    assert space.mean(["nowhere"]).tolist() == [0.0, 0.0]
    assert space.mean(["a", "b"]) == pytest.approx([0.5**0.5] * 2)


def test_without_the_packages_there_are_no_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_vectors, "GENERAL", ("no_such_package", "x.npy"))
    assert installed() == ()


def test_the_installed_spaces_know_what_stands_beside_what() -> None:
    assert all(versions())
    general, recipes = installed()
    for space, words in ((general, ("doritos", "cheetos", "democracy")), (recipes, ("cheddar", "gouda", "vodka"))):
        one, near, far = (space.vectors[space.find(word)] for word in words)
        assert one @ near > one @ far + 0.3
