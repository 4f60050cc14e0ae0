"""Maps by words, by pictures and by everything: what lies where, and what a picture that is asked with is near."""

from __future__ import annotations

import numpy as np
import pytest

from recsys import schema as s
from recsys.engine import EVERYTHING, PICTURES, WORDS, Engine
from recsys.errors import ArtifactError
from recsys.schema import Looks, Request
from recsys.settings import Settings
from tests.shops.demo_store.made_up import NO_DRAWING

pytestmark = [pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)]


@pytest.fixture
def engine(made_shop: Settings) -> Engine:
    pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)
    return Engine.open(made_shop)


def a_row_of(engine: Engine, kind: str) -> int:
    return int(np.flatnonzero(engine.items[s.CATEGORY] == kind)[0])


@pytest.mark.parametrize("placed", [PICTURES, EVERYTHING])
def test_products_of_one_kind_lie_together_however_they_are_placed(engine: Engine, placed: str) -> None:
    assert engine.placings == (WORDS, PICTURES, EVERYTHING)
    assert {(info.method, info.dims) for info in engine.maps(placed)} == {
        (method, dims) for method in ("umap", "pca") for dims in (2, 3)
    }
    places = engine.map_positions("umap", 2, placed)
    assert places.shape == (len(engine.items), 2)
    kinds = engine.items[s.CATEGORY].to_numpy()
    away = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(away, np.inf)
    assert (kinds[away.argmin(axis=1)] == kinds).mean() > 0.7  # of 48 kinds, by chance one in forty
    assert engine.unplaced(placed) == 0


@pytest.mark.parametrize("placed", [PICTURES, EVERYTHING])
def test_a_picture_that_is_asked_with_lies_among_what_it_brings(engine: Engine, placed: str) -> None:
    row = a_row_of(engine, "Mug")
    vector = engine.looks_vector(Request(looks=Looks(item=str(engine.catalogue.id(row)))))
    assert vector is not None
    answer = engine.answer(Request(looks=Looks(vector=tuple(map(float, vector))), k=10))
    spot, places = engine.spots(answer, "umap", 2, placed)["looks"], engine.map_positions("umap", 2, placed)
    brought = np.linalg.norm(places[[item.row for item in answer.items]] - spot, axis=1)
    assert np.median(brought) < np.quantile(np.linalg.norm(places - spot, axis=1), 0.1)
    straight = engine.spots(answer, "pca", 2, placed)["looks"], engine.map_positions("pca", 2, placed)[row]
    assert np.linalg.norm(straight[0] - straight[1]) < 0.05  # a straight view of 128 numbers keeps the place at least


def test_a_product_that_is_asked_with_lies_where_it_is(engine: Engine) -> None:
    row = a_row_of(engine, "Sneakers")
    answer = engine.answer(Request(looks=Looks(item=str(engine.catalogue.id(row)))))
    assert (
        engine.spots(answer, "umap", 2, PICTURES)["looks"][0] == engine.map_positions("umap", 2, PICTURES)[row]
    ).all()


def test_words_and_shoppers_have_a_place_among_pictures_and_a_picture_none_among_words(engine: Engine) -> None:
    row = a_row_of(engine, "Teapot")
    answer = engine.answer(Request(query="teapot", shopper="S0003", looks=Looks(item=str(engine.catalogue.id(row)))))
    assert set(engine.spots(answer, "umap", 2, WORDS)) == {"query", "shopper"}
    spots = engine.spots(answer, "umap", 2, PICTURES)
    assert set(spots) == {"query", "shopper", "looks"}
    places = engine.map_positions("umap", 2, PICTURES)
    nearest = np.linalg.norm(places - spots["query"], axis=1).argsort()[:8]
    assert (engine.items[s.CATEGORY].iloc[nearest] == "Teapot").sum() >= 4


def test_similarity_is_to_the_picture_where_one_is_asked_with(engine: Engine) -> None:
    row = a_row_of(engine, "Handbag")
    answer = engine.answer(Request(looks=Looks(item=str(engine.catalogue.id(row)))))
    similar = engine.similarities(answer, PICTURES)
    assert similar is not None
    assert similar.to == "looks"
    assert int(similar.values.argmax()) == row
    assert engine.similarities(answer, WORDS) is None


def test_neighbours_are_those_of_the_map(engine: Engine) -> None:
    row = a_row_of(engine, "Kettle")
    for placed in (PICTURES, EVERYTHING):
        near = engine.neighbours(row, 4, placed)
        assert row not in near.rows.tolist()
        assert (engine.items[s.CATEGORY].iloc[near.rows] == "Kettle").sum() >= 3
        assert (np.diff(near.scores) <= 0).all()


def test_crowds_are_named_and_small_pictures_are_small(engine: Engine) -> None:
    assert engine.map_regions("umap", PICTURES)
    small = engine.thumbnail(0)
    assert small is not None
    assert small[8:12] == b"WEBP"
    assert len(small) < 3_000
    assert engine.pictured


def test_the_space_brought_texts_and_pictures_together(engine: Engine) -> None:
    gap = engine.modality_gap
    assert gap["after"]["distance"] < gap["before"]["distance"] / 2
    assert gap["after"]["own"] > gap["after"]["other"] + 0.3
    assert gap["before"]["own"] == gap["before"]["other"] == 0


def test_a_map_by_something_else_is_an_error_that_says_what_there_is(engine: Engine) -> None:
    with pytest.raises(ArtifactError, match=r"by 'smell'.*words, pictures, everything"):
        engine.map_positions("umap", 2, "smell")
