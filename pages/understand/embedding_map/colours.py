"""What the colour of a product on the map means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import state
from pages.shared.wording import currency
from pages.understand.embedding_map.placed import placed
from recsys import schema as s
from recsys.plots import maps as drawing
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer

ATTRIBUTE: Final = "attribute"
COLOURS: Final = {
    "department": "Department",
    "price": "Price",
    "popularity": "Popularity",
    "similarity": "Similarity",
    ATTRIBUTE: "Attribute",
}
COLOUR_NEEDS: Final = {
    "department": Capability.DEPARTMENTS,
    "price": Capability.PRICES,
    ATTRIBUTE: Capability.ATTRIBUTES,
}
FIRST: Final = ("colour", "color")  # what is shown first of a shop's attributes


def offered(engine: Engine) -> dict[str, str]:
    """What colour can mean in this shop."""
    return {
        name: label
        for name, label in COLOURS.items()
        if (name not in COLOUR_NEEDS or engine.capabilities.has(COLOUR_NEEDS[name]))
        and (name != ATTRIBUTE or engine.attributes.names)
    }


def attribute(engine: Engine) -> str:
    """The attribute that colours the products; "" where the shop has none that could."""
    names, chosen = engine.attributes.names, str(state.choices()["attribute"])
    if chosen in names:
        return chosen
    return next((name for name in FIRST if name in names), names[0] if names else "")


def which_attribute(engine: Engine) -> None:
    """The select box of attributes, while one colours the map."""
    if state.choices()["colour"] == ATTRIBUTE and engine.attributes.names:
        state.choices()["attribute"] = attribute(engine)
        st.selectbox(
            "Which attribute",
            engine.attributes.names,
            key=state.seed_control("attribute", folded=True),
            format_func=str.capitalize,
            on_change=state.take_control,
            args=("attribute",),
            width=170,
        )


def colouring(engine: Engine, answer: Answer) -> drawing.Groups | drawing.Scale:
    """The colour of every product, as it is chosen."""
    by = state.choices()["colour"]
    if by == "price":
        pattern = engine.shop.money.short(1).replace("1", "{:g}")
        return drawing.logarithmic(engine.catalogue.prices, f"{currency(engine.shop)} (log scale)", pattern, 0.05)
    if by == "popularity":
        return drawing.logarithmic(engine.items[s.PURCHASES].to_numpy(float), "purchases (log scale)", "{:g}", 1)
    similar = engine.similarities(answer, placed(engine)) if by == "similarity" else None
    if similar is not None:
        return drawing.Scale(f"cosine to {similar.label}", similar.values)
    if by == ATTRIBUTE and (name := attribute(engine)):
        return drawing.by_value(engine.attributes.of(name), name)
    return drawing.by_department(engine.catalogue.departments, state.department_names(engine))
