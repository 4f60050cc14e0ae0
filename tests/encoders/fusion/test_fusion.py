"""Products of two kinds and three colours: whatever is known of one, it stands with its like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.fusion.fusion import CARD, DIMENSION, WEIGHTS, Fusion, as_query, price_features
from recsys.encoders.fusion.modalities import NAMES, Attributes, Modalities
from recsys.encoders.fusion.training import FusionSettings, train, weight_of
from recsys.errors import ArtifactError, DataError
from recsys.schema import Floats

TYPES, COLOURS = ("shirt", "shoe"), ("red", "green", "blue")
N = 240
QUICK = FusionSettings(hidden=48, batch=40, least_steps=240)


def words(texts: list[str]) -> Floats:
    """A fixed random unit vector for every text."""
    rows = [np.random.default_rng(list(text.encode())).normal(size=24) for text in texts]
    found: Floats = np.array([row / np.linalg.norm(row) for row in rows], np.float32)
    return found


def products(n: int = N, seed: int = 0) -> tuple[Modalities, np.ndarray, np.ndarray]:
    """(modalities, type, colour): text and picture are codes of both in different bases, with noise."""
    rng = np.random.default_rng(seed)
    kind, colour = rng.integers(0, 2, n), rng.integers(0, 3, n)
    bases = np.random.default_rng(99)
    of_text, of_picture = bases.normal(size=(5, 24)), bases.normal(size=(5, 40))
    code = np.concatenate([np.eye(2)[kind], np.eye(3)[colour]], axis=1)
    text = (code @ of_text + rng.normal(scale=0.2, size=(n, 24))).astype(np.float32)
    picture = (code @ of_picture + rng.normal(scale=0.2, size=(n, 40))).astype(np.float32)
    attributes = Attributes.of(
        {"type": [TYPES[each] for each in kind], "colour": [COLOURS[each] for each in colour]}, words
    )
    return Modalities(text, picture, attributes, 10.0 + 90.0 * kind + rng.random(n)), kind, colour


@pytest.fixture(scope="module")
def fusion() -> Fusion:
    return train(products()[0], settings=QUICK)


@pytest.mark.parametrize("alone", ["text", "picture", "attributes"])
def test_any_modality_alone_finds_its_like(fusion: Fusion, alone: str) -> None:
    fresh, kind, colour = products(120, seed=5)
    vectors = fusion.encode(**{alone: fresh.given()[alone]})  # type: ignore[arg-type]
    assert vectors.shape == (120, DIMENSION)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    scores = as_query(vectors) @ vectors.T
    np.fill_diagonal(scores, -1)
    nearest = scores.argmax(axis=1)
    assert (kind[nearest] == kind).mean() > 0.95
    assert (colour[nearest] == colour).mean() > 0.9


def test_words_find_pictures_and_pictures_attributes(fusion: Fusion) -> None:
    fresh, kind, colour = products(120, seed=6)
    text, picture = fusion.encode(text=fresh.text), fusion.encode(picture=fresh.picture)
    both = fusion.encode(text=fresh.text, picture=fresh.picture)
    attributes = fusion.encode(attributes=fresh.attributes)
    for left, right in ((text, picture), (picture, attributes), (both, picture)):
        nearest = (as_query(left) @ right.T).argmax(axis=1)
        assert ((kind[nearest] == kind) & (colour[nearest] == colour)).mean() > 0.9


def test_a_sure_product_stands_before_one_that_may_be_anything(fusion: Fusion) -> None:
    fresh, kind, _ = products(60, seed=9)
    assert fresh.picture is not None
    clear = fresh.picture[kind == 0][:1]
    unclear = (clear + fresh.picture[kind == 1][:1]) / 2  # half a shirt, half a shoe
    shelf = fusion.encode(picture=np.concatenate([unclear, clear]))
    asked = fusion.encode(picture=clear, query=True)
    assert asked[0, -1] == 0
    assert np.linalg.norm(asked[0]) == pytest.approx(1, abs=1e-5)
    assert (asked @ shelf.T)[0].argmax() == 1
    assert shelf[0, -1] > shelf[1, -1]  # what is unsure is shorter before its last number
    assert np.allclose(as_query(shelf), fusion.encode(picture=np.concatenate([unclear, clear]), query=True))
    assert np.allclose(as_query(as_query(shelf)), as_query(shelf), atol=1e-6)


def test_price_alone_tells_the_kind(fusion: Fusion) -> None:
    told = fusion.taken_for(Modalities(price=np.array([10.5, 100.5])))
    assert told["type"].argmax(axis=1).tolist() == [0, 1]  # shirts cost 10, shoes 100
    assert np.allclose(told["type"].sum(axis=1), 1, atol=1e-5)


def test_a_missing_modality_is_as_if_it_were_not_given(fusion: Fusion) -> None:
    fresh, _, _ = products(6, seed=7)
    assert fresh.text is not None
    assert fresh.picture is not None
    alone = fusion.encode(text=fresh.text)
    gone = np.array([True, True, True, False, False, False])
    picture = fresh.picture.copy()
    picture[~gone] = np.nan
    by_nan = fusion.encode(text=fresh.text, picture=picture)
    by_mask = fusion.encode(text=fresh.text, picture=fresh.picture, masks={"picture": gone})
    assert np.allclose(by_nan, by_mask, atol=1e-6)
    assert np.allclose(by_nan[3:], alone[3:], atol=1e-6)
    assert not np.allclose(by_nan[:3], alone[:3], atol=1e-3)


def test_nothing_at_all_is_zeros(fusion: Fusion) -> None:
    assert (fusion.encode(text=np.full((2, 24), np.nan, np.float32)) == 0).all()
    assert (fusion.encode(price=np.array([-1.0, np.nan])) == 0).all()


def test_an_unseen_value_has_a_vector(fusion: Fusion) -> None:
    new = Attributes.of({"type": ["shirt", ""], "colour": ["turquoise", ""]}, words)
    vectors = fusion.encode(attributes=new)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)
    assert (vectors[1] == 0).all()
    assert fusion.taken_for(Modalities(attributes=new))["type"][0].argmax() == 0


def test_the_same_seed_gives_the_same() -> None:
    given = products(80)[0]
    quick = replace(QUICK, least_steps=20, epochs=2)
    first, second, third = (train(given, seed, settings=quick) for seed in (3, 3, 4))
    assert all(np.array_equal(first.tensors[name], second.tensors[name]) for name in first.tensors)
    assert not np.array_equal(first.tensors["text.first"], third.tensors["text.first"])


def test_it_learns_without_attributes_and_says_how_far_it_is() -> None:
    given, _, _ = products(80)
    told: list[tuple[int, int, str]] = []
    quick = replace(QUICK, least_steps=10, epochs=2)
    both = Modalities(text=given.text, price=given.price)
    made = train(both, 0, lambda done, total, note="": told.append((done, total, note)), quick)
    assert made.heads == ()
    assert made.encode(text=given.text).shape == (80, DIMENSION)
    assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
    assert "validation loss" in told[0][2]
    assert not made.knows("picture")
    assert (made.encode(picture=given.picture) == 0).all()  # it never saw one


def test_it_is_kept_and_opened_again(fusion: Fusion, tmp_path: Path) -> None:
    fusion.save(tmp_path)
    again = Fusion.load(tmp_path)
    fresh, _, _ = products(10, seed=8)
    given = {"text": fresh.text, "picture": fresh.picture, "attributes": fresh.attributes, "price": fresh.price}
    assert np.array_equal(fusion.encode(**given), again.encode(**given))  # type: ignore[arg-type]
    assert again.card["products"] == N
    assert again.card["seed"] == 0
    assert set(again.card["modalities"]) == set(NAMES)
    assert again.card["attributes"] == {"type": 2, "colour": 3}


@pytest.mark.parametrize("file", [CARD, WEIGHTS])
def test_a_damaged_file_is_said(fusion: Fusion, file: str, tmp_path: Path) -> None:
    fusion.save(tmp_path)
    (tmp_path / file).write_bytes((tmp_path / file).read_bytes()[:50])
    with pytest.raises(ArtifactError, match="train the fusion again"):
        Fusion.load(tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(ArtifactError, match="missing or damaged"):
        Fusion.load(tmp_path)


def test_vectors_of_another_encoder_are_refused(fusion: Fusion) -> None:
    with pytest.raises(ValueError, match="text of 7 dimensions; 24"):
        fusion.encode(text=np.zeros((2, 7), np.float32))


def test_too_little_is_refused() -> None:
    with pytest.raises(DataError, match="at least 32"):
        train(products(20)[0])
    with pytest.raises(DataError, match="text alone"):
        train(Modalities(text=products(80)[0].text))
    with pytest.raises(DataError, match="nothing"):
        train(Modalities(text=np.full((50, 4), np.nan, np.float32)))


def test_attributes_are_pooled_over_those_that_are_there() -> None:
    given = Attributes.of({"a": ["x", "", "x"], "b": ["y", "", ""]}, words)
    x, y = words(["a: x"])[0], words(["b: y"])[0]
    assert np.allclose(given.pooled(), [(x + y) / 2, np.zeros(24), x], atol=1e-6)
    assert given.there().tolist() == [True, False, True]
    left_out = np.array([[True, False]] * 3)
    assert np.allclose(given.pooled(left_out)[0], x, atol=1e-6)


def test_modalities_of_different_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="one count"):
        Modalities(text=np.zeros((2, 3), np.float32), price=np.zeros(3))
    with pytest.raises(ValueError, match="at least one"):
        Modalities()


def test_what_an_attribute_weighs_follows_its_name() -> None:
    assert weight_of("articleType", {}) == 1.0
    assert weight_of("Colour", {}) > weight_of("season", {})
    assert weight_of("season", {"season": 2.0}) == 2.0


def test_a_price_is_nearest_to_its_own_knot() -> None:
    knots = np.log(np.array([1.0, 10.0, 100.0], np.float32))
    assert price_features(np.array([1.0, 10.0, 100.0]), knots).argmax(axis=1).tolist() == [0, 1, 2]
