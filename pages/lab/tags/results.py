"""The tags as drawings and tables: products per label, how sure, disagreements, and how far each label holds."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from pages.lab.tags import choices
from pages.shared.drawing import draw
from pages.shared.tables import MOST_ROWS, export
from pages.shared.wording import count, cut, plain
from recsys import schema as s
from recsys.engine.given import AGREE, FOUND, GIVEN, LABEL, SAID, SHARE, Agreement, agreement, by_label

if TYPE_CHECKING:
    from pages.lab.tags.choices import Shown
    from recsys.engine import Engine
    from recsys.engine.tagging import Tagged
    from recsys.schema import Rows

BARS: Final = 15  # labels that are drawn; the table has all
MOST_PICTURES: Final = 200  # rows of the table that come with a picture, some kilobytes each
TAG, SURE, PICTURE = "tag", "confidence", "picture"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What the shop says of each product, where that is what its tag says, and the same by label."""

    said: list[str]
    agreement: Agreement
    labels: pd.DataFrame


def judged(engine: Engine, now: Shown, tagged: Tagged) -> Judged | None:
    """The tags beside what the shop says; None where they are compared with nothing."""
    request = now.request
    if not now.against or request is None:
        return None
    asked = (request.labels, request.templates, request.by)
    return _judged(engine.plan.versions["dataset"], asked, now.against, engine, tagged)


@st.cache_resource(show_spinner=False, max_entries=4)
def _judged(version: str, asked: tuple[Any, ...], against: str, _engine: Engine, _tagged: Tagged) -> Judged:
    given = _engine.given.of(against)
    found = agreement(_tagged, given)
    return Judged(given.said(), found, by_label(_tagged, found, given))


def results(engine: Engine, now: Shown, tagged: Tagged) -> None:
    """Two drawings, the products, the labels."""
    found = judged(engine, now, tagged)
    left, right = st.columns(2)
    with left:
        _bars(engine, tagged, found)
    with right:
        _sureness(engine, tagged, found)
    _products(engine, now, tagged, found)
    _labels(engine, now, tagged, found)


# --- drawings -----------------------------------------------------------------------------------------------


def _bars(engine: Engine, tagged: Tagged, found: Judged | None) -> None:
    from recsys.plots.tags import label_bars

    table = (by_label(tagged) if found is None else found.labels).head(BARS)
    parts = [("products", table[SAID].tolist())]
    if found is not None:
        agree, compared = table[AGREE], table["compared"]
        parts = [("as the shop says", agree.tolist()), ("otherwise", (compared - agree).tolist())]
        if (rest := table[SAID] - compared).any():
            parts.append(("the shop does not say", rest.tolist()))
    title = "Products by label" if len(tagged.labels) <= BARS else f"Products by label, the {BARS} largest"
    figure = label_bars(table[LABEL].tolist(), parts, title, engine.shop.money)
    draw(figure, "tags.bars", "Bars: how many products have each label, and how many of them the shop calls so.")


def _sureness(engine: Engine, tagged: Tagged, found: Judged | None) -> None:
    from recsys.plots.tags import confidence_bars

    sure = tagged.confidence
    parts = [("products", sure[tagged.there])]
    if found is not None:
        both = found.agreement
        parts = [("as the shop says", sure[both.agrees]), ("otherwise", sure[both.differs])]
        if (rest := tagged.there & ~both.compared).any():
            parts.append(("the shop does not say", sure[rest]))
    figure = confidence_bars(parts, "How sure the tags are", engine.shop.money)
    draw(figure, "tags.confidence", "Bars: how many tags are how sure, those that agree with the shop and the others.")


# --- tables -------------------------------------------------------------------------------------------------


def _products(engine: Engine, now: Shown, tagged: Tagged, found: Judged | None) -> None:
    """The disagreements, the surest first; without a comparison all products, the least sure first."""
    off = found is not None
    there = tagged.there if found is None else found.agreement.differs
    rows = np.flatnonzero(there)
    order = np.argsort(-tagged.confidence[rows] if off else tagged.confidence[rows], kind="stable")
    table = _table(engine, rows[order].astype(np.int32), now, tagged, found)
    title = "Disagreements, the surest first" if off else "All products, the least sure first"
    st.markdown(f"#### {title}")
    if table.empty:
        st.success("Nothing is tagged otherwise than the shop says.", icon=":material/check_circle:")
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        wanted = st.text_input(
            "Find", key=choices.seed_find(now.typed), on_change=choices.keep_find, icon=":material/search:",
            placeholder="a title, a value or a tag", max_chars=100, width=360,
        )  # fmt: skip
        table = _narrowed(table, str(wanted or ""))
        export(table.drop(columns=s.ITEM), "tags.csv", "tags.csv")
    if table.empty:
        st.info(f"None of them has “{plain(cut(str(wanted), 40))}” in it.", icon=":material/search_off:")
        return
    _show(engine, now, table)


