"""The demo store as a shop's data: complete, counted, and without a trace of the truth behind it."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from recsys import schema as s
from recsys.datasets.contract import Dataset
from recsys.schema.capabilities import Capability
from recsys.shops.demo_store.loader import Size, load, simulated, version
from recsys.shops.demo_store.products import ATTRIBUTES, product_types
from tests.shops.demo_store.made_up import NO_DRAWING

SMALL = Size(products=300, shoppers=60, seed=4)
LATENT = {"quality", "utility", "appeal", "appetite", "loyalty", "price_sensitivity", "fit", "delivery", "looks"}


@pytest.fixture(scope="module")
def store() -> Dataset:
    return load(lambda *done: None, SMALL)


def test_it_has_all_that_a_shop_can_have_but_sizes(store: Dataset) -> None:
    missing = {each for each in Capability if not store.capabilities.has(each)}
    assert missing == {Capability.SIZES}


def test_it_is_as_large_as_was_asked_for(store: Dataset) -> None:
    assert len(store.items) == SMALL.products
    assert len(store.shoppers) == SMALL.shoppers
    assert len(store.tables["attributes"]) == SMALL.products * len(ATTRIBUTES)


def test_nothing_of_the_truth_is_in_any_table(store: Dataset) -> None:
    frames = {"items": store.items, "shoppers": store.shoppers, "events": store.events} | dict(store.tables)
    for frame in frames.values():
        assert not LATENT & set(frame.columns)
    assert set(store.traits) == {"life_stage", "age", "region"}
    quality = simulated(SMALL)[0]["quality"].to_numpy()
    for name in store.items.select_dtypes("number").columns:
        column = store.items[name].fillna(0).to_numpy(np.float64)
        if column.std() > 0:  # better products are a little dearer and better reviewed, and no column is the quality
            assert abs(np.corrcoef(column, quality)[0, 1]) < 0.7, name


def test_reviews_make_the_ratings(store: Dataset) -> None:
    reviews = store.tables["reviews"]
    assert len(reviews) == (store.events[s.EVENT] == "review").sum()
    mean = reviews.groupby(s.ITEM)[s.STARS].mean()
    assert np.allclose(store.items[s.RATING].iloc[mean.index], mean)
    assert store.items[s.RATINGS].sum() == len(reviews)
    assert store.items[s.RATING].isna().sum() == SMALL.products - len(mean)


def test_what_is_new_is_not_bought_before_its_launch(store: Dataset) -> None:
    bought = store.events[store.events[s.EVENT] == "purchase"]
    launch = store.items[s.LAUNCH_DATE].to_numpy()[bought[s.ITEM]]
    assert (bought[s.TIME].dt.normalize().to_numpy() >= launch).all()


def test_the_same_size_and_seed_are_the_same_store(store: Dataset) -> None:
    again = load(lambda *done: None, SMALL)
    assert again.items.equals(store.items)
    assert again.events.equals(store.events)
    assert again.tables["reviews"].equals(store.tables["reviews"])


def test_its_version_follows_from_size_and_seed() -> None:
    assert version(SMALL) == version(Size(300, 60, 4))
    assert version(SMALL) != version(Size(300, 60, 5))
    assert version(SMALL) != version(Size(301, 60, 4))


def test_what_is_drawn_follows_from_what_the_shop_says(store: Dataset) -> None:
    pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)
    from recsys.shops.demo_store.drawer import looks, picture

    drawn = looks(store.items, store.tables["attributes"])
    assert len({look.seed for look in drawn}) == SMALL.products
    by_type = {kind.name: kind for kind in product_types()}
    for look, (_, item) in zip(drawn, store.items.iterrows(), strict=True):
        assert look.silhouette == by_type[item[s.CATEGORY]].silhouette
        assert look.department == item[s.DEPARTMENT]
        assert look.material in item[s.TITLE].lower()
    pixels = [np.asarray(Image.open(BytesIO(picture(look)))) for look in drawn[:6]]
    assert {each.shape for each in pixels} == {(320, 320, 3)}
    assert all(np.abs(a.astype(int) - b).mean() > 1 for a, b in combinations(pixels, 2))
