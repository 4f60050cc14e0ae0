"""The shell of ShelfLens: page set-up and navigation. Pages live in sub-folders of `pages/`."""

from __future__ import annotations

import streamlit as st

from pages.shared import shell

st.set_page_config(page_title="ShelfLens", page_icon="🔎", layout="wide", initial_sidebar_state=250)
st.logo("pages/shared/wordmark.svg", size="large")
storefront = st.Page(
    "pages/shop/storefront/page.py",
    title="Storefront",
    default=True,
)
embedding_map = st.Page(
    "pages/understand/embedding_map/page.py",
    url_path="embedding_map",
    title="Map",
)
why = st.Page(
    "pages/understand/why/page.py",
    url_path="why",
    title="Why",
)
portrait = st.Page(
    "pages/understand/portrait/page.py",
    url_path="portrait",
    title="Portrait",
)
segments = st.Page(
    "pages/understand/segments/page.py",
    url_path="segments",
    title="Segments",
)
catalogue_health = st.Page(
    "pages/understand/catalogue_health/page.py",
    url_path="catalogue_health",
    title="Data",
)
diversity = st.Page(
    "pages/understand/diversity/page.py",
    url_path="diversity",
    title="Diversity",
)
compare = st.Page(
    "pages/understand/compare/page.py",
    url_path="compare",
    title="Compare",
)
cold_start = st.Page(
    "pages/understand/cold_start/page.py",
    url_path="cold_start",
    title="Cold start",
)
basket = st.Page(
    "pages/business/basket/page.py",
    url_path="basket",
    title="Basket",
)
offers = st.Page(
    "pages/business/offers/page.py",
    url_path="offers",
    title="Offers",
)
ads = st.Page(
    "pages/business/ads/page.py",
    url_path="ads",
    title="Ads",
)
stock = st.Page(
    "pages/business/stock/page.py",
    url_path="stock",
    title="Stock",
)
reviews = st.Page(
    "pages/business/reviews/page.py",
    url_path="reviews",
    title="Reviews",
)
live_learning = st.Page(
    "pages/understand/live_learning/page.py",
    url_path="live_learning",
    title="Learning",
)
leaderboard = st.Page(
    "pages/lab/leaderboard/page.py",
    url_path="leaderboard",
    title="Leaderboard",
)
models = st.Page(
    "pages/lab/models/page.py",
    url_path="models",
    title="Models",
)
search_lab = st.Page(
    "pages/lab/search_lab/page.py",
    url_path="search_lab",
    title="Search lab",
)
tags = st.Page(
    "pages/lab/tags/page.py",
    url_path="tags",
    title="Tags",
)
# without icons, so that all names stand in one line on a laptop; in one list: sections would stand as no items of
# the list that a phone's menu is, where a screen reader loses count
page = st.navigation(
    [
        storefront, why, compare, diversity, portrait, segments, cold_start, basket, offers, ads, stock, reviews,
        live_learning, embedding_map, catalogue_health, search_lab, tags, leaderboard, models,
    ],
    position="top",
)  # fmt: skip
# by name: where a process that draws pictures reads this file too, no page has a title
REPORTED = {
    "why": "Why",
    "compare": "Compare",
    "diversity": "Diversity",
    "portrait": "Portrait",
    "segments": "Segments",
    "cold_start": "Cold start",
    "basket": "Basket",
    "offers": "Offers",
    "ads": "Ads",
    "stock": "Stock",
    "reviews": "Reviews",
    "live_learning": "Learning",
    "embedding_map": "Map",
}
shell.run(
    page.run,
    name=page.url_path,
    title=REPORTED.get(page.url_path, ""),
    tuned=page in (storefront, why, embedding_map),
    reported=page.url_path in REPORTED,
)
