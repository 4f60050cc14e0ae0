"""`python -m recsys adapt | compress`: figures, what is kept, and one clear line for whatever cannot be done."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys.cli import compress, main
from recsys.encoders import weights
from recsys.encoders.compressing.folders import read_arrays
from recsys.encoders.torch_encoder import TorchTextEncoder
from recsys.evaluation.kept_reports import keep
from recsys.settings import Settings, load_settings
from recsys.training import records
from recsys.training.encoders import compressing, kept, reports
from recsys.training.encoders.judging import agreement, pair_values, top_rows
from tests.command_line import one_clear_line
from tests.training.encoders.tiny_catalogue import write_judgments

QUICK = ("--steps", "4", "--every", "2", "--pairs-per-step", "8", "--rank", "2", "--max-tokens", "8")


def adapted(catalogue: Path, *more: str) -> int:
    return main(["adapt", "lora", "--catalogue", str(catalogue), *QUICK, *more])


def only() -> records.Training:
    (found,) = records.listed(load_settings().adaptations_dir)
    return found


# --- adapt ------------------------------------------------------------------------------------------------------------


def test_an_adapted_encoder_is_kept_and_the_settings_know_its_name(
    studio: Path, catalogue: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert adapted(catalogue, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], len(said["epochs"])) == ("finished", 2)
    assert {"pairs_ndcg@10", "pairs_ndcg@10 before", "change low", "change high"} <= said["metrics"].keys()
    assert "no query, no judgment" in said["protocol"]["learned from"]
    name = said["encoder"]
    (encoder,) = kept.listed(load_settings().encoders_dir)
    assert encoder.name == name
    assert encoder.card["licence"].startswith("Apache-2.0")
    assert "SHELFLENS_ENCODER=" in (encoder.path / "README.md").read_text()
    assert not (only().path / records.CHECKPOINTS).exists()
    before = weights.locate(load_settings().encoder)
    monkeypatch.setenv("SHELFLENS_ENCODER", name)
    after = weights.locate(load_settings().encoder)
    assert after.fingerprint != before.fingerprint  # so that what rests on it is made again
    pair = [TorchTextEncoder(model, "fp32").encode(["whole milk"]) for model in (before, after)]
    assert not np.array_equal(*pair)


def test_a_catalogue_of_any_name_makes_an_encoder_that_can_be_kept(
    studio: Path, catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = catalogue.rename(catalogue.with_name("Möbel & Co. (2024)"))
    assert adapted(strange, "--json") == 0  # else it would be lost at the very end
    name = json.loads(capsys.readouterr().out)["encoder"]
    assert main(["compress", "--catalogue", str(strange), "--methods", "static", "--keep", "static", "--json"]) == 0
    (small,) = json.loads(capsys.readouterr().out)["kept"]
    assert {each.name for each in kept.listed(load_settings().encoders_dir)} == {name, small}
    assert small.startswith("mobel_")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("demo store", "demo_store-int8"),
        ("Möbel & Co", "mobel_-_co-int8"),
        ("products.csv, with attributes", "products.csv-_with_attributes-int8"),
        ("家具", "encoder-int8"),
        ("../../etc", "etc-int8"),
        ("x" * 200, "x" * 75 + "-int8"),
    ],
)
def test_what_people_call_data_becomes_a_name_that_can_be_kept(words: str, name: str) -> None:
    assert kept.name_from(words, "int8") == name
    assert kept.NAME.fullmatch(name)


@pytest.mark.parametrize("way", ["adalora", "full"])
def test_the_other_ways_are_kept_too(way: str, studio: Path, catalogue: Path) -> None:
    assert main(["adapt", way, "--catalogue", str(catalogue), *QUICK, "--mlm", "8"]) == 0
    assert (only().state, len(kept.listed(load_settings().encoders_dir))) == (records.FINISHED, 1)


def stopped_after(looks: int, catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> records.Training:
    """An adaptation that was told to stop after so many looks."""
    write = records.write

    def write_and_stop(training: records.Training) -> None:
        write(training)
        if len(training.epochs) == looks and training.state == records.RUNNING:
            raise KeyboardInterrupt

    monkeypatch.setattr(records, "write", write_and_stop)
    assert adapted(catalogue) == 130
    monkeypatch.setattr(records, "write", write)
    return only()


def test_one_that_was_stopped_goes_on_to_the_same_curve(
    studio: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = stopped_after(1, catalogue, monkeypatch)
    assert (stopped.state, len(stopped.epochs)) == (records.STOPPED, 1)
    assert kept.listed(load_settings().encoders_dir) == []  # nothing half
    assert f"adapt --resume {stopped.id}" in capsys.readouterr().err
    assert main(["adapt", "--resume", stopped.id]) == 0
    resumed = only()
    records.discard(load_settings().adaptations_dir, resumed.id)
    assert adapted(catalogue) == 0
    expected = [(e.number, pytest.approx(e.loss, abs=1e-6), pytest.approx(e.ndcg)) for e in only().epochs]
    assert [(e.number, e.loss, e.ndcg) for e in resumed.epochs] == expected


def test_a_damaged_checkpoint_is_said_and_nothing_is_kept(
    studio: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = stopped_after(1, catalogue, monkeypatch)
    (checkpoint,) = (stopped.path / records.CHECKPOINTS).iterdir()
    checkpoint.write_bytes(checkpoint.read_bytes()[:200])
    capsys.readouterr()
    assert main(["adapt", "--resume", stopped.id, "--json"]) == 1
    assert "its latest checkpoint cannot be used" in one_clear_line(capsys)
    assert only().state == records.FAILED
    assert kept.listed(load_settings().encoders_dir) == []


def test_a_kept_encoder_is_set_against_the_one_it_came_from(
    studio: Path, catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert adapted(catalogue, "--json") == 0
    name = json.loads(capsys.readouterr().out)["encoder"]
    judged = write_judgments(tmp_path / "judged.csv")
    ground = ["--catalogue", str(catalogue), "--judgments", str(judged)]
    assert main(["adapt", "--compare", name, *ground, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert set(figures) == {"ndcg@10", "pooled_ndcg@10", "pairs_ndcg@10"}
    both = figures["pooled_ndcg@10"]
    assert both["after"]["queries"] == 3
    assert both["after"]["mean"] - both["before"]["mean"] == pytest.approx(both["after"]["change"], abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["magic"], "there is no way to adapt called 'magic'"),
        (["--steps", "0"], "an adaptation got steps=0"),
        (["--resume", "nothing"], "there is no training 'nothing'"),
        (["lora", "--resume", "x"], "--resume beside a way"),
        (["--catalogue", "/no/such/folder"], "there is no catalogue"),
        (["--compare", "nobody"], "there is no kept encoder 'nobody'"),
    ],
)
def test_what_cannot_be_adapted_is_said_in_one_line(
    arguments: list[str], told: str, studio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adapt", *arguments]) != 0
    assert told in one_clear_line(capsys)
    assert records.listed(load_settings().adaptations_dir) == []


def test_what_has_too_few_texts_is_refused_before_a_record_is_made(
    studio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    assert adapted(folder, "--json") != 0
    assert str(folder.name) in one_clear_line(capsys)
    (folder / "products.csv").write_text("id,title,description\n1,whole milk,c\n2,tea,d\n", encoding="utf-8")
    assert adapted(folder, "--json") == 1
    assert "only 2 products have a name" in one_clear_line(capsys)
    assert records.listed(load_settings().adaptations_dir) == []


BOTH_STAGES = ("--mlm", "8", "--respelt", "0.3", "--matryoshka", "4")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--compare", "x", "--steps", "4"], "--compare beside --steps"),
        (["full", "--compare", "x"], "--compare beside the way 'full'"),
        (["--compare", "x", "--trials", "all"], "--compare beside --trials"),
        (["--trials", "lora", "--resume", "x"], "--trials beside --resume"),
        (["--trials", "lora", "--learning-rate", "0.1"], "--trials beside --learning-rate"),
        (["lora", "--judgments", "x.csv"], "--judgments beside an adaptation"),
    ],
)
def test_options_that_would_go_unheard_beside_each_other_are_refused(
    arguments: list[str], told: str, studio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adapt", *arguments]) == 2
    assert told in one_clear_line(capsys)
    assert records.listed(load_settings().adaptations_dir) == []


def test_both_stages_and_every_option_are_in_the_record_and_on_the_card(
    studio: Path, catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert adapted(catalogue, *BOTH_STAGES, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [len(said["masked"]), len(said["epochs"])] == [4, 2]  # the first look is at the end of the head's own steps
    assert {"hidden words", "respelt", "shorter vectors"} <= said["protocol"].keys()
    assert {"respelt_ndcg@10", "respelt change low", "pairs_ndcg@10 first 4", "pairs_ndcg@10 first 8 before"} <= (
        said["metrics"].keys()
    )
    (encoder,) = kept.listed(load_settings().encoders_dir)
    assert "begun anew" in encoder.card["protocol"]["hidden words"]
    assert encoder.card["settings"]["mlm"] == 8
    assert encoder.card["processor_minutes"] >= 0
    assert "threads" in encoder.card["processor"]
    weights_of = weights.locate(str(encoder.path))
    assert not [name for name in read_arrays(weights_of) if "mlm" in name]  # the head is not kept


@pytest.mark.parametrize(("masked", "looks"), [(1, 0), (2, 0), (4, 0), (4, 1)])
def test_it_is_resumed_in_whichever_stage_it_was_stopped(
    masked: int, looks: int, studio: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = records.write

    def write_and_stop(training: records.Training) -> None:
        write(training)
        reached = (len(training.masked), len(training.epochs)) == (masked, looks)
        if reached and training.state == records.RUNNING:
            raise KeyboardInterrupt

    monkeypatch.setattr(records, "write", write_and_stop)
    assert adapted(catalogue, *BOTH_STAGES) == 130
    monkeypatch.setattr(records, "write", write)
    stopped = only()
    assert (stopped.state, len(stopped.masked), len(stopped.epochs)) == (records.STOPPED, masked, looks)
    assert main(["adapt", "--resume", stopped.id]) == 0
    resumed = only()
    records.discard(load_settings().adaptations_dir, resumed.id)
    assert adapted(catalogue, *BOTH_STAGES) == 0
    whole = only()
    assert [each[:2] for each in resumed.masked] == [pytest.approx(each[:2], abs=1e-5) for each in whole.masked]
    assert [e.loss for e in resumed.epochs] == [pytest.approx(e.loss, abs=1e-5) for e in whole.epochs]
    assert resumed.metrics["pairs_ndcg@10"] == pytest.approx(whole.metrics["pairs_ndcg@10"])


def test_trials_are_judged_beside_each_other_and_go_on_where_they_were_stopped(
    studio: Path, catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from recsys.encoders.adapting.settings import Adapting
    from recsys.training.encoders import trials

    few = Adapting(steps=2, every=2, pairs_per_step=8, max_tokens=8, rank=2)
    short = {
        "before": trials.Trial("before", "As it was", ""),
        "lora": trials.Trial("lora", "LoRA", "lora", few, 20),
        "mlm": trials.Trial("mlm", "After hidden words", "lora", replace(few, mlm=2), 20),
    }
    monkeypatch.setattr(trials, "TRIALS", short)
    ground = ["--catalogue", str(catalogue), "--judgments", str(write_judgments(tmp_path / "judged.csv"))]
    assert main(["adapt", "--trials", "all", *ground, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    rows = {each["name"]: each for each in report["trials"]}
    assert list(rows) == ["before", "lora", "mlm"]
    assert "change" not in rows["before"]["figures"]["pooled_ndcg@10"]
    assert rows["mlm"]["over_lora"].keys() == rows["mlm"]["figures"].keys()
    assert (rows["mlm"]["steps"], len(rows["mlm"]["masked"])) == (2, 1)
    assert rows["lora"]["learned_from"] <= 20
    assert report["figures"]["pairs_ndcg@10"]["after"]["queries"] > 0
    monkeypatch.setattr(trials, "_worked", None)  # nothing is done twice
    assert main(["adapt", "--trials", "lora,mlm", *ground, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trials"] == report["trials"]
    assert records.listed(load_settings().adaptations_dir) == []
    assert main(["adapt", "--trials", "magic", *ground]) == 2
    assert "there is no trial called 'magic'" in one_clear_line(capsys)


# --- compress ---------------------------------------------------------------------------------------------------------


def compressed(catalogue: Path, judged: Path, *more: str) -> int:
    ground = ["--catalogue", str(catalogue), "--judgments", str(judged)]
    ways = "int8,int8-whole,heads,layers-3,distilled,distilled-int8,short-96,static"
    return main(["compress", *ground, "--methods", ways, *more])


def test_smaller_encoders_are_measured_beside_the_full_one(
    studio: Path, catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compressed(catalogue, write_judgments(tmp_path / "judged.csv"), "--keep", "static", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert reports.is_sound(report)
    by_name = {each["name"]: each for each in report["variants"]}
    full = by_name["full"]
    assert (full["agreement"], full["speed"], full["query_share"]) == (1.0, 1.0, 1.0)
    assert "change" not in full["figures"]["ndcg@10"]
    assert by_name["int8"]["agreement"] > 0.6
    assert by_name["short-96"]["figures"]["ndcg@10"]["change"] == pytest.approx(0.0)  # 16 numbers are not shortened
    learned = by_name["distilled"]["learned"]
    assert learned["cosine"] >= learned["cosine_before"]
    assert set(by_name["distilled"]["against"]["layers-3"]) == {"ndcg@10", "pooled_ndcg@10", "pairs_ndcg@10"}
    assert full["cosine"] == pytest.approx(1.0, abs=1e-4)
    assert by_name["int8"]["cosine"] > 0.98
    assert by_name["short-96"]["cosine"] is None  # other axes
    assert by_name["int8-whole"]["kept_mb"] < by_name["int8"]["kept_mb"]  # no weights
    assert report["kept"] == ["shelf-static"]
    assert {path.name for path in load_settings().encoders_dir.iterdir()} == {"shelf-static"}  # nothing else is left
    monkeypatch.setenv("SHELFLENS_ENCODER", "shelf-static")
    assert load_settings().encoder.endswith("/encoders/shelf-static")


def test_a_catalogue_that_nobody_judged_is_shown_with_its_small_indexes(
    studio: Path, catalogue: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressing, "PIECES", (4,))
    (file,) = catalogue.iterdir()
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    more = [f"{copy}{row}" for copy in "abc" for row in rows]  # an index is learned from 256 products or more
    file.write_text("\n".join([header, *more]) + "\n", encoding="utf-8")
    assert main(["compress", "--catalogue", str(catalogue), "--methods", "int8", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(each["name"], set(each["figures"])) for each in report["variants"]] == [
        ("full", {"pairs_ndcg@10"}), ("int8", {"pairs_ndcg@10"}), ("pq-4", set()),
    ]  # fmt: skip
    assert reports.is_sound(report)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--methods", "magic"], "no way to compress called 'magic'"),
        (["--keep", "magic"], "no way to compress called 'magic'"),
        (["--judgments", "x.csv"], "--judgments without --catalogue"),
        (["--methods", "full"], "--methods names no smaller encoder"),
        (["--methods", " , "], "--methods names no smaller encoder"),
        (["--keep", "full"], "--keep names no smaller encoder"),
        (["--keep", ""], "--keep names no smaller encoder"),
    ],
)
def test_what_cannot_be_compressed_is_said_in_one_line(
    arguments: list[str], told: str, studio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compress", *arguments]) == 2
    assert told in one_clear_line(capsys)


def test_a_number_out_of_range_is_refused(studio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compress", "--products", "3"]) == 2
    assert "--products 3 cannot be used" in capsys.readouterr().err


# --- what is kept and read --------------------------------------------------------------------------------------------


def sound() -> dict[str, Any]:
    (found,) = [each for each in reports.kept("nobody") if each.name == "compression_icecat"]
    return found.report


@pytest.mark.parametrize(
    "damage", [{"variants": [{"x": 1}]}, {"variants": []}, {"protocol": [1]}, {"queries": "many"}, {"instructions": 1}]
)
def test_a_damaged_report_hides_none_that_is_sound(damage: dict[str, Any], tmp_path: Path) -> None:
    text = json.dumps({**sound(), **damage})
    (tmp_path / "compression_icecat.json").write_text(text, encoding="utf-8")
    assert reports.kept("nobody", tmp_path)[0].report == sound()


@pytest.mark.parametrize("place", [0, 1])
def test_a_report_whose_encoders_lack_the_figure_it_is_read_by_is_not_shown(place: int) -> None:
    variants = [dict(each) for each in sound()["variants"]]
    variants[place]["figures"] = {name: each for name, each in variants[place]["figures"].items() if name == "ndcg@10"}
    assert not reports.is_sound({**sound(), "variants": variants})


@pytest.mark.parametrize(
    ("before", "now", "encoder", "kept_on"),
    [
        (("full", "int8", "static"), ("full", "int8"), "minilm", True),  # a table gives no way to one row of it
        (("full", "int8"), ("full", "int8", "static"), "minilm", False),
        (("full", "int8"), ("full", "int8"), "minilm", False),
        (("full", "int8", "static"), ("full", "int8"), "another", False),  # of an encoder that is used no more
    ],
)
def test_a_few_ways_do_not_take_the_place_of_more(
    before: tuple[str, ...], now: tuple[str, ...], encoder: str, kept_on: bool, tmp_path: Path
) -> None:
    def report(names: tuple[str, ...], encoder: str) -> dict[str, Any]:
        variants = [each for each in sound()["variants"] if each["name"] in names]
        return {**sound(), "variants": variants, "encoder": encoder, "source": {"dataset": "shoes"}}

    settings = Settings(state_dir=tmp_path, shop="shoes")
    keep(report(before, encoder), settings.measured_dir, "compression_shoes")
    assert compress.fuller_is_shown(report(now, "minilm"), settings) is kept_on


def test_ones_own_report_stands_first(tmp_path: Path) -> None:
    own = {**sound(), "source": {"dataset": "shoes"}}
    (tmp_path / "compression_shoes.json").write_text(json.dumps(own), encoding="utf-8")
    assert reports.kept("shoes", tmp_path)[0].shop == "shoes"
    assert reports.where(own) == "shoes"


def test_a_folder_without_a_card_is_no_kept_encoder(tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / kept.KEPT_CARD).write_text("{", encoding="utf-8")
    assert kept.listed(tmp_path) == []


def test_a_name_that_is_nobodys_stays_as_it_was(tmp_path: Path) -> None:
    assert Settings(state_dir=tmp_path, encoder="minilm").encoder == "minilm"


def test_pairs_and_agreement_are_counted_by_hand() -> None:
    names = np.eye(3, dtype=np.float32)
    rests = np.eye(3, dtype=np.float32)[[0, 2, 1]]  # the second and third are found in each other's place
    assert pair_values(names, rests).tolist() == pytest.approx([1.0, 1 / np.log2(4), 1 / np.log2(4)])
    assert agreement(np.array([[0, 1], [2, 3]]), np.array([[1, 0], [2, 9]])) == 0.75
    assert top_rows(names[:1], np.array([[0, 1, 0], [1, 0, 0], [1, 0, 0]], np.float32), 2).tolist() == [[1, 2]]
