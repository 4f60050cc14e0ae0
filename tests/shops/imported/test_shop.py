"""A catalogue of files as a shop: what it has is known, its text is found, and nobody has bought anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from recsys.datasets import storage
from recsys.engine import imported
from recsys.errors import SettingsError
from recsys.preparation.presence import present
from recsys.progress import silent
from recsys.schema import Knobs, Request
from recsys.schema.capabilities import Capability
from recsys.settings import Settings
from recsys.shops import registry
from recsys.shops.imported import catalogue as reading
from recsys.shops.imported.shop import shop_of
from recsys.steps.versions import CATALOGUE

if TYPE_CHECKING:
    from recsys.engine import Engine

PRODUCTS: list[dict[str, Any]] = [
    {"id": "1", "title": "Red desk lamp", "brand": "Acme", "price": 20, "colour": "crimson"},
    {"id": "2", "title": "Oak desk", "brand": "Wood", "description": "A table to work at, with drawers"},
    {"id": "007", "title": "Gaming laptop 15 inch", "brand": "Acme", "description": "A fast portable computer"},
    {"id": "4", "title": "Laptop bag SHL1601/10", "brand": "Carry", "description": "A sleeve for portable computers"},
]


def catalogue(folder: Path, products: list[dict[str, Any]]) -> reading.SearchCatalogue:
    folder.mkdir(exist_ok=True)
    (folder / "a.json").write_text(json.dumps(products), encoding="utf-8")
    return reading.load(folder)


@pytest.fixture(scope="module")
def engine(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("catalogue")
    settings = Settings(cache_dir=prepared_cache, state_dir=tmp_path_factory.mktemp("state"))
    return imported.open_catalogue(catalogue(folder, PRODUCTS), settings)


def test_the_shop_has_what_its_files_say(tmp_path: Path) -> None:
    dataset = shop_of(catalogue(tmp_path, PRODUCTS)).load(silent)
    assert dataset.items["item_id"].tolist() == ["1", "2", "007", "4"]
    has = dataset.capabilities.has
    assert has(Capability.PRICES)
    assert has(Capability.DESCRIPTIONS)
    assert has(Capability.ATTRIBUTES)
    assert not has(Capability.CATEGORIES)
    assert not has(Capability.PURCHASES)
    assert len(dataset.shoppers) == len(dataset.events) == 0
    assert dataset.tables["attributes"][["attribute", "value"]].to_numpy().tolist() == [["colour", "crimson"]]


def test_it_is_known_to_this_process_and_on_no_list(tmp_path: Path) -> None:
    shop = shop_of(catalogue(tmp_path, PRODUCTS[:2]))
    with pytest.raises(SettingsError, match="there is no shop"):
        registry.shop(shop.name)
    registry.bring(shop)
    assert registry.shop(shop.name) is shop
    assert shop.name not in registry.shop_names()


@pytest.mark.parametrize(
    ("query", "first"),
    [("lamp", "1"), ("drawers", "2"), ("crimson", "1"), ("computer that is fast", "007"), ("carry", "4")],
)
def test_title_description_attributes_and_brand_are_searched(engine: Engine, query: str, first: str) -> None:
    assert engine.answer(Request(query=query, knobs=Knobs(meaning_weight=0.0))).items[0].item_id == first


@pytest.mark.parametrize("typed", ["SHL1601/10", "shl160110", "SHL1601", "shl1601 10", "bag shl160110"])
def test_a_model_number_is_found_however_it_is_joined_and_is_no_label(engine: Engine, typed: str) -> None:
    answer = engine.answer(Request(query=typed))
    assert answer.items[0].item_id == "4"
    assert not [note for note in answer.notes if "shl" in note.lower() or "No product text" in note]


def test_without_a_query_it_says_that_it_knows_nobody_and_does_not_fail(engine: Engine) -> None:
    answer = engine.answer(Request())
    assert len(answer.items) <= len(PRODUCTS)
    assert len(engine.shoppers) == 0


def test_what_the_systems_are_given_is_the_shops_own(engine: Engine) -> None:
    searched = imported.searched(engine)
    assert searched.texts[1] == "Oak desk Wood A table to work at, with drawers"
    assert searched.vectors.shape == (4, engine.encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(searched.vectors, axis=1), 1.0, rtol=1e-3)
    assert storage.load_table(engine.plan.open("dataset").path, "attributes").shape == (1, 3)


def test_the_files_of_the_catalogues_opened_longest_ago_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared_cache: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "shared").symlink_to(prepared_cache / "shared")
    for age in range(imported.KEPT):
        old = cache / f"{CATALOGUE}{age}"
        old.mkdir()
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    (cache / "complete_journey").mkdir()
    settings = Settings(cache_dir=cache, state_dir=tmp_path / "state")
    engine = imported.open_catalogue(catalogue(tmp_path / "products", PRODUCTS), settings)
    left = {path.name for path in cache.iterdir() if path.is_dir()}
    assert left == {"shared", "complete_journey", engine.shop.name, *(f"{CATALOGUE}{age}" for age in range(3))}


def test_what_somebody_else_has_in_use_stays(tmp_path: Path) -> None:
    old = [tmp_path / f"{CATALOGUE}{age}" for age in range(imported.KEPT + 2)]
    for age, folder in enumerate(old):
        folder.mkdir()
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    with present(old[-1]):
        os.utime(old[-1], (1, 1))
        imported._forget_the_oldest(tmp_path, old[0])
    assert {folder.name for folder in tmp_path.iterdir()} == {each.name for each in [*old[: imported.KEPT], old[-1]]}


def test_a_price_beyond_belief_is_no_price(tmp_path: Path) -> None:
    absurd = {"id": "9", "title": "Lamp", "price": "9" * 39}
    prices = shop_of(catalogue(tmp_path, [*PRODUCTS, absurd])).load(silent).items["price"]
    assert prices.isna().tolist() == [False, True, True, True, True]
