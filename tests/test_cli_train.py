"""`python -m recsys train`: figures as JSON, and one clear line for whatever cannot be trained."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from recsys.cli import main
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.settings import load_settings
from recsys.training import records
from tests.command_line import one_clear_line
from tests.training.tiny_training import SMALL, full

SMALLER = [f"--set={name}={value}" for name, value in SMALL.items()]


def train(*arguments: str) -> int:
    return main(["train", *arguments])


def only() -> records.Training:
    """The one training there is."""
    (found,) = records.listed(load_settings().trainings_dir)
    return found


def test_json_has_the_settings_the_figures_and_the_rules(ring: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("pctm", "--interactions", str(ring), "--set", "window=3", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["state"] == "finished"
    assert said["settings"]["window"] == 3
    assert said["metrics"]["ndcg@10"] == 1.0  # on a ring the next item is certain
    assert said["protocol"]["ranking"].startswith("all 12 items")
    assert only().id == said["id"]


def test_the_transformer_prints_its_epochs_and_is_kept(ring: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("transformer", "--interactions", str(ring), *SMALLER, "--seed", "4") == 0
    printed = capsys.readouterr().out
    assert "watched nDCG@10" in printed
    assert f"training {only().id}: keep or discard it" in printed
    assert (only().seed, only().settings["seed"], len(only().epochs)) == (4, 4, 3)


@pytest.mark.usefixtures("prepared")
def test_the_selected_data_set_is_learned_from_but_for_the_last_two_baskets(capsys: pytest.CaptureFixture[str]) -> None:
    assert train("most-popular", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["data"]["dataset"] == said["source"]["dataset"] == "complete_journey_sample"
    assert "last two baskets" in said["protocol"]["learned from"]
    assert "ranked like the others" in said["protocol"]["ranking"]


def test_the_models_are_listed_with_their_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert train("--list-models") == 0
    listed = {model["name"]: model for model in json.loads(capsys.readouterr().out)}
    assert "blend" not in listed
    assert listed["transformer"]["settings"]["dropout"] == {"default": 0.3, "low": 0.0, "high": 0.9}


def test_ctrl_c_stops_it_and_resume_goes_on(
    ring: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = records.write

    def interrupting(training: records.Training) -> None:
        write(training)
        if training.epochs and training.state == records.RUNNING:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(records, "write", interrupting)
    assert train("transformer", "--interactions", str(ring), *SMALLER) == 130
    assert f"go on with `python -m recsys train --resume {only().id}`" in capsys.readouterr().err
    assert (only().state, len(only().epochs)) == (records.STOPPED, 1)
    monkeypatch.setattr(records, "write", write)
    assert train("--resume", only().id) == 0
    assert [epoch.number for epoch in only().epochs] == [1, 2, 3]
    assert only().state == records.FINISHED


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["magic"], 2, "there is no recommender 'magic'"),
        (["blend"], 2, "blend learns from other recommenders"),
        ([], 2, "no model is named"),
        (["pctm", "--set", "windows=3"], 2, "names no setting of pctm"),
        (["pctm", "--set", "window=many"], 2, "window='many' is no number"),
        (["pctm", "--set", "window=0"], 1, "window=0. allowed: a whole number from 1 to 1,000"),
        (["transformer", "--set", "heads=3"], 1, "heads that divide the dimension"),
        (["pctm", "--seed", "-1"], 1, "seed=-1"),
        (["pctm", "--attributes", "a.json"], 2, "attributes without interactions"),
        (["pctm", "--interactions", "/nowhere/at/all.txt"], 1, "there is no file /nowhere/at/all.txt"),
        (["--resume", "../../etc"], 2, "there is no training"),
        (["--resume", "20170131-120000-0a1b2c3d"], 2, "there is no training"),
        (["pctm", "--resume", "20170131-120000-0a1b2c3d"], 2, "--resume beside a model"),
    ],
)
@pytest.mark.usefixtures("ring")
def test_what_cannot_be_trained_is_one_clear_line_and_leaves_nothing(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*arguments) == code
    assert said in one_clear_line(capsys)
    assert records.listed(load_settings().trainings_dir) == []


def test_a_file_that_cannot_be_read_is_one_clear_line_and_a_failed_training(
    ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.write_text("anna soup\nanna bread milk\n", encoding="utf-8")
    assert train("pctm", "--interactions", str(ring), "--json") == 1
    error = one_clear_line(capsys)
    assert "line 2: its user stands on line 1 already" in error
    assert only().state == records.FAILED
    assert only().error in error


def test_a_loss_that_is_no_number_is_one_clear_line(
    ring: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from recsys.recommenders.transformer.model import InterestNetwork

    monkeypatch.setattr(InterestNetwork, "backward", lambda *_: float("nan"))
    assert train("transformer", "--interactions", str(ring), *SMALLER, "--json") == 1
    assert "error: the loss of training is nan in epoch 1, step 1." in capsys.readouterr().err
    assert only().state == records.FAILED


def test_a_full_disk_while_saving_is_one_clear_line_and_earlier_models_stay(
    ring: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert train("pctm", "--interactions", str(ring), "--json") == 0
    first = only()
    before = (first.path / records.MODEL / "settings.json").read_bytes()
    monkeypatch.setattr(TransformerRecommender, "save", full)
    assert train("transformer", "--interactions", str(ring), *SMALLER, "--json") == 1
    assert "error: the disk is full" in capsys.readouterr().err
    newest, earlier = records.listed(load_settings().trainings_dir)
    assert (newest.state, earlier.state) == (records.FAILED, records.FINISHED)
    assert (first.path / records.MODEL / "settings.json").read_bytes() == before


def test_a_finished_training_is_not_resumed(ring: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("pctm", "--interactions", str(ring), "--json") == 0
    assert train("--resume", only().id) == 2
    assert "is finished already" in capsys.readouterr().err


def test_the_command_of_a_training_makes_it_again(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert train("pctm", "--interactions", str(ring), "--set", "tau=2", "--json") == 0
    first = only()
    monkeypatch.chdir(ring.parent)
    words: list[Any] = first.command.split()[4:]  # after `python -m recsys train`
    assert train(*words, "--json") == 0
    newest = records.listed(load_settings().trainings_dir)[0]
    assert (newest.settings, newest.metrics) == (first.settings, first.metrics)
