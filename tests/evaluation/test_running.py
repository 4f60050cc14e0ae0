"""A run from the split to the report, on a ring in which every item is followed by the next one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import ArtifactError, BadRequestError
from recsys.evaluation import runs
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import Protocol
from recsys.evaluation.results import Evaluation, summed_up
from recsys.evaluation.running import CancelledError, Run
from recsys.evaluation.splits import leave_last_out
from recsys.ranking.models import chosen_names
from recsys.recommenders.contract import SideInformation

N_ITEMS, N_USERS, LENGTH = 30, 60, 6


def ring() -> Interactions:
    """User u takes items u, u + 1 ... u + 5 of a ring of 30."""
    return from_sequences([(np.arange(LENGTH, dtype=np.int32) + u) % N_ITEMS for u in range(N_USERS)], N_ITEMS)


def problem(variant: str = "strict") -> Problem:
    protocol = Protocol("sequences", variant, keep_seen=False)
    split = leave_last_out(ring(), refit=variant == "refit")
    return Problem("ring", {}, protocol, split, SideInformation(), [str(u) for u in range(N_USERS)])


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return summed_up(problem(), Run(problem()).entrants(["pctm", "most-popular"]))


def test_who_knows_what_follows_finds_it_first_and_popularity_does_not(evaluation: Evaluation) -> None:
    figures = {model["name"]: model["metrics"] for model in evaluation.report["models"]}
    assert figures["pctm"]["ndcg@10"] == 1.0
    assert figures["pctm"]["mrr@10"] == 1.0
    assert figures["most-popular"]["ndcg@10"] < 0.6


def test_a_report_is_plain_data_with_its_protocol_and_intervals(evaluation: Evaluation) -> None:
    report = json.loads(json.dumps(evaluation.report, allow_nan=False))
    assert report["protocol"]["asked"] == "60 of 60 shoppers"
    assert report["protocol"]["candidates"].startswith("full ranking over all 30 items")
    for model in report["models"]:
        assert {"name", "metrics", "ci95", "fit_s", "score_s", "peak_mb", "seed"} <= set(model)
        low, high = model["ci95"]["ndcg@10"]
        assert low <= model["metrics"]["ndcg@10"] <= high
    (pair,) = report["comparisons"]
    assert (pair["model"], pair["against"]) == ("pctm", "most-popular")
    assert pair["p_corrected"] < 0.01


def test_a_strict_run_fits_once_and_a_refit_run_again_with_the_validation() -> None:
    strict, refit = Run(problem("strict")), Run(problem("refit"))
    assert strict.problem.split.for_testing is strict.problem.split.for_choosing
    for run, entries in ((strict, 60 * 4), (refit, 60 * 5)):
        run.entrants(["most-popular"])
        assert len(run.problem.split.for_testing.items) == entries


def test_the_same_seed_gives_the_same_lists() -> None:
    first, second = (Run(problem()).entrants(["pctm"])[0].top for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_stopped_run_raises_and_keeps_nothing() -> None:
    with pytest.raises(CancelledError, match="nothing was kept"):
        Run(problem(), stopped=lambda: True).entrants(["most-popular"])


def test_progress_only_grows_and_ends_full() -> None:
    seen: list[float] = []
    Run(problem("refit"), lambda label: lambda done, total, note="": seen.append(done / total)).entrants(["pctm"])
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_an_unknown_recommender_names_those_there_are() -> None:
    with pytest.raises(BadRequestError, match=r"no recommender 'magic'.*most-popular"):
        chosen_names(problem(), ["magic"])


def test_a_kept_run_is_read_back_as_it_was(evaluation: Evaluation, tmp_path: Path) -> None:
    kept = runs.keep(evaluation, tmp_path)
    again = runs.find(tmp_path, kept.id)
    assert again.report["models"] == evaluation.report["models"]
    np.testing.assert_array_equal(again.top("pctm"), evaluation.top["pctm"])
    assert again.shoppers()["shopper_id"].tolist() == [str(u) for u in range(N_USERS)]
    assert [run.id for run in runs.kept(tmp_path)] == [kept.id]
    runs.remove(tmp_path, kept.id)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_damaged_is_an_error_with_a_remedy(evaluation: Evaluation, tmp_path: Path) -> None:
    kept = runs.keep(evaluation, tmp_path)
    (kept.path / "pctm.top.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(ArtifactError, match=r"pctm.top.npy.*start the run again"):
        kept.top("pctm")
