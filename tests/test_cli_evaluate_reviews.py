"""`evaluate reviews` measures a file against the simple way, and refuses in words what it cannot measure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.cli import main


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
