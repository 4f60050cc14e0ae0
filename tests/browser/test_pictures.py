"""A shop with pictures as a person uses it: bring a picture, change it by words, see why on the map; and axe on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from recsys.engine import Engine
from recsys.schema import CATEGORY
from recsys.settings import Settings
from tests.browser.conftest import Screen, serving, windows
from tests.browser.test_accessible import findings
from tests.conftest import MADE_PACK
from tests.shops.demo_store.made_up import NO_DRAWING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOP = "small_demo"
Windows = Callable[..., Screen]


@pytest.fixture(scope="module")
def address(browser: Browser, made_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the shop with pictures is served."""
    pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(MADE_PACK))
        with serving(SHOP, made_cache, tmp_path_factory.mktemp("state")) as served:
            yield served


@pytest.fixture
def pictured(browser: Browser, address: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Windows]:
    """Windows of that shop."""
    with windows(browser, address, tmp_path / request.node.name) as new:
        yield new


@pytest.fixture(scope="module")
def engine(made_cache: Path) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(MADE_PACK))
        return Engine.open(Settings(shop=SHOP, cache_dir=made_cache, shop_packs=MADE_PACK))


def a_picture(engine: Engine, kind: str) -> bytes:
    row = next(r for r, category in enumerate(engine.items[CATEGORY]) if category == kind)
    file = engine.picture(row)
    assert file is not None
    return file


def bring(window: Screen, file: bytes, name: str = "mine.jpg") -> None:
    """Open the camera's popover and choose a file there."""
    window.page.locator(".st-key-picture button").first.click()
    chosen: Any = {"name": name, "mimeType": "image/jpeg", "buffer": file}
    window.page.locator('[data-testid="stFileUploaderDropzoneInput"]').set_input_files(chosen)


def test_a_picture_that_is_brought_brings_its_like_and_the_map_shows_why(pictured: Windows, engine: Engine) -> None:
    window = pictured()
    window.open("/").wait_for_cards()
    bring(window, a_picture(engine, "Sneakers"))
    expect(window.page.get_by_text("Like your picture.")).to_be_visible()
    window.settled()
    expect(window.page.get_by_text("no picture is stored")).to_have_count(0)  # what was found is seen, not the popover
    assert sum("sneakers" in title.lower() for title in window.titles()) >= 8
    window.page.get_by_role("link", name="Map", exact=True).first.click()
    window.page.locator(".js-plotly-plot .main-svg image").first.wait_for(state="attached")
    window.settled()
    assert window.page.locator(".js-plotly-plot .main-svg image").count() >= 5
    expect(window.page.get_by_text("products most like the picture")).to_be_visible()
    pin = window.page.locator(".js-plotly-plot > img").first  # the picture that was brought, over its mark
    expect(pin).to_be_visible()
    window.page.get_by_role("radio", name="Whole shop").click()
    expect(window.page).to_have_url(re.compile("window=whole"))
    expect(pin).to_be_visible()
    expect(window.page.locator(".js-plotly-plot .main-svg image")).to_have_count(0)
    window.page.get_by_role("button", name="Leave the picture out").click()
    expect(window.page.get_by_text("Like your picture.")).to_have_count(0)


def test_what_is_no_picture_is_refused_and_the_shelf_stays(pictured: Windows) -> None:
    window = pictured()
    window.open("/").wait_for_cards()
    before = window.titles()
    bring(window, b"PK\x03\x04 a zip, whatever it is called", "holiday.jpg")
    expect(window.page.get_by_text(re.compile("is no picture")).first).to_be_visible()
    window.page.keyboard.press("Escape")
    assert window.titles() == before


PAGES = ("/", "/?q=mug&mode=xray", "/embedding_map?placed=pictures", "/tags")


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (420, "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_is_found_where_there_are_pictures(
    pictured: Windows, path: str, width: int, scheme: str
) -> None:
    window = pictured(width, 900, color_scheme=scheme)
    window.open("/").wait_for_cards()
    window.open(path)
    window.page.wait_for_timeout(1500)  # what comes in late: charts
    assert findings(window) == []
    assert window.overflow() <= 0


@pytest.mark.parametrize(("width", "scheme"), [(1400, "dark"), (420, "light")])
def test_nothing_serious_is_found_beside_a_picture_that_is_asked_with(
    pictured: Windows, engine: Engine, width: int, scheme: str
) -> None:
    item = str(engine.items["item_id"].iloc[0])
    window = pictured(width, 900, color_scheme=scheme)
    for path in (f"/?like={item}", f"/embedding_map?like={item}"):
        window.open(path)
        window.page.get_by_role("button", name="Leave the picture out").wait_for()
        window.page.wait_for_timeout(1500)
        assert findings(window) == []
        assert window.overflow() <= 0
