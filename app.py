"""The shell of ShelfLens: page set-up and navigation. Pages live in sub-folders of `pages/`."""

from __future__ import annotations

import streamlit as st

from pages.components import shell

st.set_page_config(page_title="ShelfLens", page_icon="🔎", layout="wide", initial_sidebar_state=250)
st.logo("pages/components/wordmark.svg", size="large")
storefront = st.Page(
    "pages/shop/storefront.py",
    title="Storefront",
    icon=":material/storefront:",
    default=True,
)
embedding_map = st.Page(
    "pages/understand/embedding_map.py",
    title="Embedding map",
    icon=":material/scatter_plot:",
)
catalogue_health = st.Page(
    "pages/understand/catalogue_health.py",
    title="Catalogue health",
    icon=":material/monitor_heart:",
)
leaderboard = st.Page(
    "pages/lab/leaderboard.py",
    title="Leaderboard",
    icon=":material/leaderboard:",
)
models = st.Page(
    "pages/lab/models.py",
    title="Models",
    icon=":material/model_training:",
)
search_lab = st.Page(
    "pages/lab/search_lab.py",
    title="Search lab",
    icon=":material/science:",
)
page = st.navigation(
    {"": [storefront, embedding_map, catalogue_health], "Lab": [search_lab, leaderboard, models]}, position="top"
)
shell.run(page.run, tuned=page in (storefront, embedding_map))
