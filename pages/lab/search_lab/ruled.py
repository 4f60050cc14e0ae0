"""The graded queries that came with the shop: their grades, and how the ways of searching do on them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.lab.search_lab import choices
from recsys.evaluation.search.graded import ABOUT, RuledGrades, graded_queries
from recsys.evaluation.search.lab import systems
from recsys.evaluation.search.lab_sets import SetRun, run_set

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from recsys.engine import Engine

NAME: Final = "Built in: graded by rules"  # of the set
COMPARED: Final = ("words", "meaning", "fusion")  # the others are about a shopper, or weights of one's own
MADE: Final = f"{ABOUT}; asked of the search as it is now. Sets and grades of your own come first."


def queries(engine: Engine) -> list[str]:
    """The queries, in the order of their file."""
    return [query.text for query in graded_queries(engine.shop)]


def grades(engine: Engine) -> RuledGrades:
    """What the rules say of the open catalogue, worked out once."""
    return _grades(engine.shop.name, engine.plan.versions["dataset"], engine)


@st.cache_resource(show_spinner=False, max_entries=4)
def _grades(shop: str, version: str, _engine: Engine) -> RuledGrades:
    return RuledGrades.of(graded_queries(_engine.shop), _engine.items, _engine.catalogue.kinds)


def run(engine: Engine) -> SetRun | None:
    """The set asked of the plain ways of searching, once as long as the engine is open; None where there is none."""
    return _run(engine.shop.name, repr(engine.plan.versions), engine) if queries(engine) else None


@st.cache_resource(show_spinner="Asking the graded queries…", max_entries=4)
def _run(shop: str, versions: str, _engine: Engine) -> SetRun:
    chosen = [system for name, system in systems().items() if name in COMPARED]
    return run_set(_engine.answer, NAME, queries(_engine), chosen, twins=choices.twins_of(_engine, "kind"))


def run_grades(engine: Engine, found: SetRun) -> dict[str, dict[str, int]]:
    """The grades by which that run is judged, those given here before those of the rules."""
    ruled, own = grades(engine), found.twins.grades(choices.grades())
    shown: dict[str, list[str]] = {query: [] for query in found.queries}
    for lists in found.found.values():
        for query, products in lists.items():
            shown[query] += [item for item, _ in products]
    return {query: ruled.for_lists(query, items) | own.get(query, {}) for query, items in shown.items()}


def query_grades(engine: Engine, query: str, shown: Collection[str], own: Mapping[str, int]) -> dict[str, int]:
    """The grades of one query by which lists that show these products are judged: own ones first."""
    return grades(engine).for_lists(query, shown) | dict(own)
