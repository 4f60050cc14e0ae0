"""Two encoders side by side: a query is read by one of them, and its products by both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from recsys.encoders import any_language, multilingual, universal
from recsys.encoders.any_language import AnyLanguage, LazyEncoder
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats


class Fixed:
    """An encoder by which every text lies in the same direction."""

    def __init__(self, name: str, vector: Sequence[float]) -> None:
        self.name, self.dimension, self._vector = name, len(vector), vector

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        progress(len(texts), len(texts))
        return np.tile(np.array(self._vector, np.float32), (len(texts), 1))


BOTH = AnyLanguage([Fixed("first", [1.0, 0.0]), Fixed("second", [0.0, 0.6, 0.8])])


def test_a_product_has_the_vectors_of_both() -> None:
    assert (BOTH.name, BOTH.dimension) == ("first beside second", 5)
    np.testing.assert_allclose(BOTH.encode(["milk", "bread"]), [[1, 0, 0, 0.6, 0.8]] * 2)


@pytest.mark.parametrize(("query", "expected"), [("leche", [1, 0, 0, 0, 0]), ("γάλα", [0, 0, 0, 0.6, 0.8])])
def test_a_query_has_that_of_the_one_that_reads_it(query: str, expected: list[float]) -> None:
    np.testing.assert_allclose(BOTH.query(query), expected)
    assert BOTH.encode(["milk"])[0] @ BOTH.query(query) == pytest.approx(1.0)  # nothing of the other


def test_where_there_is_one_it_reads_all() -> None:
    alone = AnyLanguage([Fixed("first", [1.0, 0.0])])
    np.testing.assert_allclose([alone.query("leche"), alone.query("γάλα")], [[1, 0], [1, 0]])


def test_progress_counts_the_work_of_both() -> None:
    told: list[tuple[int, int]] = []
    BOTH.encode(["milk", "bread"], lambda done, total, note="": told.append((done, total)))
    assert told == [(2, 4), (4, 4)]


def test_without_a_build_for_this_machine_sixteen_languages_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    if universal.obstacle():
        pytest.skip(universal.obstacle())
    monkeypatch.setattr(multilingual, "obstacle", lambda: "no build")
    assert any_language.obstacle() == ""
    assert AnyLanguage.here().name == universal.NAME


def test_without_the_package_the_other_reads_all(monkeypatch: pytest.MonkeyPatch) -> None:
    if multilingual.obstacle():
        pytest.skip(multilingual.obstacle())
    monkeypatch.setattr(universal, "obstacle", lambda: "not installed")
    assert any_language.obstacle() == ""
    assert AnyLanguage.here().name == multilingual.NAME


def test_without_any_the_obstacle_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(universal, "obstacle", lambda: "one is not installed")
    monkeypatch.setattr(multilingual, "obstacle", lambda: "the other has no build")
    assert any_language.obstacle() == "one is not installed; the other has no build"

    def refused(threads: int = 1) -> None:
        raise ModelError("the other has no build", remedy="search in English")

    monkeypatch.setattr(multilingual, "MultilingualEncoder", refused)
    with pytest.raises(ModelError, match="no build"):
        LazyEncoder()("leche")
