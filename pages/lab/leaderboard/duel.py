"""Two recommenders side by side: slice by slice, and for the shoppers for whom they differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.lab.leaderboard import choices
from pages.lab.leaderboard.means import means
from pages.lab.leaderboard.wording import metric_axis, metric_label, protocol_tag, slicing_words
from pages.shared import state
from pages.shared.drawing import draw
from pages.shared.pickers import select
from pages.shared.significance import surely
from pages.shared.wording import count, cut, plain
from recsys.errors import ArtifactError
from recsys.evaluation import reading
from recsys.schema import SHOPPER_ID

if TYPE_CHECKING:
    from pages.lab.leaderboard.choices import Shown
    from recsys.engine import Engine
    from recsys.evaluation.reading import Visit
    from recsys.schema import Rows

STOREFRONT = "pages/shop/storefront/page.py"
LISTED = 10  # items of a list, as the metrics at 10 judge it
TAKEN_NAMED = 15  # items that were taken, by name


def duel(engine: Engine, now: Shown) -> None:
    """The pair, its slices, and its shoppers."""
    if len(now.names) < 2:
        return
    model, against = choices.pair(now)
    st.markdown("#### Two recommenders side by side")
    left, right = st.columns(2)
    with left:
        select("model", "This one", list(now.names), model, now.names, void=("visit",))
    with right:
        others = [name for name in now.names if name != model]
        select("against", "Against", others, against, now.names, void=("visit",))
    if now.run.built_in:
        means(now, model, against)
        return
    try:
        table = choices.slices(now, now.metric, against)
        if table.empty:
            st.info(
                f"{metric_label(now.metric)} has no value per shopper; pick another metric above to compare slices "
                "and shoppers.",
                icon=":material/info:",
            )
            return
        way = _slices(now, table, model, against)
        _shoppers(engine, now, model, against, way)
    except ArtifactError as error:
        st.warning(f"Shoppers cannot be compared: {plain(error.one_line())}", icon=":material/report:")


# --- slices -------------------------------------------------------------------------------------------------


def _slices(now: Shown, table: pd.DataFrame, model: str, against: str) -> str:
    from recsys.plots.leaderboard import slice_differences

    ways = list(dict.fromkeys(table["slicing"]))
    way = choices.slicing(ways)
    choices.slicing_picker(ways, way)
    rows = table[(table["slicing"] == way) & (table["model"] == model)]
    title = f"{metric_label(now.metric)} by slice: {slicing_words(way)}"
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        unit = metric_axis(now.metric).replace(" (0 to 1)", "; (on a scale of 0 to 1)")
        axis = f"difference in {unit}; {protocol_tag(now.report)}"
        figure = slice_differences(rows, title, axis, state.open_shop().money)
        draw(figure, "leaderboard.slices", "The difference in each slice with its interval; right of 0 is ahead.")
        small = int((~rows["comparable"]).sum())
        slices = count(small, "slice", shop=state.open_shop())
        grey = f" Grey: {slices} of fewer than 30 shoppers, too small to compare." if small else ""
        st.caption(
            f"Right of 0 {plain(now.names[model])} is ahead, left of it {plain(now.names[against])}; blue may "
            f"be luck, as many slices are looked at.{grey}"
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Wins and losses, shopper by shopper**")
        st.dataframe(
            _wins(rows),
            key="leaderboard.wins",
            hide_index=True,
            column_config=WINS,
            height=min(38 + 35 * len(rows), 458),
        )
        st.caption(
            "A win: its list was better for that shopper. Most shoppers get lists that are equally good, or "
            "equally empty of hits. p is corrected for all slices and recommenders."
        )
    return way


_number = st.column_config.NumberColumn
WINS: dict[str, Any] = {
    "slice": st.column_config.TextColumn("Slice", width=140, pinned=True),
    "count": _number("Shoppers", format="localized"),
    "wins": _number("Wins", format="localized", help="Shoppers for whom the first recommender is better"),
    "ties": _number("Ties", format="localized"),
    "losses": _number("Losses", format="localized", help="Shoppers for whom the second recommender is better"),
    "mean": _number("This one", format="%.4f", help="Mean of the first recommender"),
    "against_mean": _number("Against", format="%.4f", help="Mean of the second recommender"),
    "difference": _number("Difference", format="%+.4f"),
    "luck": st.column_config.TextColumn("More than luck?"),
}


def _wins(rows: pd.DataFrame) -> pd.DataFrame:
    judged = zip(rows["p"], rows["comparable"], strict=True)
    said = [surely(p) if enough else "too few" for p, enough in judged]
    kept = ["slice", "wins", "ties", "losses", "difference", "count", "mean", "against_mean"]
    out = rows[kept].copy()
    out.insert(kept.index("count"), "luck", said)
    return out


# --- shoppers -----------------------------------------------------------------------------------------------


def _shoppers(engine: Engine, now: Shown, model: str, against: str, way: str) -> None:
    names = {choices.EVERYBODY: "everybody", **{str(n): str(n) for n in choices.names_of(now, way)}}
    slice_ = choices.slice_of(list(names))
    st.markdown("#### Shoppers for whom they differ most")
    select("slice", f"Among, by {slicing_words(way)}", list(names), slice_, names, void=("visit",))
    found = reading.farthest_apart(now.run, now.metric, model, against, slicing=way, slice_=slice_)
    if found.empty:
        st.info("Their lists are equally good for every shopper here.", icon=":material/balance:")
        return
    ours = named_by(engine, now)
    chosen = choices.visit(found["visit"].tolist())
    left, right = st.columns([45, 55], gap="medium")
    with left:
        _apart(now, found, model, against, linked=ours)
    with right, st.container(border=True):
        _shelves(engine if ours else None, now, reading.visit(now.run, chosen, (model, against)))


def named_by(engine: Engine, now: Shown) -> bool:
    """Whether the items and shoppers of the run are those of the catalogue that is open."""
    source = now.report["source"]
    return (source.get("dataset"), source.get("version")) == (
        engine.dataset_info["name"],
        engine.plan.versions["dataset"],
    )


def _apart(now: Shown, found: pd.DataFrame, model: str, against: str, *, linked: bool) -> None:
    """A table in which a click on a row shows that shopper's lists."""
    rows = found[[SHOPPER_ID, "difference", "model", "against"]].copy()
    if linked:
        rows.insert(1, "shelf", [f"/?shopper={shopper}" for shopper in rows[SHOPPER_ID]])
    visits = found["visit"].tolist()

    def look() -> None:
        picked = st.session_state["leaderboard.apart"]["selection"]["rows"]
        if picked:
            state.choose(visit=str(visits[picked[0]]))

    columns = {
        SHOPPER_ID: st.column_config.TextColumn("Shopper"),
        "shelf": st.column_config.LinkColumn("Storefront", display_text="open", help="This shopper's shelf"),
        "difference": _number("Difference", format="%+.3f", help=metric_label(now.metric)),
        "model": _number(cut(now.short[model], 22), format="%.3f"),
        "against": _number(cut(now.short[against], 22), format="%.3f"),
    }
    st.dataframe(
        rows,
        key="leaderboard.apart",
        hide_index=True,
        column_config=columns,
        on_select=look,
        selection_mode="single-row",
        height=38 + 35 * len(rows),
    )
    st.caption("Click the box of a row for both lists. First where the first one is better, then the other way round.")


