"""Search by picture: what is brought, or a product's own, makes the shelf; words beside it count; nothing is stored."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recsys import schema as s
from recsys.engine import Engine
from recsys.settings import Settings
from tests.pages.app_visit import App
from tests.shops.demo_store.made_up import NO_DRAWING

COLOURS = {"black", "white", "red", "blue", "green", "pink", "grey", "yellow", "orange", "purple"}
pytestmark = [pytest.mark.usefixtures("made_shop"), pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)]


@pytest.fixture(autouse=True)
def drawn() -> None:
    pytest.importorskip("skia", reason=NO_DRAWING, exc_type=ImportError)


@pytest.fixture
def engine(made_shop: Settings) -> Engine:
    return Engine.open(made_shop)


def a_picture_of(engine: Engine, kind: str) -> tuple[str, bytes]:
    """(id, picture) of a product of this type."""
    row = int(np.flatnonzero(engine.items[s.CATEGORY] == kind)[0])
    file = engine.picture(row)
    assert file is not None
    return str(engine.items[s.ITEM_ID].iloc[row]), file


def kinds_of(app: App, engine: Engine) -> Counter[str]:
    of = dict(zip(engine.items[s.ITEM_ID].astype(str), engine.items[s.CATEGORY].astype(str), strict=True))
    return Counter(of[card] for card in app.cards)


def bring(app: App, file: bytes, name: str = "mine.jpg") -> App:
    app.at.file_uploader(key="picture.upload").set_value((name, file, "image/jpeg"))
    return app.run()


def test_a_picture_that_is_brought_brings_what_looks_like_it(engine: Engine) -> None:
    _, file = a_picture_of(engine, "Sneakers")
    app = bring(App(), file)
    assert kinds_of(app, engine)["Sneakers"] >= 8
    assert "that look like the picture" in app.text
    assert "Like your picture." in app.text
    assert "sneakers" in app.text
    app.press("picture.leave")
    assert "Like your picture" not in app.text
    assert "that most shoppers buy" in app.text


def test_no_picture_is_written_anywhere(engine: Engine, made_shop: Settings) -> None:
    def files() -> set[Path]:
        return {path for folder in (made_shop.state_dir, made_shop.cache_dir) for path in folder.rglob("*")}

    App()
    before = files()
    _, file = a_picture_of(engine, "Mug")
    app = bring(App(), file)
    assert len(app.cards) == 12
    assert {path.suffix for path in files() - before} <= {".sqlite3", ".lock", "", ".sqlite3-wal", ".sqlite3-shm"}
    assert "like" not in app.address  # a link cannot carry it


def test_what_looks_like_a_product_is_a_link(engine: Engine) -> None:
    item, _ = a_picture_of(engine, "Handbag")
    app = App(like=item)
    assert kinds_of(app, engine)["Handbag"] >= 6
    assert app.address["like"] == [item]
    shown = app.cards[3]
    app.press(f"alike.{shown}")
    assert app.address["like"] == [shown]
    assert app.cards[0] == shown


def test_words_beside_a_picture_change_it(engine: Engine) -> None:
    item, _ = a_picture_of(engine, "T-shirt")
    titles = dict(zip(engine.items[s.ITEM_ID].astype(str), engine.items[s.TITLE].astype(str), strict=True))
    shirts = [title.lower().split() for title in titles.values() if "t-shirt" in title.lower()]
    colour = Counter(word for words in shirts for word in words if word in COLOURS - set(titles[item].split()))
    other = colour.most_common(1)[0][0]
    app = App(like=item, q=other)
    there, before = ([other in titles[card].lower() for card in each.cards[:4]] for each in (app, App(like=item)))
    assert sum(there) >= 2
    assert sum(there) > sum(before)
    assert f"that look like the picture, for “{other}”" in app.text


def test_the_score_says_how_much_came_from_looks(engine: Engine) -> None:
    item, _ = a_picture_of(engine, "T-shirt")
    app = App(like=item, q="black", mode="xray")
    said = app.text
    assert "Looks like the picture" in said
    assert "Matching words" in said


def test_its_slider_is_at_rest_until_there_are_a_picture_and_words(engine: Engine) -> None:
    item, _ = a_picture_of(engine, "T-shirt")
    at_rest = "At rest here, as they would change nothing: "
    for choices, moves in (
        ({}, False),
        ({"q": "black"}, False),
        ({"like": item}, False),
        ({"like": item, "q": "black"}, True),
    ):
        app = App(mode="xray", **choices)
        sliders = [each.label for each in app.at.slider]
        resting = next((each.value for each in app.at.caption if each.value.startswith(at_rest)), "")
        assert ("Looks against words" in sliders) is moves, choices
        assert ("Looks against words" in resting) is not moves, choices
    assert "Kind of product asked for" in [each.label for each in App(mode="xray", like=item).at.slider]


@pytest.mark.parametrize(
    ("file", "said"),
    [(b"", "is empty"), (b"no picture at all", "is no picture"), (b"PK\x03\x04" + bytes(64), "is no picture")],
)
def test_what_is_no_picture_is_refused_in_one_line_and_the_shelf_stays(engine: Engine, file: bytes, said: str) -> None:
    app = App()
    before = app.cards
    bring(app, file)
    assert [said in error.value for error in app.at.error] == [True]
    assert app.at.error[0].value[0].isupper()
    assert app.cards == before
    app.at.file_uploader(key="picture.upload").set_value([])
    assert not app.run().at.error


def test_a_link_to_what_is_not_here_is_answered_in_words() -> None:
    app = App(like="D0000000")
    assert "The link asks for what looks like product “D0000000”, which is not here." in app.text
    assert "that look like the picture" not in app.text
    assert "like" not in app.address
    assert len(app.cards) == 12


def test_what_moves_is_looked_at_and_that_is_said(engine: Engine) -> None:
    frames = [Image.new("RGB", (40, 40), (200, 10 * n, 30)) for n in range(3)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert "its first frame is looked at" in bring(App(), file.getvalue(), "red.gif").text


def test_products_without_a_picture_are_counted_beside_a_search_by_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, _ = a_picture_of(engine, "Mug")
    assert "no picture: found by" not in App(like=item).text
    monkeypatch.setattr(Engine, "unplaced", lambda self, placed: 3)
    assert "3 products have no picture: found by what the shop says of them alone." in App(like=item).text
