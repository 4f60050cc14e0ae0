"""What answers people now: the prepared files with their figures, and the cards that say what each model is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.models.wording import size
from pages.shared import state
from pages.shared.wording import plain, seconds

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.inventory import Prepared
    from recsys.shops.contract import Shop

WHAT: Final = {
    "dataset": "Data set", "encoder": "Text encoder", "vectors": "Product vectors", "lexical": "Word index",
    "maps": "Maps", "order": "Learned order", "understanding": "Query reading", "languages": "Other languages",
    "pictures": "Pictures", "picture_encoder": "Picture encoder", "picture_features": "Pictures looked at",
    "fusion": "Pictures and words", "picture_maps": "Maps of pictures", "interests": "Shoppers there",
    "things": "Things on photographs", "baskets": "Bought together", "review_heads": "Reading of moods",
    "reviews": "Reviews", "offers": "Coupons", "promotions": "Displays and mailers", "demand": "Demand ahead",
}  # fmt: skip
# What is said first of each, by the names its builder gave it: {} stands for the figure.
SAYINGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "dataset": (("shoppers", "{} shoppers"), ("items", "{} items"), ("events", "{} purchases"),
                ("baskets", "{} baskets")),
    "encoder": (("name", "{}, pretrained"), ("dimension", "{} numbers per text"), ("served_by", "served by {}")),
    "vectors": (("texts", "{} texts"), ("dimension", "{} numbers each"), ("encoder", "by {}")),
    "lexical": (("documents", "{} texts"), ("words", "{} words (BM25)")),
    "understanding": (("items", "words, brands, sizes and prices of {} items"),),
    "languages": (("words", "{} words that tell a language"), ("texts", "{} product names"),
                  ("encoder", "by {}"), ("off", "off: {}")),
    "order": (("learned_from", "from {} visits"), ("shoppers", "for {} {many}"),
              ("why", "nothing was learned: {}")),
    "pictures": (("pictures", "{} pictures"), ("items", "of {} items"), ("unread", "{} could not be had")),
    "picture_encoder": (("name", "{}, pretrained"), ("dimension", "{} numbers per picture")),
    "things": (("names", "{} kinds of things by name"), ("encoder", "known to {}")),
    "picture_features": (("pictures", "{} distinct pictures"), ("dimension", "{} numbers each"), ("encoder", "by {}")),
    "interests": (("shoppers", "{} shoppers in the space of pictures and words"),
                  ("validation_ndcg@10", "nDCG@10 {} on baskets kept back")),
    "fusion": (("items", "{} items in one space"), ("kinds", "of {}"), ("off", "off: {}")),
    "picture_maps": (("maps", "{} planes and spaces on which near means look alike"),
                     ("without", "{} items without a picture"), ("off", "off: {}")),
    "maps": (("maps", "{} planes and spaces on which near means alike"),),
    "baskets": (("baskets", "from {} baskets"), ("pairs", "{} pairs beyond chance")),
    "review_heads": (("sentences", "{} sentences of other shops’ reviews"), ("worded", "{} with their words alone")),
    "reviews": (("reviews", "{} reviews read"),),
    "offers": (("campaigns", "{} campaigns of coupons"), ("why", "off: {}")),
    "promotions": (("effects", "{} effects measured"), ("series", "on {} series"), ("weeks", "of {} weeks")),
    "demand": (("weeks", "from {} weeks"), ("off", "off: {}")),
}  # fmt: skip
NAMES: Final = {"minilm": "all-MiniLM-L6-v2"}  # as its makers call it
SKIPPED: Final = ("fingerprint", "sha256", "version")
FACTS: Final = 6  # facts in a line; all of them are below the table
COLUMNS: Final[dict[str, Any]] = {
    "what": st.column_config.TextColumn("What", width=150, pinned=True),
    "facts": st.column_config.TextColumn("In figures", width="large"),
    "when": st.column_config.DatetimeColumn("Made (UTC)", format="D MMM YYYY, HH:mm"),
    "took": st.column_config.TextColumn("Took"),
    "size": st.column_config.TextColumn("On disk"),
}


def in_use(engine: Engine) -> None:
    """The prepared files in a table."""
    from recsys.engine.inventory import prepared_files

    found = prepared_files(engine.plan)
    st.markdown("#### Models in use")
    table = pd.DataFrame(
        {
            "what": [WHAT.get(each.name, each.label) for each in found],
            "facts": [facts(each, engine.shop) for each in found],
            "when": [None if each.made_at is None else pd.Timestamp(each.made_at, unit="s") for each in found],
            "took": ["" if each.made_at is None else seconds(each.seconds) for each in found],
            "size": ["" if each.made_at is None else size(each.size) for each in found],
        }
    )
    height = 38 + 35 * len(table)
    st.dataframe(table, key="models.in_use", hide_index=True, column_config=COLUMNS, height=height, placeholder="")
    command = "make prepare" if state.is_default() else f"make prepare SHOP={engine.shop.name}"
    st.caption(
        f"These files answer everybody, from the data to the shelf; `{command}` makes them. What is trained "
        "below is for study and comparison: it changes no shelf."
    )


def facts(prepared: Prepared, shop: Shop) -> str:
    """The figures of an artefact on one line."""
    if prepared.made_at is None:
        return "not made"
    known = {name: NAMES.get(str(value), value) for name, value in prepared.facts.items()}
    said = [
        words.replace("{many}", shop.people.many).format(_value(known[name], shop))
        for name, words in SAYINGS.get(prepared.name, ())
        if known.get(name, "") != ""
    ]
    if not said:
        said = [
            f"{name.replace('_', ' ')} {_value(value, shop)}"
            for name, value in known.items()
            if not name.endswith(SKIPPED)
        ][:FACTS]
    if prepared.ndcg is not None:
        said.insert(0, f"nDCG@10 {prepared.ndcg:.4f}, cross-validated")
    return " · ".join(said)


def _value(value: str | int | float | bool, shop: Shop) -> str:
    if isinstance(value, bool | str):
        return str(value)
    return shop.number(value) if isinstance(value, int) else f"{value:,.4g}"


def more(engine: Engine) -> None:
    """The cards of all models and data, and what the prepared files say of themselves in full."""
    from recsys.engine.inventory import cards, prepared_files

    st.markdown("#### More about models and data")
    left, right = st.columns(2)
    with left, st.expander("Model and data cards: purpose, training data, limits", icon=":material/description:"):
        texts = cards()
        if texts:
            chosen = st.selectbox("Card", list(texts), key="models.card")
            st.markdown(texts[str(chosen)])
        else:
            st.caption("There are no cards in data/cards.")
    with right, st.expander("All that the files say of themselves", icon=":material/data_object:"):
        for each in prepared_files(engine.plan):
            st.markdown(f"**{plain(WHAT.get(each.name, each.label))}** :small[:gray[{plain(each.label)}]]")
            st.json(each.info, expanded=False)
