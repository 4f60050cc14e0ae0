"""The page of models, its other half: what smaller encoders cost, adaptations, and which encoder answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pages.lab.models import adaptation_trials, adaptations, encoders, wording
from recsys.jobs import Job
from recsys.plots.encoders import size_against_quality
from recsys.settings import Settings
from recsys.training import records
from recsys.training.encoders import adapting, kept, reports
from recsys.training.encoders.adapting import Adapting
from recsys.training.records import FINISHED, STOPPED, Data, Epoch, Training
from tests.encoders.tiny_models import save_tiny_model
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
    assert list(table)[:5] == ["way", "mb", "speed", "pooled", "change"]  # what decides stands where it is seen first
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


@pytest.mark.parametrize("missing", sorted(FIGURES))
def test_a_record_that_lacks_a_figure_of_its_sentence_goes_without_the_sentence(
    missing: str, prepared: Settings
) -> None:
    known = {name: value for name, value in FIGURES.items() if name != missing}
    adaptation(prepared.adaptations_dir, metrics=known)
    assert "where the encoder before had" not in Page(studio="encoders").text


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


def test_a_figure_between_0_and_1_is_drawn_between_0_and_1(prepared: Settings) -> None:
    best = tuple(Epoch(number, 3, 1.0, 1.0, 9.0) for number in (1, 2, 3))
    adaptation(prepared.adaptations_dir, epochs=best)
    charts = [str(chart.proto) for chart in Page(studio="encoders").at.get("plotly_chart")]
    assert sum("maxallowed" in chart and "1.05" in chart for chart in charts) == 1


def test_what_the_form_began_is_shown_whichever_was_shown_before(prepared: Settings, started: list[Job]) -> None:
    earlier = [adaptation(prepared.adaptations_dir, state=STOPPED, metrics={}, error=f"stopped {n}") for n in (1, 2)]
    page = Page(studio="encoders")
    page.at.selectbox(key="models.adaptation").set_value(earlier[0].id).run()
    assert "stopped 1" in page.text
    page.press("models.adapt.start")
    assert page.at.selectbox(key="models.adaptation").value not in {each.id for each in earlier}
    assert "stopped 1" not in page.text


def test_one_that_another_tab_discarded_gives_way_to_what_is_left(prepared: Settings) -> None:
    for n in (1, 2, 3):
        adaptation(prepared.adaptations_dir, state=STOPPED, metrics={}, error=f"stopped {n}", created=float(n))
    page = Page(studio="encoders")
    chosen = page.at.selectbox(key="models.adaptation").options
    (first,) = [each for each in records.listed(prepared.adaptations_dir) if each.error == "stopped 1"]
    page.at.selectbox(key="models.adaptation").set_value(first.id).run()
    assert "stopped 1" in page.text
    records.discard(prepared.adaptations_dir, first.id)
    page.run()
    assert "stopped 3" in page.text
    assert len(page.at.selectbox(key="models.adaptation").options) == len(chosen) - 1


def test_those_of_the_open_shop_stand_before_those_of_others(prepared: Settings) -> None:
    own = adaptation(prepared.adaptations_dir, state=STOPPED, metrics={}, error="spoilt here", created=1.0)
    other = adaptation(
        prepared.adaptations_dir, state=STOPPED, metrics={}, data=Data("shoes"), error="spoilt elsewhere"
    )
    page = Page(studio="encoders")
    assert "spoilt here" in page.text
    assert "spoilt elsewhere" not in page.text
    assert page.at.selectbox(key="models.adaptation").value == own.id
    records.discard(prepared.adaptations_dir, own.id)
    page = Page(studio="encoders")
    assert "It can learn a shop’s own" in page.text  # of this one there is none yet
    assert "spoilt elsewhere" in page.text
    assert other.data.dataset == "shoes"


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
    assert said.startswith(
        "On artificial queries, more than plain LoRA and beyond luck: up. Less and beyond luck: down."
    )
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
    made = save_tiny_model(tmp_path / "made")
    kept.keep(made, prepared.encoders_dir, "shoes-int8", {"label": "8 bits", "method": "<script>"})
    page = Page(studio="encoders")
    assert any("SHELFLENS_ENCODER=shoes-int8" in str(code.value) for code in page.at.code)
    assert "Licence" in page.text
    page.press("models.encoders.yes")
    assert kept.listed(prepared.encoders_dir) == []


def test_a_damaged_one_is_said_to_be_damaged_and_no_command_starts_it(prepared: Settings, tmp_path: Path) -> None:
    kept.keep(save_tiny_model(tmp_path / "made"), prepared.encoders_dir, "shoes-int8", {"label": "8 bits"})
    weights = prepared.encoders_dir / "shoes-int8" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    page = Page(studio="encoders")
    assert "The app cannot be started with it: the encoder shoes-int8 is damaged: model.safetensors" in page.text
    assert not any("SHELFLENS_ENCODER=shoes-int8" in str(code.value) for code in page.at.code)
    page.press("models.encoders.yes")
    assert kept.listed(prepared.encoders_dir) == []


@pytest.mark.parametrize(("default", "ending"), [(True, "make demo"), (False, "make demo SHOP=shoes")])
def test_the_command_that_starts_with_it_opens_the_shop_that_is_open(
    default: bool, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording.state, "is_default", lambda: default)
    monkeypatch.setattr(wording.state, "settings", lambda: Settings(shop="shoes"))
    assert wording.starting_with("shoes-int8") == f"SHELFLENS_ENCODER=shoes-int8 {ending}"


def test_the_sentence_names_the_smallest_that_loses_next_to_nothing_and_the_quickest() -> None:
    said = encoders.sentence(REPORT)
    assert "“8 bits, dynamic” takes 24 MB" in said
    assert "The quickest, “Static vectors”" in said


@pytest.mark.parametrize(("low", "said"), [(-0.05, "which may be luck"), (0.05, "more than luck")])
def test_an_interval_across_nothing_may_be_luck(low: float, said: str, tmp_path: Path) -> None:
    training = adaptation(tmp_path, metrics={**FIGURES, "change low": low})
    assert said in adaptations.sentence(training)


def variant(name: str, mean: float, change: float, half: float, **more: object) -> dict[str, object]:
    """A way as a report has it; the interval of its change is `half` to each side."""
    figure = {
        "mean": mean,
        "ci95": [mean - 0.02, mean + 0.02],
        "change": change,
        "change_ci95": [change - half, change + half],
    }
    return {
        "name": name, "label": name, "kind": "encoder", "size_mb": 24.0, "speed": 2.0, "kept_mb": 115.0,
        "products_speed": 1.0, "agreement": 0.5, "query_ms": {"p50": 1.0, "p95": 2.0},
        "figures": {"pooled_ndcg@10": figure}, **more,
    }  # fmt: skip


def measured(lead: float, half: float) -> dict[str, object]:
    """A report in which distilling leads by so much over layers that only went."""
    against = {"layers-3": {"pooled_ndcg@10": {"mean": 0.9, "change": lead, "change_ci95": [lead - half, lead + half]}}}
    learned = {"texts": 4_000, "cosine_before": 0.6, "cosine": 0.93, "minutes": 2.5}
    return {
        "variants": [
            variant("full", 0.92, 0.0, 0.0),
            variant("int8", 0.92, 0.001, 0.01),
            variant("int8-whole", 0.91, -0.05, 0.01, kept_mb=48.0, products_speed=2.1),
            variant("layers-3", 0.87, -0.05, 0.02),
            variant("distilled", 0.90, -0.02, 0.03, learned=learned, against=against),
        ],
    }


@pytest.mark.parametrize(
    ("lead", "half", "verdict"),
    [(0.03, 0.01, "+0.040), better"), (0.01, 0.02, "+0.030), no more than luck"), (-0.03, 0.01, "\u22120.020), worse")],
)
def test_whether_distilling_beats_layers_that_only_went_is_said(lead: float, half: float, verdict: str) -> None:
    said = encoders.distilled(measured(lead, half))
    assert verdict in said
    assert "from cosine 0.60 to 0.93" in said
    assert encoders.distilled({"variants": [variant("full", 0.9, 0.0, 0.0)]}) == ""


def test_what_products_in_eight_bits_save_and_cost_is_said() -> None:
    said = encoders.products_too(measured(0.0, 0.0))
    assert "48 MB have to be kept in place of 115" in said
    assert "2.1 times as fast" in said
    assert "\u22120.050" in said
    assert "more than luck" in said


def test_what_an_adapted_encoder_adds_to_the_whole_search_is_said_with_its_interval() -> None:
    pair = {
        "before": {"mean": 0.80, "ci95": (0.7, 0.9)},
        "after": {"mean": 0.81, "ci95": (0.7, 0.9), "change": 0.01, "change_ci95": (-0.01, 0.03)},
    }
    one = {"catalogue": "shoes", "products": 1_000, "queries": 20, "systems": {"shelflens": {"pooled_ndcg@10": pair}}}
    said = encoders.added(one)
    assert "Shoes (1,000 products, 20 judged queries)" in said
    assert "0.800 to 0.810 (+0.010, 95\u00a0% interval \u22120.010 to +0.030: may be luck)" in said


def test_every_encoder_has_a_row_of_its_own_with_its_size_and_speed() -> None:
    figure = size_against_quality(measured(0.0, 0.0)["variants"], "pooled_ndcg@10", "nDCG")  # type: ignore[arg-type]
    rows = list(figure.data[0].y)
    assert len(rows) == len(set(rows)) == 5
    assert "full<br>24 MB · 2.0×" in rows
    assert not figure.layout.showlegend  # ten lines of it would fill a phone


def test_a_damaged_report_of_the_whole_search_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = reports.adapted_search()
    assert sound is not None
    assert {each["catalogue"] for each in sound["catalogues"]} == {"electronics", "groceries"}
    monkeypatch.setattr(reports, "COMMITTED", tmp_path)
    assert reports.adapted_search() is None
    (tmp_path / reports.SEARCHED).write_text('{"command": "x", "protocol": {}, "catalogues": []}', encoding="utf-8")
    assert reports.adapted_search() is None
