"""Queries in other languages on six products, with an encoder of two dimensions that can be drawn on a circle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys import preparation
from recsys import schema as s
from recsys.encoders import any_language
from recsys.errors import ArtifactError
from recsys.progress import Progress, silent
from recsys.query.glossary import Glossary
from recsys.query.language import LanguageDetector
from recsys.retrieval import crosslingual
from recsys.retrieval.contract import Retriever, Signals
from recsys.schema import Floats
from recsys.settings import Settings
from tests.retrieval.contract import RetrieverContract

ANGLES = {"White milk": 0, "Cream": 30, "Dog food": 90, "Dairy": 10, "Pets": 80, "leche": 0, "perro": 90, "milk": 0,
          "dog food": 90, "perro azul": 60}  # fmt: skip
ITEMS = pd.DataFrame(
    {
        s.NAME: ["White milk", "Cream", "Cream", "Dog food", "White milk", "Dog food"],
        s.CATEGORY: ["Dairy", "Dairy", "Dairy", "Pets", "Dairy", "Pets"],
    }
)

WORDS = Glossary([("milk", "leche", "Milch", "lait", "牛奶"), ("dog food", "perro", "Hund", "chien", "狗")])


class Circle:
    """Texts as points on a circle."""

    name, dimension = "circle", 2

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        angles = np.radians([ANGLES[text] for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def one(query: str) -> Floats:
    return Circle().encode([query])[0]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "built"
    folder.mkdir()
    crosslingual.build(ITEMS, Circle(), tmp_path / "scratch", folder, WORDS)
    return folder


class TestCrossLingual(RetrieverContract):
    @pytest.fixture(autouse=True)
    def _built(self, built: Path) -> None:
        found = crosslingual.load(built, one, WORDS)
        assert found is not None
        self._found = found

    def retriever(self) -> Retriever:
        return self._found

    def signals(self) -> Signals:
        return Signals(query="leche")

    def test_the_nearest_names_come_first(self) -> None:
        assert self._found.retrieve(self.signals(), 6).rows.tolist() == [0, 4, 1, 2, 3, 5]

    def test_the_score_is_that_of_the_name_and_a_share_of_that_of_the_category(self) -> None:
        milk = (1.0 + 0.3 * np.cos(np.radians(10))) / 1.3
        assert self._found.score(self.signals(), np.array([0], np.int32)) == pytest.approx([milk], abs=1e-6)

    def test_without_a_query_nothing_is_found(self) -> None:
        assert len(self._found.retrieve(Signals(query="  "), 3)) == 0
        assert self._found.score(Signals(), np.array([0], np.int32)).tolist() == [0.0]

    def test_what_the_glossary_has_of_the_query_turns_it_towards_the_english(self) -> None:
        # "perro azul" lies at 60 degrees, and what the glossary has of it at 90: halfway between both
        translation = WORDS.read("perro azul", "es")
        assert translation.phrases == ("dog food",)
        found = self._found.score(Signals(query="perro azul", translation=translation), np.array([3], np.int32))
        away = np.radians([[60 - 90, 60 - 80], [90 - 90, 90 - 80]])  # of each from the name and from the category
        of_each = (np.cos(away[:, 0]) + 0.3 * np.cos(away[:, 1])) / 1.3
        assert found == pytest.approx([of_each.mean()], abs=1e-6)


def test_a_query_is_encoded_once_for_candidates_and_scores(built: Path) -> None:
    asked: list[str] = []
    found = crosslingual.load(built, lambda query: asked.append(query) or one(query), WORDS)  # type: ignore[func-returns-value]
    assert found is not None
    found.retrieve(Signals(query="perro"), 2)
    found.score(Signals(query=" perro "), np.array([0], np.int32))
    assert asked == ["perro"]


def test_each_name_and_category_is_encoded_once(tmp_path: Path) -> None:
    facts = crosslingual.build(ITEMS, Circle(), tmp_path / "scratch", tmp_path, WORDS)
    assert facts == {"off": "", "encoder": "circle", "texts": 5, "vectors": 3}


def test_where_it_is_off_the_folder_says_why(tmp_path: Path) -> None:
    crosslingual.nothing(tmp_path, "no build for this machine")
    assert crosslingual.why_off(tmp_path) == "no build for this machine"
    assert crosslingual.load(tmp_path, one, WORDS) is None


@pytest.mark.parametrize("file", ["crosslingual.json", "vectors.npy", "index.json", "row_of_item.npy", "phrases.npy"])
@pytest.mark.parametrize("damage", ["missing", "garbage"])
def test_a_damaged_file_is_an_artifact_error_that_says_what_to_do(built: Path, file: str, damage: str) -> None:
    (built / file).unlink()
    if damage == "garbage":
        (built / file).write_bytes(b"not what it was")
    with pytest.raises(ArtifactError, match="recsys prepare"):
        crosslingual.load(built, one, WORDS)


def test_products_of_texts_that_are_not_there_are_an_artifact_error(built: Path) -> None:
    np.save(built / "row_of_item.npy", np.array([0, 9], np.int32))
    with pytest.raises(ArtifactError, match="row_of_item"):
        crosslingual.load(built, one, WORDS)


def test_vectors_of_another_glossary_are_an_artifact_error(built: Path) -> None:
    with pytest.raises(ArtifactError, match="recsys prepare"):
        crosslingual.load(built, one, Glossary([("milk", "leche", "", "", "")]))


def test_a_shop_without_a_glossary_is_searched_by_vectors_alone(tmp_path: Path) -> None:
    none = Glossary([])
    crosslingual.build(ITEMS, Circle(), tmp_path / "scratch", tmp_path, none)
    found = crosslingual.load(tmp_path, one, none)
    assert found is not None
    asked = Signals(query="perro", translation=none.read("perro", "es"))
    assert found.retrieve(asked, 2).rows.tolist() == [3, 5]


def test_without_the_package_the_preparation_notes_why_and_still_tells_languages(
    prepared: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = preparation.Plan.of(prepared)
    monkeypatch.setattr(any_language, "missing", lambda: ["the package is not installed"])
    assert preparation.Plan.of(prepared).versions["languages"] != plan.versions["languages"]
    facts = preparation.STEPS["languages"].make(plan.context("languages"), silent, tmp_path)
    assert facts["off"] == "the package is not installed"
    assert crosslingual.load(tmp_path, one, WORDS) is None
    assert LanguageDetector.load(tmp_path, WORDS).detect("leche entera").code == "es"
