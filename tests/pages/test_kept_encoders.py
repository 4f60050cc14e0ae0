"""The whole app started with each kind of kept encoder: prepared, opened, searched, said, and switched back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from recsys.encoders import weights
from recsys.encoders.compressing import folders, methods
from recsys.preparation import FIRST_SHELF, prepare
from recsys.progress import silent
from recsys.settings import load_settings
from recsys.training.encoders import kept
from tests.conftest import MADE_PACK, _clear_streamlit_caches
from tests.encoders.tiny_models import WORDS, save_tiny_model
from tests.pages.app_visit import App
from tests.pages.models_page import Page

KINDS = ("int8", "int8-whole", "distilled", "distilled-int8", "short-96", "static", "adapted")
TEXTS = [f"{a} {b}" for a in WORDS[:6] for b in WORDS[6:12]]
QUERY = "boots"


@dataclass(frozen=True)
class Studio:
    """Folders in which every kind of encoder is kept, and what is prepared with them."""

    state: Path
    cache: Path


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    root = tmp_path_factory.mktemp("studio")
    encoders = root / "state" / "encoders"
    model = weights.locate(str(save_tiny_model(root / "tiny")))
    shop = methods.workshop(model, TEXTS, root / "made", lessons=TEXTS, watched=TEXTS[:5])
    for name in KINDS[:-1]:
        methods.METHODS[name].make(shop, shop.folder / name, silent)
    arrays = folders.read_arrays(model)
    for name in arrays:
        if name.endswith("attention.self.query.weight"):  # where an adaptation moves it
            arrays[name] = arrays[name] * 1.5
    folders.copy_small(model, shop.folder / "adapted")
    folders.write_arrays(shop.folder / "adapted" / weights.WEIGHTS, arrays)
    for name in KINDS:
        kept.keep(shop.folder / name, encoders, f"shop-{name}", {"label": f"made as {name}", "method": name})
    return Studio(root / "state", root / "cache")


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests prepare a shop of their own, in a cache of their own."""


@pytest.fixture(autouse=True)
def _started(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHELFLENS_SHOP", "bare")
    monkeypatch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(MADE_PACK))
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(studio.cache))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(studio.state))
    _clear_streamlit_caches()
    yield
    _clear_streamlit_caches()


def start_with(encoder: str, monkeypatch: pytest.MonkeyPatch, *, prepared: bool = True) -> None:
    monkeypatch.setenv("SHELFLENS_ENCODER", encoder)
    _clear_streamlit_caches()
    if prepared:
        prepare(load_settings(), steps=FIRST_SHELF)


@pytest.mark.parametrize("kind", KINDS)
def test_the_app_starts_with_it_searches_and_says_so(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start_with(f"shop-{kind}", monkeypatch)
    app = App(q=QUERY)
    assert app.cards
    assert not app.at.error
    page = Page(studio="encoders")
    assert f"The app was started with **shop-{kind}**, made as {kind}" in page.text.replace("\\", "")


def test_vectors_of_another_encoder_are_said_and_going_back_needs_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_with("shop-adapted", monkeypatch)
    before = App(q=QUERY).cards
    start_with("shop-distilled", monkeypatch, prepared=False)
    for path in (studio.cache / "bare").glob("vectors-*"):  # as if it had never been prepared with that one
        if json.loads((path / "manifest.json").read_text())["info"]["encoder"] == "shop-distilled":
            shutil.rmtree(path)
    said = App(q=QUERY).text
    assert "vectors were made by the encoder shop-adapted, and the app was started with shop-distilled" in said
    assert "SHELFLENS_ENCODER=shop-adapted" in said
    start_with("shop-adapted", monkeypatch, prepared=False)
    assert App(q=QUERY).cards == before


def test_a_damaged_one_stops_in_plain_words(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(studio.state / "encoders" / "shop-adapted", studio.state / "encoders" / "shop-broken")
    (studio.state / "encoders" / "shop-broken" / "config.json").write_text("{}")
    start_with("shop-broken", monkeypatch, prepared=False)
    said = App().text
    assert "the encoder shop-broken is damaged: config.json is empty" in said
    assert "unset it to use minilm" in said
    assert "not ready" not in said
