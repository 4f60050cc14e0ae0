"""The analyst's side of the shelf: score parts, similarities and a small map, drawn after the cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.drawing import draw
from pages.shared.wording import cut, plain
from recsys.errors import ShelfLensError
from recsys.schema import Answer, Floats

if TYPE_CHECKING:
    from recsys.engine import Engine

MAP_PAGE = "pages/understand/embedding_map/page.py"


def beside_the_shelf(engine: Engine, answer: Answer) -> None:
    """The three charts of an answer."""
    from recsys.plots.shelf import score_parts

    with st.container(border=True):
        draw(
            score_parts(answer.items, engine.parts),
            "chart.parts",
            "Stacked bars: the parts of each product's score, in rank order.",
        )
        st.caption("Longer is better. The colours are the same in the thin bar on each card.")
    _histogram(engine, answer)
    _map(engine, answer)


def _histogram(engine: Engine, answer: Answer) -> None:
    from recsys.plots.shelf import similarity_histogram

    similar = engine.similarities(answer)
    if similar is None:
        return
    with st.container(border=True):
        figure = similarity_histogram(
            similar.values,
            answer.items,
            {"query": "the query"}.get(similar.to, "the shopper's taste"),
            engine.shop.money,
        )
        draw(
            figure,
            "chart.similarity",
            "Histogram of the similarity of all products; those on the shelf are marked.",
        )
        st.caption("1 means the same, 0 nothing in common. Diamonds are on the shelf; grey bars are all products.")


def _map(engine: Engine, answer: Answer) -> None:
    from recsys.plots.shelf import small_map

    planes = {info.method: info for info in engine.maps() if info.dims == 2}
    if not planes:
        return
    plane = next((planes[method] for method in ("umap", "tsne", "pca") if method in planes), None)
    if plane is None:
        return
    with st.container(border=True):
        try:
            positions = engine.map_positions(plane.method, 2)
            figure = small_map(
                positions,
                answer.items,
                _places(engine, answer, plane.method),
                _names(answer),
            )
        except ShelfLensError as error:
            st.info(f"The map is not there: {plain(error.one_line())}")
            return
        draw(
            figure,
            "chart.map",
            "A plane of all products, with those on the shelf, the query and the shopper marked.",
        )
        st.caption(
            "Near on the map means similar in meaning. The query and the shopper are placed among their neighbours."
        )
        st.page_link(MAP_PAGE, label="Open the full map", icon=":material/map:")


def _places(engine: Engine, answer: Answer, method: str) -> dict[str, Floats]:
    import numpy as np

    vectors = answer.vectors
    if not vectors:
        return {}
    spots = engine.place(method, 2, np.stack(list(vectors.values())))  # (m, 2)
    return dict(zip(vectors, spots, strict=True))


def _names(answer: Answer) -> dict[str, str]:
    return {
        "query": f"“{cut(answer.request.query.strip(), 24)}”",
        "shopper": "the shopper's taste",
    }
