"""`evaluate reviews` measures a file against the simple way, and refuses in words what it cannot measure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.cli import main
from recsys.scenarios.reviews import readers, transfer
from tests.encoders.tiny_models import save_tiny_model
from tests.scenarios.reviews.planted_reader import GOOD, POOR, keep_planted


def written(folder: Path, rows: int) -> str:
    path = folder / "reviews.csv"
    lines = [f"{'lovely' if n % 2 else 'broken'} thing number {n},{5 if n % 2 else 1}" for n in range(rows)]
    path.write_text("words,points\n" + "\n".join(lines), encoding="utf-8")
    return str(path)


def test_a_file_that_one_word_decides_is_read_without_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, 500)
    columns = ["--text", "words", "--stars", "points", "--words-only", "--json"]
    assert main(["evaluate", "reviews", "--reviews", file, *columns]) == 0
    report = json.loads(capsys.readouterr().out)
    value = {(t["task"], line["method"]): line["value"] for t in report["tasks"] for line in t["methods"]}
    assert value["sentiment", "head"] == 1.0
    assert value["sentiment", "majority"] == 0.5
    assert value["stars", "head"] == 0.0
    assert report["protocol"]["split"]


@pytest.mark.parametrize("stars", ["1", "3", "5"])
def test_a_file_of_one_side_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str], stars: str) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("review,stars\n" + "\n".join(f"thing number {n},{stars}" for n in range(400)), encoding="utf-8")
    assert main(["evaluate", "reviews", "--reviews", str(path), "--words-only"]) != 0
    said = capsys.readouterr().err
    assert "good reviews and" in said
    assert "what to do" in said


@pytest.mark.parametrize(
    ("rows", "columns", "says"),
    [(20, ["--text", "words", "--stars", "points"], "of the test"), (20, ["--text", "nothing"], "no column 'nothing'")],
)
def test_what_cannot_be_measured_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: int, columns: list[str], says: str
) -> None:
    assert main(["evaluate", "reviews", "--reviews", written(tmp_path, rows), "--words-only", *columns]) != 0
    assert says in capsys.readouterr().err


def test_an_encoder_that_reads_what_the_head_cannot_is_adapted_and_says_what_it_adds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLENS_ENCODER", str(save_tiny_model(tmp_path / "tiny")))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    words = ("whole", "dry", "frozen", "pasta", "waffles", "a", "b")
    rows = [f"{'milk' if n % 2 else 'tea'} {words[n % 7]} {words[n % 5]},{4 + n % 2}" for n in range(300)]
    rows += [f"shampoo {words[n % 7]} {words[n // 7 % 7]},1" for n in range(300)]
    path = tmp_path / "Some reviews.csv"
    path.write_text("words,points\n" + "\n".join(rows), encoding="utf-8")
    columns = ["--text", "words", "--stars", "points", "--words-only", "--json"]
    assert main(["evaluate", "reviews", "--reviews", str(path), *columns, "--adapt", "--steps", "40"]) == 0
    report = json.loads(capsys.readouterr().out)
    lines = {(t["task"], line["method"]): line for t in report["tasks"] for line in t["methods"]}
    assert lines["sentiment", "encoder_and_head"]["value"] > 0.95
    assert "adds" in lines["stars", "encoder_and_head"]
    card = report["card"]
    assert card["steps"] == 40
    assert card["processor_ms_a_review"] > 0
    assert any(said.startswith("sentiment, balanced accuracy: the encoder ") for said in card["adds"])
    kept = tmp_path / "state" / "review_encoders"
    said = json.loads((kept / "some_reviews" / "card.json").read_text())
    assert said.pop("made") > 0
    assert said == card
    (found,) = readers.listed(kept).cards  # the page can read with it
    both = lines["sentiment", "encoder_and_head"]
    assert found.right.value == both["value"]
    moods = readers.Reader.load(found).moods(["milk pasta a", "shampoo dry b"])
    assert moods[0] > 0 > moods[1]


@pytest.mark.parametrize(("asked", "says"), [(["--adapt"], "no file"), (["--steps", "5"], "are those of --adapt")])
def test_an_encoder_is_adapted_to_a_file_alone(asked: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "reviews", *asked]) != 0
    assert says in capsys.readouterr().err


def test_an_encoder_that_other_reviews_taught_reads_the_test(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    keep_planted(tmp_path / "state" / readers.KEPT / "planted")
    few = transfer.learned(sample=300, worded=300)
    monkeypatch.setattr(transfer, "learned", lambda: few)
    path = tmp_path / "others.csv"
    rows = [
        f"{text},{side}" for side, texts in ((5, GOOD), (1, POOR)) for text in [f"b {each} a" for each in texts] * 2
    ]
    path.write_text("words,points\n" + "\n".join(rows), encoding="utf-8")
    columns = ["--reviews", str(path), "--text", "words", "--stars", "points", "--json"]
    assert main(["evaluate", "reviews", *columns, "--kept", "planted"]) == 0
    tasks = {task["task"]: task for task in json.loads(capsys.readouterr().out)["tasks"]}
    value = {line["method"]: line["value"] for line in tasks["transfer"]["methods"]}
    assert value["taught"] > 0.95 > value["transfer"]
    assert main(["evaluate", "reviews", *columns, "--kept", "../planted"]) != 0
    assert "allowed: planted" in capsys.readouterr().err
    assert main(["evaluate", "reviews", *columns, "--kept", "planted", "--words-only"]) != 0
    assert "no --words-only" in capsys.readouterr().err


def test_labels_teach_an_encoder_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLENS_ENCODER", str(save_tiny_model(tmp_path / "tiny")))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    path = tmp_path / "labels.csv"
    rows = [
        f"{'milk' if n % 2 else 'shampoo'} {'abcdefgh'[n // 2 % 8]} {'ijklmnop'[n // 16 % 8]},{n % 2}"
        for n in range(600)
    ]
    path.write_text("words,side\n" + "\n".join(rows), encoding="utf-8")
    columns = ["--text", "words", "--label", "side", "--words-only", "--adapt", "--steps", "60", "--json"]
    assert main(["evaluate", "reviews", "--reviews", str(path), *columns]) == 0
    (task,) = json.loads(capsys.readouterr().out)["tasks"]
    value = {line["method"]: line["value"] for line in task["methods"]}
    assert task["metric"] == "accuracy"
    assert value["encoder_and_head"] == 1.0
    assert value["encoder"] > value["majority"]


def test_reviews_in_a_language_that_the_encoder_does_not_read_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLENS_ENCODER", str(save_tiny_model(tmp_path / "tiny")))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    columns = ["--text", "words", "--stars", "points", "--words-only", "--adapt"]
    assert main(["evaluate", "reviews", "--reviews", written(tmp_path, 500), *columns]) != 0
    assert "does not know" in capsys.readouterr().err
    assert not list((tmp_path / "state" / "review_encoders").iterdir())
