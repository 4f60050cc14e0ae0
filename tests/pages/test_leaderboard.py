"""The leaderboard page: without a run, with one, from good and bad links, and starting one."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from pages.lab.leaderboard import choices as leaderboard_choices
from pages.lab.leaderboard import runs as leaderboard_runs
from pages.lab.leaderboard.wording import metric_label
from pages.shared.significance import chance, luck
from pages.shared.wording import seconds
from recsys.engine import Engine
from recsys.evaluation.built_in import committed_runs
from recsys.evaluation.runs import KeptRun
from recsys.jobs import Job, JobQueue
from recsys.settings import Settings
from tests.conftest import SAMPLE
from tests.evaluation.tiny_run import FEW, LABELS, kept_run
from tests.pages.idle_jobs import nothing_runs
from tests.pages.lab_page import LabPage


class Page(LabPage):
    """The leaderboard as one person has it open."""

    page = "pages/lab/leaderboard/page.py"

    def listed(self, column: str) -> Any:
        """That column of the first table that has it."""
        return next(table.value[column] for table in self.at.dataframe if column in table.value)

    @property
    def bars(self) -> str:
        """What the progress bars say."""
        return " ".join(str(bar.text) for bar in self.at.get("progress"))


@pytest.fixture
def run(prepared: Settings) -> KeptRun:
    return kept_run(prepared.runs_dir)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The runs that were started, of which none runs."""
    return nothing_runs(monkeypatch, "error: there is no file x.txt. what to do: check the path.")


# --- without a run ------------------------------------------------------------------------------------------------


def test_on_a_fresh_machine_a_run_that_came_with_the_project_is_shown_and_marked() -> None:
    page = Page()
    assert "built in" in page.text
    assert "ranks best: nDCG@10" in page.text.replace("**", "")
    assert "Came with the project: run on" in page.text
    assert "full ranking over all" in page.text  # the protocol
    assert len(page.at.dataframe[0].value) > 5
    assert not [button for button in page.at.button if button.key == "leaderboard.remove"]
    assert page.at.button(key="leaderboard.start")


@pytest.mark.parametrize("metric", ["recall@10", "coverage@10"])
def test_every_metric_and_pair_of_a_built_in_run_can_be_looked_at(metric: str) -> None:
    page = Page(metric=metric, model="most-popular", slicing="activity")
    assert f"All recommenders by {metric_label(metric)}" in page.text
    assert "A built-in run tells its pairs by nDCG@10 alone" in page.text
    assert "Lists and figures by shopper are not here" in page.text
    assert not page.at.warning


def test_a_run_of_the_visitor_comes_before_those_that_came_with_the_project(run: KeptRun) -> None:
    page = Page()
    options = page.at.selectbox(key="control.run").options
    assert options[0].startswith("tiny")
    assert all(option.startswith("built in: ") for option in options[1:])
    assert len(options) > 1
    assert "Came with the project" not in page.text
    built_in = Page(run=committed_runs(SAMPLE)[0].id)
    assert "Came with the project" in built_in.text


def test_a_shop_without_a_run_says_what_to_do_and_a_button_does_it(
    monkeypatch: pytest.MonkeyPatch, started: list[Job]
) -> None:
    monkeypatch.setattr(leaderboard_choices, "committed_runs", lambda shop: committed_runs("no such shop"))
    page = Page()
    assert "No recommender was compared on Sample of the Journey yet" in page.text
    assert "Came with the project" in page.text  # a run on a public file, so that there is something to see
    page.press("leaderboard.first")
    asked = ("evaluate", "next-basket", "--seed=0", "--protocol=refit", "--json", f"--shop={SAMPLE}")
    assert [job.arguments for job in started] == [asked]


def test_where_no_run_came_with_the_project_either_the_form_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaderboard_choices, "committed_runs", lambda shop: [])
    page = Page()
    assert page.at.button(key="leaderboard.first")
    assert page.at.button(key="leaderboard.start")
    assert not [table for table in page.at.dataframe if "Recommender" in table.value]


def test_a_run_that_is_not_whole_is_no_run(run: KeptRun) -> None:
    (run.path / "report.json").write_text('{"format": 1, "models": []}', encoding="utf-8")
    assert "Came with the project" in Page().text


