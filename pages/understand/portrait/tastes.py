"""Several tastes in one person, what each would be shown, and the way of the taste over the map."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st

from pages.shared.drawing import draw
from pages.shared.wording import cut, plain

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Request

SAMPLES: Final = 3  # products that stand for a group
NEAREST: Final = 5  # products that a group would be shown
NAME_LENGTH: Final = 48


@st.cache_data(show_spinner="Looking for groups in what was bought…", max_entries=64)
def _found(settings: str, request: Request, _engine: Engine) -> Any:
    """(products (u,), vectors (g, d), shares (g,), group of each product (u,), silhouette); None for nothing."""
    found = _engine.portraits.tastes(request)
    if found is None:
        return None
    items, groups = found
    return items, groups.vectors, groups.shares, groups.of, groups.silhouette


def tastes(engine: Engine, request: Request) -> None:
    """The groups of what was bought, and the path."""
    found = _found(engine.settings.model_dump_json(), request, engine)
    if found is None:
        return
    items, vectors, shares, of, silhouette = found
    one = len(vectors) == 1
    st.markdown("##### One taste" if one else f"##### {len(vectors)} tastes in one person")
    st.caption(
        "What was bought lies in one cloud: one interest vector says it all."
        if one
        else "What was bought falls into groups of products alike in meaning (k-means; mean silhouette "
        f"{silhouette:.2f} of 1). Each has an interest vector of its own; their mean would lie where nothing is liked."
    )
    words = [_words(engine, items, of, at) for at in range(len(vectors))]
    for column, at in zip(st.columns(len(vectors), gap="medium"), range(len(vectors)), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{shares[at]:.0%}** {plain(words[at])}")
            near = engine.portraits.nearest(vectors[at], NEAREST, items)
            shown = [f"- {plain(cut(str(engine.catalogue.titles[row]), NAME_LENGTH))}" for row in near]
            st.caption("Nearest that was never bought:")
            st.markdown("\n".join(shown))
    _path(engine, request, vectors, [f"{share:.0%} {cut(name, 30)}" for share, name in zip(shares, words, strict=True)])


def _words(engine: Engine, items: Any, of: Any, group: int) -> str:
    """What a group is called: its most frequent categories, or some of its products."""
    rows = items[of == group]
    codes, names = engine.portraits.categories
    known = codes[rows][codes[rows] >= 0]
    if len(known):
        counted = np.bincount(known)
        return ", ".join(str(names[each]) for each in np.argsort(-counted, kind="stable")[:SAMPLES] if counted[each])
    return ", ".join(cut(str(engine.catalogue.titles[row]), 24) for row in rows[:SAMPLES])


def _path(engine: Engine, request: Request, groups: Any, names: list[str]) -> None:
    """The way of the taste over the map of words, where it is drawn."""
    method = next(
        (info.method for want in ("umap", "tsne", "pca") for info in engine.maps() if info.method == want), ""
    )
    way = engine.portraits.path(str(request.shopper))
    if not method or way is None:
        return
    from recsys.plots.portrait import taste_path

    days, vectors = way
    spots = engine.place(method, 2, np.concatenate([vectors, groups]).astype(np.float32))
    first = engine.portraits.first_day
    said = [f"until {first + timedelta(days=int(day)):%d %b %Y}" if first else f"until visit {day + 1}" for day in days]
    with st.container(border=True):
        figure = taste_path(engine.map_positions(method, 2), spots[: len(days)], said, spots[len(days) :], names)
        draw(
            figure, "portrait.path", f"The mean of what was bought in {len(days)} stretches of the history, on the map."
        )
        st.caption(
            "Each point is the mean of a stretch of the history with equally many purchases, placed among its nearest "
            "products. Diamonds are the tastes of today."
        )
