"""What a kept run says, on one whose figures can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys.errors import ArtifactError
from recsys.evaluation import reading
from recsys.evaluation.runs import KeptRun
from tests.evaluation.tiny_run import FEW, MANY, SAMPLING, SHOPPERS, kept_run


@pytest.fixture
def run(tmp_path: Path) -> KeptRun:
    return kept_run(tmp_path)


def test_the_best_mean_comes_first(run: KeptRun) -> None:
    table = reading.standings(run.report, "ndcg@10")
    assert table["model"].tolist() == ["good", "costly", "most-popular"]
    assert table["mean"].tolist() == pytest.approx([60 / 80, 59 / 80, 20 / 80])
    assert table["seconds"].tolist() == [30.0, 300.0, 0.5]
    assert table["simple"].tolist() == [False, False, True]


def test_of_popularity_less_is_better(run: KeptRun) -> None:
    assert reading.standings(run.report, "popularity@10")["model"].tolist() == ["costly", "good", "most-popular"]


def test_a_figure_of_all_lists_has_no_interval(run: KeptRun) -> None:
    table = reading.standings(run.report, "coverage@10")
    assert table["mean"].tolist() == [0.8, 0.8, 0.8]
    assert table["low"].isna().all()


def test_a_figure_that_could_not_be_measured_comes_last(run: KeptRun) -> None:
    run.report["models"][0]["metrics"]["ndcg@10"] = None
    assert reading.standings(run.report, "ndcg@10")["model"].tolist()[-1] == "good"


def test_the_table_for_a_spreadsheet_names_every_metric_its_ends_and_the_protocol(run: KeptRun) -> None:
    table = reading.figures(run.report)
    assert {"ndcg@10", "ndcg@10 low", "ndcg@10 high", "coverage@10"} <= set(table)
    assert "coverage@10 low" not in table
    assert set(table["name (protocol)"]) == {"sequences"}


def test_the_winner_is_ahead_of_the_best_simple_one_by_half_a_hit_per_shopper(run: KeptRun) -> None:
    found = reading.verdict(run.report)
    assert found.winner == "good"
    assert found.best_simple is not None
    assert found.best_simple.difference == pytest.approx(60 / 80 - 20 / 80)
    assert found.best_simple.more_than_luck


def test_one_shopper_of_eighty_may_be_luck_and_what_costs_ten_times_as_much_is_not_cheaper(run: KeptRun) -> None:
    found = reading.verdict(run.report)
    assert found.runner_up is not None
    assert (found.runner_up.against, found.level, found.cheaper) == ("costly", ("costly",), None)
    assert not found.runner_up.more_than_luck


def test_a_recommender_that_is_level_for_a_tenth_of_the_time_is_named_as_cheaper(run: KeptRun) -> None:
    models = {model["name"]: model for model in run.report["models"]}
    models["good"]["fit_s"], models["costly"]["fit_s"] = 3_000.0, 0.0
    assert reading.verdict(run.report).cheaper == "costly"  # 150 s against 3,015 s


def test_a_simple_winner_has_no_simple_one_to_beat(run: KeptRun) -> None:
    run.report["models"][1]["metrics"]["ndcg@10"] = 0.9
    found = reading.verdict(run.report)
    assert (found.winner, found.best_simple) == ("most-popular", None)


def test_a_run_of_one_recommender_has_a_winner_and_nothing_to_compare(tmp_path: Path) -> None:
    whole = kept_run(tmp_path)
    alone = replace(whole, report=whole.report | {"models": whole.report["models"][:1], "comparisons": []})
    found = reading.verdict(alone.report)
    assert (found.winner, found.runner_up, found.level) == ("good", None, ())
    assert reading.pairs(alone, "ndcg@10").empty
    assert reading.by_slice(alone, "ndcg@10", "good").empty


def test_a_lead_turned_round_has_its_ends_turned_round(run: KeptRun) -> None:
    there, back = (reading.lead(run.report, *pair) for pair in (("good", "most-popular"), ("most-popular", "good")))
    assert there is not None
    assert back is not None
    assert (back.difference, back.low, back.high) == (-there.difference, -there.high, -there.low)
    assert reading.lead(run.report, "good", "nobody") is None


def test_in_every_pair_the_better_one_stands_first(run: KeptRun) -> None:
    table = reading.pairs(run, "ndcg@10")
    assert list(zip(table["model"], table["against"], strict=True)) == [
        ("good", "most-popular"),
        ("costly", "most-popular"),
        ("good", "costly"),
    ]
    assert table["difference"].tolist() == pytest.approx([40 / 80, 39 / 80, 1 / 80])
    assert (table["low"] <= table["difference"]).all()
    assert (table["difference"] <= table["high"]).all()


def test_a_pair_by_another_metric_is_computed_and_turned_where_less_is_better(run: KeptRun) -> None:
    table = reading.pairs(run, "popularity@10", SAMPLING)
    assert list(zip(table["model"], table["against"], strict=True)) == [
        ("costly", "most-popular"),
        ("good", "most-popular"),
        ("costly", "good"),
    ]
    assert table["difference"].tolist() == pytest.approx([0.75, 0.5, 0.25])
    assert table["low"].tolist() == pytest.approx([0.75, 0.5, 0.25])


def test_a_metric_without_a_value_per_shopper_has_no_pairs_no_slices_and_no_shoppers(run: KeptRun) -> None:
    assert reading.pairs(run, "coverage@10").empty
    assert reading.by_slice(run, "coverage@10", "good").empty
    assert reading.farthest_apart(run, "coverage@10", "good", "costly").empty


def test_wins_ties_and_losses_are_counted_in_each_slice(run: KeptRun) -> None:
    table = reading.by_slice(run, "ndcg@10", "most-popular", SAMPLING).set_index(["slice", "model"])
    # the first 40 all have a hit by "good", 10 of them by "most-popular": 30 wins, 10 ties
    few, many = table.loc[(FEW, "good")], table.loc[(MANY, "good")]
    assert (few["wins"], few["ties"], few["losses"]) == (30, 10, 0)
    assert few["difference"] == pytest.approx(30 / 40)
    # of the last 40 "good" hits 20, 5 of them with "most-popular", which hits 5 more
    assert (many["wins"], many["ties"], many["losses"]) == (15, 20, 5)
    assert many["difference"] == pytest.approx((20 - 10) / 40)
    assert few["p"] < 0.05


def test_a_way_of_slicing_with_one_slice_is_left_out(run: KeptRun) -> None:
    assert set(reading.by_slice(run, "ndcg@10", "good", SAMPLING)["slicing"]) == {"activity"}


def test_who_is_better_served_by_another_one_is_named_once_per_slice(run: KeptRun) -> None:
    found = reading.better_served(reading.by_slice(run, "ndcg@10", "most-popular", SAMPLING))
    assert found["slice"].tolist().count(FEW) == 1  # two recommenders are better there
    assert reading.better_served(reading.by_slice(run, "ndcg@10", "good", SAMPLING)).empty


def test_a_slice_of_fewer_than_thirty_shoppers_is_never_named(run: KeptRun, tmp_path: Path) -> None:
    table = run.shoppers()
    table["activity"] = pd.Categorical([FEW] * 29 + [MANY] * (SHOPPERS - 29), [FEW, MANY])
    table.to_parquet(run.path / "shoppers.parquet", index=False)
    found = reading.by_slice(run, "ndcg@10", "most-popular", SAMPLING)
    small = found[found["slice"] == FEW]
    assert not small["comparable"].any()
    assert small["p"].isna().all()
    assert FEW not in set(reading.better_served(found)["slice"])


def test_the_shoppers_who_differ_most_come_from_both_ends(run: KeptRun) -> None:
    table = reading.farthest_apart(run, "ndcg@10", "good", "most-popular", most=2)
    # rows 1 and 2: a hit by "good" alone; rows 60 and 64: by "most-popular" alone
    assert table["visit"].tolist() == [1, 2, 60, 64]
    assert table["shopper_id"].tolist() == ["s1", "s2", "s60", "s64"]
    assert table["difference"].tolist() == [1, 1, -1, -1]


def test_the_shoppers_of_one_slice_alone(run: KeptRun) -> None:
    table = reading.farthest_apart(run, "ndcg@10", "good", "most-popular", slicing="activity", slice_=MANY, most=1)
    assert table["visit"].tolist() == [41, 60]


def test_a_visit_holds_both_lists_and_what_was_taken(run: KeptRun) -> None:
    found = reading.visit(run, 1, ("good", "most-popular"))
    assert (found.shopper, found.taken.tolist()) == ("s1", [1])
    assert found.lists["good"].tolist() == [1, 2, 3]
    assert (found.hits("good"), found.hits("most-popular")) == (1, 0)


def test_a_run_that_does_not_say_who_was_asked_is_said(run: KeptRun) -> None:
    run.shoppers().drop(columns=["taken"]).to_parquet(run.path / "shoppers.parquet", index=False)
    with pytest.raises(ArtifactError, match="start the run again"):
        reading.visits(run)


def test_nothing_beats_those_on_the_front() -> None:
    worth, other = pd.Series([3.0, 2.0, 1.0, 2.0]), pd.Series([1.0, 2.0, 1.0, 1.0])
    # (3, 1) and (2, 2) stand; (1, 1) is beaten by both, (2, 1) is as good as each in one and worse in the other
    assert reading.unbeaten(worth, other).tolist() == [True, True, False, False]
    assert reading.unbeaten(pd.Series([1.0, 1.0]), pd.Series([1.0, 1.0])).tolist() == [True, True]


def test_repeats_and_first_purchases_have_standings_of_their_own(run: KeptRun) -> None:
    assert reading.parts(run.report) == {}
    for model, value in zip(run.report["models"], (0.1, 0.3, 0.2), strict=True):
        model["metrics"]["repeat ndcg@10"] = value
    assert reading.parts(run.report)["repeat"]["model"].tolist() == ["most-popular", "costly", "good"]
    assert np.isnan(reading.parts(run.report)["repeat"]["low"]).all()


def test_the_test_in_a_slice_is_the_paired_t_test(run: KeptRun) -> None:
    table = reading.by_slice(run, "ndcg@10", "most-popular", SAMPLING).set_index(["slice", "model"])
    # 15 wins, 5 losses of 40: mean .25, standard deviation .6699, t = .25 / (.6699 / sqrt(40)) = 2.360, p = .0234;
    # the third smallest of four p is doubled by Holm
    assert table.loc[(MANY, "good"), "p"] == pytest.approx(2 * 0.0234, abs=5e-4)
