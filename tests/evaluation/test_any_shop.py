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


def has_events(engine: Engine) -> bool:
    return bool(engine.dataset_info["events"])


@pytest.fixture
def peopled(any_engine: Engine) -> Engine:
    """A shop in which somebody did something."""
    if not has_events(any_engine):
        pytest.skip("nobody has done anything in this shop: what that means is tested apart")
    return any_engine


def test_a_shop_in_which_nobody_did_anything_has_nothing_to_foretell(any_engine: Engine) -> None:
    if has_events(any_engine):
        assert len(problem_of(any_engine).split.test.visits)
    else:
        with pytest.raises(BadRequestError, match=r"nobody has done anything in this shop yet.*sequences"):
            problem_of(any_engine)


def test_who_knows_what_follows_what_wins_where_that_is_certain(peopled: Engine) -> None:
    problem = problem_of(peopled)
    report = summed_up(problem, Run(problem).entrants(list(QUICK))).report
    figures = {model["name"]: model["metrics"]["ndcg@10"] for model in report["models"]}
    assert set(figures) == set(QUICK)
    assert all(0 <= value <= 1 for value in figures.values())
    if (
        peopled.shop.simulated and peopled.shop.truth is None
    ):  # the next item follows for certain, and everything is as popular as anything
        assert figures["pctm"] > 0.9
        assert figures["most-popular"] < 0.3


def test_recommenders_that_need_what_the_shop_lacks_are_left_out_in_words(peopled: Engine) -> None:
    names, notes = chosen_names(problem_of(peopled), [])
    assert {"pctm", "most-popular"} <= set(names)
    has_cohorts = peopled.capabilities.has(Capability.TRAITS)
    assert ("cohort-popular" in names) is has_cohorts
    assert has_cohorts or any("cohorts" in note for note in notes)
    has_friends = peopled.capabilities.has(Capability.FRIENDS)
    assert ("pagerank-friends" in names) is has_friends
    assert has_friends or any("needs friends" in note for note in notes)


def test_visits_are_sliced_by_what_the_shop_knows_of_its_people(peopled: Engine) -> None:
    columns = set(problem_of(peopled).slices().columns)
    assert {"activity", "shopper", "products"} <= columns
    assert set(peopled.shop.people.traits) <= columns
    assert ("department" in columns) is peopled.capabilities.has(Capability.DEPARTMENTS)


def test_a_cut_in_time_needs_dates(peopled: Engine) -> None:
    if peopled.capabilities.has(Capability.DATES):
        assert len(problem_of(peopled, "temporal").split.test.visits)
    else:
        with pytest.raises(BadRequestError, match=r"no dates.*next-basket"):
            problem_of(peopled, "temporal")
