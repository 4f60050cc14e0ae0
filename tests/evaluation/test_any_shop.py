"""The leaderboard on every shop: each recommender that suits it is judged, and what the shop lacks is said."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.errors import BadRequestError
from recsys.evaluation.problems import Problem, of_dataset
from recsys.evaluation.protocol import Protocol
from recsys.evaluation.results import summed_up
from recsys.evaluation.running import Run
from recsys.ranking.models import chosen_names
from recsys.schema.capabilities import Capability

QUICK = ("pctm", "seq-rules", "most-popular")


def problem_of(engine: Engine, name: str = "next-basket") -> Problem:
    protocol = Protocol(name, "strict", keep_seen=True)
    return of_dataset(protocol, engine.plan.open("dataset"), engine.plan.open("vectors"))


def test_who_knows_what_follows_what_wins_where_that_is_certain(any_engine: Engine) -> None:
    problem = problem_of(any_engine)
    report = summed_up(problem, Run(problem).entrants(list(QUICK))).report
    figures = {model["name"]: model["metrics"]["ndcg@10"] for model in report["models"]}
    assert set(figures) == set(QUICK)
    assert all(0 <= value <= 1 for value in figures.values())
    if any_engine.shop.simulated:  # the next item follows for certain, and everything is as popular as anything
        assert figures["pctm"] > 0.9
        assert figures["most-popular"] < 0.3


def test_recommenders_that_need_what_the_shop_lacks_are_left_out_in_words(any_engine: Engine) -> None:
    names, notes = chosen_names(problem_of(any_engine), [])
    assert {"pctm", "most-popular"} <= set(names)
    has_cohorts = any_engine.capabilities.has(Capability.TRAITS)
    assert ("cohort-popular" in names) is has_cohorts
    assert has_cohorts or any("cohorts" in note for note in notes)


def test_visits_are_sliced_by_what_the_shop_knows_of_its_people(any_engine: Engine) -> None:
    columns = set(problem_of(any_engine).slices().columns)
    assert {"activity", "shopper", "products"} <= columns
    assert set(any_engine.shop.people.traits) <= columns
    assert ("department" in columns) is any_engine.capabilities.has(Capability.DEPARTMENTS)


def test_a_cut_in_time_needs_dates(any_engine: Engine) -> None:
    if any_engine.capabilities.has(Capability.DATES):
        assert len(problem_of(any_engine, "temporal").split.test.visits)
    else:
        with pytest.raises(BadRequestError, match=r"no dates.*next-basket"):
            problem_of(any_engine, "temporal")