def _table(engine: Engine, rows: Rows, now: Shown, tagged: Tagged, found: Judged | None) -> pd.DataFrame:
    """A row per product: its row, id, title, what the shop says, its tag, how sure."""
    known = engine.catalogue
    labels = np.asarray([*tagged.labels], dtype=object)
    table = pd.DataFrame({s.ITEM: rows, s.ITEM_ID: known.ids[rows].astype(str), s.TITLE: known.titles[rows]})
    if found is not None:
        table[now.against if now.against not in table else "given"] = [found.said[row] for row in rows]
    return table.assign(**{TAG: labels[tagged.best[rows]], SURE: tagged.confidence[rows].astype(float).round(4)})


def _narrowed(table: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """The rows in which each word is to be found somewhere, upper or lower case."""
    texts = table.drop(columns=[s.ITEM, s.ITEM_ID, SURE]).agg(" ".join, axis=1).str.casefold()
    for word in wanted.casefold().split():
        keep = texts.str.contains(word, regex=False)
        table, texts = table[keep], texts[keep]
    return table


def _show(engine: Engine, now: Shown, table: pd.DataFrame) -> None:
    pictures = [engine.picture(row) for row in table[s.ITEM].head(MOST_PICTURES)]
    seen = any(pictures)
    most = MOST_PICTURES if seen else MOST_ROWS
    part = table.head(most).drop(columns=[s.ITEM]).round({SURE: 2})
    if seen:
        part.insert(0, PICTURE, [_address(file) for file in pictures])
    st.dataframe(
        part,
        key="tags.products",
        hide_index=True,
        row_height=48 if seen else None,
        height=min(38 + (48 if seen else 35) * len(part), 460),
        column_config={
            PICTURE: st.column_config.ImageColumn("", width=52),
            s.ITEM_ID: None,
            s.TITLE: st.column_config.TextColumn("Product", width=200),
            now.against or "given": st.column_config.TextColumn(
                "The shop says", help=f"Its {plain(cut(now.against or 'value', 40))}", width=92
            ),
            TAG: st.column_config.TextColumn("Tag", width=92),
            SURE: st.column_config.NumberColumn("Confidence", format="percent", width=84, help=ABOUT_SURE),
        },
    )
    if len(table) > most:
        number = engine.shop.number
        st.caption(f"The first {number(most)} of {number(len(table))} are shown; the CSV holds all.")


ABOUT_SURE: Final = "By how much the label is ahead of all others: 100 % where no other comes near it."


def _address(file: bytes | None) -> str | None:
    return f"data:image/jpeg;base64,{b64encode(file).decode()}" if file else None


def _labels(engine: Engine, now: Shown, tagged: Tagged, found: Judged | None) -> None:
    """A row per label."""
    table = by_label(tagged) if found is None else found.labels
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"#### The {count(len(table), 'label', shop=engine.shop)}")
        export(table, "labels.csv", "tags.labels.csv")
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    st.dataframe(
        table.round({SURE: 2, SHARE: 2, FOUND: 2}),
        key="tags.by_label",
        hide_index=True,
        height=min(38 + 35 * len(table), 420),
        column_config={
            LABEL: text("Label", width=150),
            SAID: number("Products", format="localized", help="Tagged so"),
            SURE: number("Confidence", format="percent", help="The mean of its products"),
            "compared": None,
            AGREE: number("Agree", format="localized", help="Of them, those that the shop calls so too"),
            SHARE: number("Share", format="percent", help="Agree, of its products of which the shop says something"),
            GIVEN: number("The shop says", format="localized", help="Products that the shop calls so"),
            FOUND: number("Found", format="percent", help="Agree, of the products that the shop calls so"),
        },
    )
