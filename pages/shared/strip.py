"""What the engine did, from all products to the shelf, and how long each step took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import state
from pages.shared.wording import count, cut, drawn, plain
from recsys.plots.card import funnel_svg
from recsys.plots.style import QUERY
from recsys.schema import NEW_SHOPPER, Answer, Stage

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.shops.contract import Shop

STAGE_WIDTH = 112  # pixels: two rows at most on a laptop, three stages in a row on a phone
ONE_ROW = 8  # cells that fit beside each other on a laptop

FUNNEL = (
    "From left to right, each step as wide as the time it took. Its height is the number of products it saw (left) and "
    "kept (right), on a logarithmic scale; each way of finding candidates looks at the whole shop."
)


def headline(answer: Answer, label: str, engine: Engine) -> None:
    """What the shelf below answers and who the shopper is, in one line."""
    who = f" :small[:gray[{plain(label)}]]" if label and state.xray() else ""
    said = f"**{count(len(answer.items), 'product', shop=engine.shop)} {_for(answer, engine)}**{who}"
    st.markdown(said, width="stretch")


def guessed(answer: Answer) -> bool:
    """Whether what is shown is only the nearest to what was typed, as its cards say."""
    return any("guess" in item.facts for item in answer.items)


def _for(answer: Answer, engine: Engine) -> str:
    people, request = engine.shop.people, answer.request
    query = f"“{plain(cut(request.query.strip(), 60))}”" if request.query.strip() else ""
    known = f"{people.one} {plain(str(request.shopper))}"
    shopper = {None: "", NEW_SHOPPER: "a new shopper"}.get(request.shopper, known)
    if request.looks is not None:
        like = "that look like the picture"
        return f"{like}, for {query}" if query else like
    where = f" in {plain(cut(', '.join(request.departments), 60))}" if request.departments else ""
    if query and guessed(answer):
        return f"nearest to {query}{f', for {shopper}' if shopper else ''}{where}"
    if query and shopper:
        return f"for {query} and {shopper}{where}"
    if query or shopper:
        return f"for {query or shopper}{where}"
    if answer.movement is not None:
        return f"for you, by what you pressed{where}"
    return f"of the catalogue{where}" if engine.shoppers.empty else f"that most {people.many} buy{where}"


def stages(answer: Answer, shop: Shop) -> None:
    """The funnel, and one cell per stage: its name, how many products went in and came out, and milliseconds."""
    if not answer.stages:
        return
    total = sum(stage.ms for stage in answer.stages)
    most = max(stage.seen for stage in answer.stages)
    cells = len(answer.stages)
    columns = cells if cells <= ONE_ROW else (cells + 1) // 2
    way = f"{shop.number(most)} → {shop.number(len(answer.items))} in {total:.1f} ms"
    with st.container(border=True):
        st.markdown(f"**{way}** :small[:gray[· {count(cells, 'step', shop=shop)}]]", help=FUNNEL)
        st.markdown(drawn(funnel_svg(answer.stages, QUERY), f"Funnel of {cells} steps: {way}"))
        with st.grid(min(columns, 24), min_column_width=STAGE_WIDTH, gap="xsmall"):
            for stage in answer.stages:
                _cell(stage, shop)


def _cell(stage: Stage, shop: Shop) -> None:
    """What a stage did, in words; the technical term and the detail on hover."""
    words, _, term = stage.label.partition(" (")
    came, went = shop.number(stage.seen), shop.number(stage.kept)
    moved = f"{came} → {went}" if stage.seen != stage.kept else went
    kept = f"**:small[{moved}]** " if stage.seen > 1 else ""
    hover = ". ".join(text for text in (term.rstrip(")"), stage.detail) if text)
    st.markdown(f":small[{plain(words)}]  \n{kept}:small[:gray[{stage.ms:.1f} ms]]", help=plain(hover) or None)


def notes(messages: tuple[str, ...] | list[str], icon: str = ":material/info:") -> None:
    """Every fallback that was taken, in plain words."""
    if messages:
        st.info("  \n".join(plain(message) for message in messages), icon=icon)


def nothing_found(answer: Answer) -> None:
    """The empty shelf: why it may be empty and what to try."""
    with st.container(border=True):
        st.markdown("### :material/search_off: Nothing fits")
        st.write("No product is left for this request. Try fewer or other words, or clear the filters.")
        if answer.request.kept:
            st.caption(plain("Filtered to: " + ", ".join(answer.request.kept)))