# --- with a run ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("run")
def test_the_verdict_names_the_winner_its_lead_and_its_cost() -> None:
    text = Page().text
    assert "Good one ranks best: nDCG@10 0.750, 200 % ahead of bestsellers" in text.replace("**", "")  # 60 of 80 / 20
    assert "costly one may do as well" in text
    assert "Good one (learned) ranks best, level with 1 other" in text
    assert "nDCG@10 0.7500" in text  # 60 of 80 shoppers
    assert "Over the best simple baseline, Bestsellers: +0.5000" in text  # 60/80 - 20/80
    assert "may be luck" in text  # against the one with a single hit less
    assert "30 s to fit and to rank for 80 shoppers" in text
    assert "full ranking over all 5 items" in text


def test_a_simple_baseline_that_wins_is_said_at_the_top(prepared: Settings) -> None:
    kept = kept_run(prepared.runs_dir)
    models = [
        model | ({"metrics": model["metrics"] | {"ndcg@10": 0.9}} if model["name"] == "most-popular" else {})
        for model in kept.report["models"]
    ]
    newest = kept_run(prepared.runs_dir, models=models)
    assert "A simple baseline wins: Bestsellers" in Page(run=newest.id).text.replace("**", "")


@pytest.mark.usefixtures("run")
def test_the_table_holds_every_recommender_best_first_with_its_interval() -> None:
    table = Page().at.dataframe[0].value
    assert table["Recommender"].tolist() == [LABELS["good"], LABELS["costly"], LABELS["most-popular"]]
    assert all(" – " in interval for interval in table["interval"])
    assert table["seconds"].tolist() == [30.0, 300.0, 0.5]


@pytest.mark.usefixtures("run")
def test_the_shoppers_for_whom_two_differ_most_show_what_they_were_shown() -> None:
    page = Page(model="good", against="most-popular", visit="2")
    assert "What shopper s2 was shown" in page.text
    assert "✓ item 1" in page.text  # the first list holds it
    assert "item 4" in page.text  # the second one does not
    assert "have no names here" in page.text


@pytest.mark.usefixtures("run")
def test_the_shoppers_of_one_slice_are_listed() -> None:
    page = Page(model="good", against="most-popular", slice=FEW)
    shoppers = page.listed("shopper_id").tolist()
    assert shoppers == ["s1", "s2", "s3", "s5", "s6", "s7", "s9"]  # of every four, one has a hit by both


def test_the_items_of_a_run_on_the_open_data_set_have_names_and_shoppers_a_shelf(
    prepared: Settings, engine: Engine
) -> None:
    source = {"dataset": engine.dataset_info["name"], "version": engine.plan.versions["dataset"]}
    kept_run(prepared.runs_dir, source=source)
    page = Page(model="good", against="most-popular")
    assert str(engine.catalogue.titles[2])[:30] in page.text
    assert page.listed("shelf").tolist()[0] == "/?shopper=s1"
    assert "have no names here" not in page.text


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("metric", ["popularity@10", "coverage@10", "gini@10"])
def test_every_metric_can_be_looked_at(metric: str) -> None:
    page = Page(metric=metric)
    assert f"All recommenders by {metric_label(metric)}" in page.text
    assert ("has no value per shopper" in page.text) == (metric != "popularity@10")


def test_a_choice_goes_to_the_address_and_comes_back_from_it(run: KeptRun) -> None:
    page = Page()
    page.at.selectbox(key="control.against").select("most-popular")
    page.run()
    assert page.address["against"] == "most-popular"
    assert Page(**page.address).at.selectbox(key="control.against").value == "most-popular"


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    "address",
    [
        {"run": "../../etc"},
        {"run": "20990101-000000-00000000", "metric": "<b>"},
        {"against": "good", "model": "good"},
        {"model": "nobody", "slicing": "x", "slice": "y", "visit": "-1", "worth": "ndcg@10"},
        {"visit": "9" * 60},
    ],
)
def test_a_bad_link_shows_the_page_all_the_same(address: dict[str, str]) -> None:
    page = Page(**address)
    assert "ranks best" in page.text
    assert ("The link asks for" in page.text) == bool({"run", "metric"} & set(address))


@pytest.mark.parametrize("file", ["shoppers.parquet", "good.values.parquet", "good.top.npy"])
def test_a_run_whose_figures_are_damaged_still_shows_its_table(run: KeptRun, file: str) -> None:
    (run.path / file).write_bytes(b"")
    page = Page()
    assert "ranks best" in page.text
    assert f"{file} cannot be read" in page.text


@pytest.mark.usefixtures("run")
def test_a_removed_run_is_gone(prepared: Settings) -> None:
    page = Page()
    page.at.button(key="leaderboard.remove").click()
    page.run()
    assert "Came with the project" in page.text


