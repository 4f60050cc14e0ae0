"""How far pictures lie from the texts of the same products, before one space was learned and in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.drawing import draw
from pages.shared.wording import count
from recsys.plots.gap import gap_figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys.engine import Engine
    from recsys.shops.contract import Shop

SOURCES = (
    "After fusion a text is all that the shop says of a product: its text, attributes and price. Most of these "
    "products are those that the space was learned from; Models has the figures of those kept out of it. Distance "
    "between the centres of unit vectors: Liang et al., *Mind the gap*, NeurIPS 2022. Neighbours in common: Huh et "
    "al., *The platonic representation hypothesis*, ICML 2024."
)


def gap(engine: Engine) -> None:
    """Two sentences, two pictures and the figures; nothing where there are no pictures."""
    found = engine.modality_gap
    if not found:
        return
    with st.expander("Do words and pictures meet? The gap between them", icon=":material/compare_arrows:"):
        st.markdown(said(found, engine.shop.number(found["products"])))
        left, right = st.columns([58, 42], gap="medium", vertical_alignment="center")
        with left:
            draw(gap_figure(found), "map.gap", "Texts and pictures of the same products, before and after fusion.")
        right.markdown(table(found))
        st.markdown(lacking(found, engine.shop))
        st.caption(SOURCES)


def said(found: Mapping[str, Any], products: str) -> str:
    """What the figures mean, in two sentences."""
    before, after = found["before"], found["after"]
    nearer = after["distance"] < before["distance"]
    return (
        "**Before**, two encoders have no axis in common: every text is at right angles to every picture, and the "
        f"centres of the two clouds are {before['distance']:.2f} apart. **After**, in the space that was learned from "
        f"both, they are {after['distance']:.2f} apart{'' if nearer else ', no nearer than before'}, and a text has "
        f"its own picture among the nearest {found['among']} of {products} for {after['found']:.0%} of the "
        f"products (by chance {found['chance']:.1%})."
    )


def lacking(found: Mapping[str, Any], shop: Shop) -> str:
    """What is missing, and what it costs."""
    missing, among = found["missing"], found["among"]
    without = missing["without_picture"]
    have = "has" if without == 1 else "have"
    lack = f"{count(without, 'product', shop=shop)} of this shop {have} no picture"
    words, picture = (missing[name] * among for name in ("kept_by_words", "kept_by_picture"))
    return (
        "**Where something is missing**, the rest places a product. "
        f"{lack if without else 'No product of this shop lacks a picture'}: by what the shop says alone one keeps "
        f"{words:.1f} of its {among} nearest products, by a picture alone {picture:.1f}."
    )


def table(found: Mapping[str, Any]) -> str:
    """The figures as Markdown."""
    before, after = found["before"], found["after"]
    rows = [
        ("Distance between the centres", "distance", "{:.2f}"),
        ("Cosine of a text with its own picture", "own", "{:.2f}"),
        ("Cosine with the picture of another product", "other", "{:.2f}"),
        (f"Own picture among the nearest {found['among']}", "found", "{:.0%}"),
        (f"Of {found['among']} neighbours by text, neighbours by picture too", "agreed", "{:.0%}"),
    ]
    lines = [f"| {label} | {form.format(before[name])} | {form.format(after[name])} |" for label, name, form in rows]
    return "\n".join(["| | before | after |", "| :-- | --: | --: |", *lines])
