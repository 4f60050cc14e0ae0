"""The page of models, its other half: what smaller encoders cost, adaptations, and which encoder answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pages.lab.models import adaptation_trials, adaptations, encoders
from recsys.jobs import Job
from recsys.settings import Settings
from recsys.training import records
from recsys.training.encoders import adapting, kept, reports
from recsys.training.encoders.adapting import Adapting
from recsys.training.records import FINISHED, STOPPED, Data, Epoch, Training
from tests.pages.models_page import Page

REPORT = next(each.report for each in reports.kept("nobody") if each.name == "compression_icecat")
FIGURES = {"pairs_ndcg@10": 0.7, "pairs_ndcg@10 before": 0.6, "change": 0.1, "change low": 0.05, "change high": 0.15}


def adaptation(root: Path, **changes: object) -> Training:
    training = adapting.create(root, "lora", Data("complete_journey_sample"), "minilm", Adapting())
    epochs = (Epoch(1, 4, 2.0, 0.5, 9.0), Epoch(2, 4, 1.5, 0.6, 9.0))
    known = {"state": FINISHED, "began": 1_485_864_000.0, "worked": 60.0, "epochs": epochs, "metrics": FIGURES}
    training = replace(training, **known | changes)  # type: ignore[arg-type]
    records.write(training)
    return training


def test_the_finding_the_table_and_the_picture_are_of_what_came_along() -> None:
    page = Page(studio="encoders")
    assert "The text encoder takes 91 MB" in page.text
    assert "nothing was measured on this shop yet" in page.text
    table = page.table("ten")
    assert table["way"].tolist() == [each["label"] for each in REPORT["variants"]]
    assert "No other encoder is kept here yet" in page.text
    assert "measuring.compress" in page.buttons
    assert "It can learn a shop’s own" in page.text
    assert "queries that people judged" in page.text  # what helps one kind need not help the other
    assert page.address["studio"] == "encoders"
    assert "models.start" not in page.buttons  # the other half is not drawn


def test_recommenders_are_shown_first() -> None:
    page = Page()
    assert "The text encoder takes" not in page.text
    assert "models.start" in page.buttons


def test_a_finished_adaptation_says_what_it_is_worth_and_how_to_start_with_it(prepared: Settings) -> None:
    training = adaptation(prepared.adaptations_dir)
    page = Page(studio="encoders")
    assert "nDCG@10 0.700 where the encoder before had 0.600 (+0.100" in page.text
    assert "more than luck" in page.text
    assert any(adapting.encoder_name(training) in str(code.value) for code in page.at.code)


def test_one_that_was_stopped_can_be_resumed_and_discarded(prepared: Settings, started: list[Job]) -> None:
    training = adaptation(prepared.adaptations_dir, state=STOPPED, metrics={}, error="it was told to")
    page = Page(studio="encoders")
    assert "it was told to" in page.text
    page.press("models.adapt.resume")
    assert [job.kind for job in started] == ["adapt"]
    assert training.id in started[0].arguments
    Page(studio="encoders").press("models.adapt.yes")
    assert records.listed(prepared.adaptations_dir) == []


def test_the_form_begins_one(prepared: Settings, started: list[Job]) -> None:
    Page(studio="encoders").press("models.adapt.start")
    assert [job.kind for job in started] == ["adapt"]
    (training,) = records.listed(prepared.adaptations_dir)
    assert (training.model, training.settings["minutes"]) == ("lora", 10.0)


def test_the_form_takes_the_options(prepared: Settings, started: list[Job]) -> None:
    page = Page(studio="encoders")
    page.at.number_input(key="models.adapt.mlm").set_value(50)
    page.at.number_input(key="models.adapt.respelt").set_value(20)
    page.at.selectbox(key="models.adapt.matryoshka").set_value("64")
    page.press("models.adapt.start")
    assert [job.kind for job in started] == ["adapt"]
    (training,) = records.listed(prepared.adaptations_dir)
    assert [training.settings[name] for name in ("mlm", "respelt", "matryoshka")] == [50, 0.2, 64]


def test_the_first_stage_has_a_curve_of_its_own(prepared: Settings) -> None:
    adaptation(
        prepared.adaptations_dir, state=STOPPED, metrics={}, epochs=(), masked=[[5.0, 4.5, 9.0], [4.0, 4.2, 9.0]]
    )
    page = Page(studio="encoders")
    assert "How hard words are to guess" in page.text
    assert "The curves begin with" not in page.text


def test_what_was_tried_is_a_table_of_what_came_along() -> None:
    known = reports.judged_adaptation()
    assert known is not None
    page = Page(studio="encoders")
    table = page.table("pairs_change")
    assert table["way"].tolist() == [trial.label for trial in known.trials]
    assert table["pairs_change"].tolist()[0] == ""  # nothing to be compared with itself
    assert "Made with: python -m recsys adapt" in page.text
    assert adaptation_trials.verdict(known) in page.text


def test_the_verdict_names_what_gained_and_lost_beyond_luck() -> None:
    known = reports.judged_adaptation()
    assert known is not None
    base = known.trials[1]

    def tried(label: str, low: float, high: float) -> reports.AdaptationTrial:
        figure = reports.Figure(mean=0.5, ci95=(0.4, 0.6), change=(low + high) / 2, change_ci95=(low, high))
        return base.model_copy(update={"label": label, "over_lora": {"pairs_ndcg@10": figure}})

    trials = [base, tried("up", 0.01, 0.03), tried("luck", -0.01, 0.01), tried("down", -0.03, -0.01)]
    said = adaptation_trials.verdict(known.model_copy(update={"trials": trials}))
    assert said.startswith("More than plain LoRA, beyond luck: up. Less, beyond luck: down.")
    nothing = adaptation_trials.verdict(known.model_copy(update={"trials": trials[:1]}))
    assert "nothing of it" in nothing


@pytest.mark.parametrize("damage", ['{"figures": 3}', "{", '{"figures": {"pairs_ndcg@10": {"after": {"mean": NaN}}}}'])
def test_a_damaged_measurement_of_adaptations_is_passed_over(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / reports.ADAPTED).write_text(damage, encoding="utf-8")
    monkeypatch.setattr(reports, "COMMITTED", tmp_path)
    assert reports.judged_adaptation() is None


def test_a_kept_encoder_is_named_with_its_card_and_can_be_deleted(prepared: Settings, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    kept.keep(made, prepared.encoders_dir, "shoes-int8", {"label": "8 bits", "method": "<script>"})
    page = Page(studio="encoders")
    assert any("SHELFLENS_ENCODER=shoes-int8" in str(code.value) for code in page.at.code)
    assert "Licence" in page.text
    page.press("models.encoders.yes")
    assert kept.listed(prepared.encoders_dir) == []


def test_the_sentence_names_the_smallest_that_loses_next_to_nothing_and_the_quickest() -> None:
    said = encoders.sentence(REPORT)
    assert "“8 bits, dynamic” takes 24 MB" in said
    assert "The quickest, “Static vectors”" in said


@pytest.mark.parametrize(("low", "said"), [(-0.05, "which may be luck"), (0.05, "more than luck")])
def test_an_interval_across_nothing_may_be_luck(low: float, said: str, tmp_path: Path) -> None:
    training = adaptation(tmp_path, metrics={**FIGURES, "change low": low})
    assert said in adaptations.sentence(training)