def test_a_run_that_somebody_else_removed_first_is_said(run: KeptRun) -> None:
    page = Page()
    shutil.rmtree(run.path)
    page.at.button(key="leaderboard.remove").click()
    page.run()
    assert "cannot be read" in page.at.toast[0].value
    assert "Came with the project" in page.text


# --- starting one -------------------------------------------------------------------------------------------------


def test_a_run_over_a_file_without_a_file_is_not_started(started: list[Job]) -> None:
    page = Page()
    page.at.segmented_control(key="leaderboard.form.protocol").set_value("sequences")
    page.run()
    page.at.button(key="leaderboard.start").click()
    page.run()
    assert started == []
    assert "Give a file of sequences" in page.text


def test_the_form_starts_the_command_that_a_person_would_type(started: list[Job]) -> None:
    page = Page()
    page.at.segmented_control(key="leaderboard.form.protocol").set_value("temporal")
    page.run()
    page.at.number_input(key="leaderboard.form.days").set_value(14)
    page.at.number_input(key="leaderboard.form.seed").set_value(3)
    page.at.multiselect(key="leaderboard.form.models").set_value(["most-popular", "pctm"])
    page.at.button(key="leaderboard.start").click()
    page.run()
    asked = ["temporal", "--seed=3", "--models=most-popular,pctm", "--days=14"]
    shop = "--shop=complete_journey_sample"  # named, since another app may begin it once it is its turn
    assert [job.arguments for job in started] == [("evaluate", *asked, "--json", shop)]


def test_a_run_that_failed_says_so_in_one_line_until_it_is_dismissed(started: list[Job]) -> None:
    page = Page()
    page.at.button(key="leaderboard.start").click()
    page.run()
    assert [job.arguments[:4] for job in started] == [("evaluate", "next-basket", "--seed=0", "--protocol=refit")]
    assert "The run failed: there is no file x.txt." in page.text
    page.at.button(key="leaderboard.dismiss").click()
    page.run()
    assert "The run failed" not in page.text


def test_a_path_that_looks_like_an_option_is_a_path() -> None:
    arguments, missing = leaderboard_runs.command("sequences", {"interactions": " --forget ", "attributes": ""}, [], 0)
    assert arguments == ["sequences", "--seed=0", "--interactions=--forget"]
    assert missing == ""


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other work is at work and takes all the room there is."""
    monkeypatch.setattr(JobQueue, "of", lambda settings: JobQueue(settings.jobs_dir, (settings.trainings_dir,), 0))


@pytest.mark.usefixtures("closed")
def test_a_run_that_waits_says_its_place_in_every_tab_and_can_be_cancelled(prepared: Settings) -> None:
    page = Page()
    page.press("leaderboard.start")
    assert "number 1 in the queue" in page.bars
    other = Page()  # a second tab, or the same one after a reload
    assert "number 1 in the queue" in other.bars
    other.press("leaderboard.cancel")
    assert not [path for path in prepared.jobs_dir.iterdir() if path.is_dir()]
    assert page.run().at.button(key="leaderboard.start")


@pytest.mark.usefixtures("closed")
def test_a_second_run_waits_for_the_first(prepared: Settings) -> None:
    page, other = Page(), Page()
    page.press("leaderboard.start")
    other.press("leaderboard.start")
    assert "number 1 in the queue" in other.bars
    assert len(JobQueue.of(prepared).listed("evaluate")) == 1


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "said"), [(0.0001, "p < .001"), (0.0488, "p = .049"), (0.0512, "p = .051"), (0.2, "p = .20"), (1.0, "p = 1")]
)
def test_a_chance_is_said_with_the_digits_that_matter(p: float, said: str) -> None:
    assert chance(p) == said
    assert luck(p).startswith("more than luck" if p < 0.05 else "may be luck")


def test_durations_are_said_as_one_would_say_them() -> None:
    assert [seconds(value) for value in (0.44, 12.0, 150.0, 9_000.0)] == ["0.4 s", "12 s", "2 min", "2.5 h"]


def test_a_metric_of_a_part_says_of_which() -> None:
    assert metric_label("first-time ndcg@10") == "nDCG@10, first purchases only"
    assert metric_label("something@5") == "something@5"


# --- what the business asks ---------------------------------------------------------------------------------------


def test_what_each_use_gains_over_the_simple_way_is_told_and_tabled() -> None:
    page = Page()
    assert "What the business asks, beside the simple way" in page.text
    assert "better than the best simple way, beyond luck" in page.text
    table = next(each.value for each in page.at.dataframe if "Simple way" in each.value)
    assert {"beats it", "may be luck"} <= set(table["Verdict"])
    assert table["95 %"].str.contains("to").all()
