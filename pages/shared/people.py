"""People to pick as tiles: each with a name for the kind of person it is, and what they are fond of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

from pages.shared import state
from pages.shared.drawing import emphasis
from pages.shared.wording import plain
from recsys.schema import FEATURED, LABEL, NEW_SHOPPER, SHOPPER_ID

if TYPE_CHECKING:
    import pandas as pd

    from recsys.engine import Engine
    from recsys.shops.contract import Shop

SHOWN: Final = 5  # and nobody in particular, and all others: one row on a laptop
TILE_WIDTH: Final = 160  # pixels: two beside each other on a phone
TICK: Final = ":material/check: "
EVERYBODY: Final = "Everybody"


SCRIPT: Final = Path(__file__).with_name("people.js").read_text(encoding="utf-8")

_bring_into_view = st.components.v2.component("shelflens.picked_tile", js=SCRIPT)


class Tile(NamedTuple):
    """Somebody to pick: whom, what kind of person that is, what they are fond of."""

    shopper: str | None
    kind: str
    fond_of: str


def tiles(engine: Engine, search_all: Callable[[Engine], None]) -> None:
    """A button per tile, the one that is picked in the app's colour, in a row that scrolls where it is too long.

    The last place opens `search_all`, which finds anybody; it stands alone where nobody is known.
    """
    found = offered(engine)
    if not found:
        search_all(engine)
        return
    picked = state.choices()["shopper"]
    known = [tile.shopper for tile in found]
    with st.grid(len(found) + 1, min_column_width=TILE_WIDTH, gap="xsmall", wrap=False):
        for tile in found:
            st.button(
                f"{TICK if tile.shopper == picked else ''}**{plain(tile.kind)}**  \n:small[{plain(tile.fond_of)}]",
                key=f"tile.{tile.shopper or 'nobody'}",
                type=emphasis() if tile.shopper == picked else "secondary",
                wrap=True,
                width="stretch",
                on_click=state.choose,
                kwargs={"shopper": tile.shopper},
            )
        other = "Somebody else" if picked in known else _called(engine, picked)
        with st.container(gap=None):
            with st.popover(other, icon=":material/person_search:", width="stretch"):
                search_all(engine)
            if picked and picked in known:
                _bring_into_view(data={"picked": f"st-key-tile-{picked}"}, key="tiles.picked")


def offered(engine: Engine) -> tuple[Tile, ...]:
    """The tiles, nobody in particular first; none where nobody is known."""
    return _tiles(engine.settings.model_dump_json(), engine)


def _called(engine: Engine, shopper: str) -> str:
    return "New shopper" if shopper == NEW_SHOPPER else f"{engine.shop.people.one.capitalize()} {plain(shopper)}"


@st.cache_resource(show_spinner=False, max_entries=3)
def _tiles(settings: str, _engine: Engine) -> tuple[Tile, ...]:
    table = _engine.shoppers
    if table.empty:
        return ()
    featured = table[table[FEATURED] >= 0].sort_values(FEATURED)
    found = [_tile(row, _engine.shop) for _, row in featured.iterrows()]
    return (Tile(None, EVERYBODY, "what most buy"), *varied(found)[:SHOWN])


def varied(found: list[Tile]) -> list[Tile]:
    """The same tiles, one of each kind first, then the second ones."""
    seen: dict[str, int] = {}
    turn = []
    for place, tile in enumerate(found):
        seen[tile.kind] = seen.get(tile.kind, 0) + 1
        turn.append((seen[tile.kind], place))
    return [found[place] for _, place in sorted(turn)]


def _tile(row: pd.Series, shop: Shop) -> Tile:
    said = {name: str(row[name]) for name in shop.people.traits if isinstance(row[name], str) and row[name]}
    how_often, _, rest = str(row[LABEL]).partition(", ")
    for trait in reversed(said.values()):
        rest = rest.removesuffix(trait).removesuffix(", ")
    kind = shop.people.kind(said) or how_often
    return Tile(str(row[SHOPPER_ID]), kind[:1].upper() + kind[1:], rest or how_often.lower())