def _shelves(engine: Engine | None, now: Shown, visit: Visit) -> None:
    """Both lists of one visit, hits marked, and what was really taken."""
    who = engine.shop.people.one if engine else "shopper"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**What {who} {plain(visit.shopper)} was shown**")
        if engine:
            st.page_link(
                STOREFRONT,
                label=f"Open {who} {plain(visit.shopper)}’s shelf",
                icon=":material/storefront:",
                query_params={"shopper": visit.shopper} | ({} if state.is_default() else {"shop": engine.shop.name}),
            )
    ids = () if engine else _ids(now)
    for column, model in zip(st.columns(len(visit.lists)), visit.lists, strict=True):
        with column:
            top = visit.lists[model][:LISTED]
            hits = count(int(np.isin(top, visit.taken).sum()), "hit", shop=state.open_shop())
            st.markdown(f"**{plain(now.names[model])}**  \n:small[{hits} in {len(top)}]")
            lines = _lines(engine, ids, top, visit.taken)
            st.markdown("\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1)))
    seen = np.concatenate([top[:LISTED] for top in visit.lists.values()])
    shop = state.open_shop()
    missed = visit.taken[~np.isin(visit.taken, seen)]
    st.caption(
        f"Really taken: {count(len(visit.taken), 'item', shop=shop)}. In neither list: "
        + (", ".join(_names(engine, ids, missed[:TAKEN_NAMED])) or "none")
        + (f" and {shop.number(len(missed) - TAKEN_NAMED)} more" if len(missed) > TAKEN_NAMED else "")
        + "."
    )
    if engine is None:
        called = "the file's own ids" if ids else "their row, counted from 0"
        st.caption(f"The items of this run have no names here: they are called by {called}.")


def _ids(now: Shown) -> tuple[str, ...]:
    try:
        return now.run.item_ids()
    except ArtifactError:  # the rows say less, and are there
        return ()


def _lines(engine: Engine | None, ids: tuple[str, ...], rows: Rows, taken: Rows) -> list[str]:
    hits = np.isin(rows, taken)
    return [f"**:green[✓ {name}]**" if hit else name for name, hit in zip(_names(engine, ids, rows), hits, strict=True)]


def _names(engine: Engine | None, ids: tuple[str, ...], rows: Rows) -> list[str]:
    if engine is None:
        return [f"item {plain(ids[row]) if ids else row}" if row >= 0 else "nothing" for row in rows.tolist()]
    known = engine.catalogue
    return [
        f"{known.icons[row]} {plain(cut(str(known.titles[row]), 48))}" if row >= 0 else "nothing"
        for row in rows.tolist()
    ]
