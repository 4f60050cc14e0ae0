"""The shop is chosen in the sidebar and told by the link; what the other shop does not have is let go and said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recsys.engine import Engine
from recsys.preparation.presence import present
from recsys.schema import ITEM_ID
from recsys.settings import load_settings
from tests.conftest import MADE_PACK
from tests.pages.app_visit import App
from tests.shops.demo_store.made_up import NO_DRAWING


@pytest.fixture(autouse=True)
def on_the_sample(made_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The outdoor shop is the setting; the bare one is prepared beside it."""
    from tests.conftest import _clear_streamlit_caches

    monkeypatch.setenv("SHELFLENS_SHOP", "outdoor")
    monkeypatch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(MADE_PACK))
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(made_cache))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    _clear_streamlit_caches()
    yield
    _clear_streamlit_caches()


def choose(app: App, name: str) -> App:
    app.at.selectbox(key="shop.picker").set_value(name)
    return app.run()


def test_a_link_without_a_shop_opens_that_of_the_settings() -> None:
    app = App(q="lantern")
    assert app.at.selectbox(key="shop.picker").value == "outdoor"
    assert "shop" not in app.address


def test_switching_writes_the_link_and_drops_what_is_not_there() -> None:
    app = choose(App(shopper="M03", department="Light", q="lantern"), "bare")
    assert app.address == {"shop": ["bare"], "q": ["lantern"]}
    assert "Let go, since it belongs to another shop: member M03 and the department filter." in app.text
    assert app.cards
    assert "€" not in app.text
    assert app.at.selectbox(key="shop.picker").value == "bare"


def test_a_picture_is_let_go_with_the_shop_it_was_compared_in(made_cache: Path) -> None:
    pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)
    engine = Engine.open(load_settings().model_copy(update={"shop": "small_demo"}))
    picture = engine.picture(0)
    app = App(shop="small_demo")
    app.at.file_uploader(key="picture.upload").set_value(("mine.jpg", picture, "image/jpeg"))
    assert "Like your picture" in app.run().text
    choose(app, "outdoor")
    assert "Let go, since it belongs to another shop: the picture you brought." in app.text
    assert "Like your picture" not in app.text
    assert app.cards
    liked = App(shop="small_demo", like=str(engine.items[ITEM_ID].iloc[0]))
    choose(liked, "outdoor")
    assert "the picture of a product" in liked.text
    assert "like" not in liked.address


def test_a_link_opens_its_shop_and_an_unknown_one_is_said() -> None:
    assert App(shop="bare", shopper="u5").address == {"shop": ["bare"], "shopper": ["u5"]}
    app = App(shop="atlantis")
    assert "The link opens shop “atlantis”, which is not here" in app.text


def test_two_sessions_have_two_shops_at_once() -> None:
    one, other = App(), App(shop="bare")
    assert "€" in one.run().text
    assert "€" not in other.run().text


def test_a_shop_that_is_not_prepared_offers_to_prepare_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(tmp_path / "empty"))
    app = App(shop="bare")
    assert [b.label for b in app.at.button if b.key == "shops.prepare"] == ["Prepare Titles alone"]
    assert "The catalogue is not ready" in app.text


@pytest.fixture
def cache_of_two(made_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test's own, in which the outdoor shop is open and the books may be deleted."""
    cache = tmp_path / "cache"
    cache.mkdir()
    for name in ("outdoor", "shared"):
        (cache / name).symlink_to(made_cache / name)
    shutil.copytree(made_cache / "catalogue", cache / "catalogue")
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(cache))
    return cache


def test_what_was_prepared_of_a_shop_is_deleted_with_a_button_and_that_is_said(cache_of_two: Path) -> None:
    app = App()
    app.at.switch_page("pages/lab/models/page.py")
    app.run()
    assert "**Books of tomorrow** · not prepared" not in app.text
    app.press("storage.catalogue.yes")
    assert not (cache_of_two / "catalogue").exists()
    assert list((cache_of_two / "outdoor").glob("vectors-*"))
    assert any("freed; “Books of tomorrow” must be prepared again" in toast.value for toast in app.at.toast)
    assert "shops.prepare.catalogue" in [button.key for button in app.at.button]  # and can be made again from there
    assert "storage.catalogue.yes" not in [button.key for button in app.at.button]
    assert "storage.outdoor.yes" in [button.key for button in app.at.button]
    assert "Books of tomorrow · not prepared" in app.at.selectbox(key="shop.picker").options


def test_a_shop_is_not_deleted_while_it_is_being_prepared(cache_of_two: Path) -> None:
    app = App()
    app.at.switch_page("pages/lab/models/page.py")
    with present(cache_of_two / "catalogue"):
        app.run().press("storage.catalogue.yes")
    assert list((cache_of_two / "catalogue").glob("vectors-*"))
    assert any("catalogue is being prepared" in toast.value for toast in app.at.toast)
