"""The whole evaluation on products that were drawn: shirts and shoes in three colours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recsys.cli import main
from recsys.evaluation.multimodal import running
from recsys.files.pictures import RGB, jpeg
from recsys.settings import Settings

COLOURS = {"Red": (200, 30, 30), "Green": (30, 150, 60), "Blue": (40, 60, 200)}
KINDS = {"Shirts": "Apparel", "Heels": "Footwear"}


def drawn(kind: str, colour: str, rng: np.random.Generator) -> RGB:
    """A wide or a tall block of its colour on white, somewhere near the middle."""
    pixels = np.full((80, 60, 3), 255, np.uint8)
    top, left = rng.integers(4, 14, 2)
    height, width = (26, 44) if kind == "Heels" else (60, 26)
    shade = np.clip(np.array(COLOURS[colour]) + rng.integers(-20, 20, 3), 0, 255)
    pixels[top : top + height, left : left + width] = shade
    return pixels


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 products; one picture is damaged and one missing."""
    made, rng = tmp_path_factory.mktemp("products"), np.random.default_rng(0)
    (made / "images").mkdir()
    lines = ["id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"]
    for number in range(1, 161):
        kind, colour = list(KINDS)[number % 2], list(COLOURS)[number % 3]
        lines.append(
            f"{number},Men,{KINDS[kind]},x,{kind},{colour},Summer,2012,Casual,Brand {number % 5} {colour} {kind}"
        )
        content = b"damaged" if number == 1 else jpeg(drawn(kind, colour, rng))
        if number != 2:
            (made / "images" / f"{number}.jpg").write_bytes(content)
    (made / "styles.csv").write_text("\n".join(lines), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def data(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> running.Encoded:
    return running.encoded(folder, Settings(cache_dir=tmp_path_factory.mktemp("cache")))


def test_what_can_be_seen_is_learned(data: running.Encoded) -> None:
    report = running.evaluated(data)
    by = {(row["task"], row["system"]): row for row in report["rows"]}
    for task in ("same_type", "same_colour", "same_category"):
        assert by[task, "fusion"]["value"] > 0.9
        low, high = by[task, "fusion"]["ci95"]
        assert low <= by[task, "fusion"]["value"] <= high
    zero_shot = by["zero_shot_type", "prompts, last words and shared words"]
    assert zero_shot["value"] == 1.0  # the label is in every title
    assert ("same_type", "frozen features") in by
    assert ("same_colour", "colours alone") in by
    assert {row["task"] for row in report["rows"]} == set(running.TASKS)
    assert report["asked"] + report["learned_from"] == report["products"] == 158
    assert any("no picture" in note for note in report["notes"])
    assert any("damaged" in note for note in report["notes"])
    assert report["fusion"]["seed"] == 0


def test_the_validation_meets_no_test_product(data: running.Encoded) -> None:
    learned, asked = running.split(data, "validation", None)
    test = set(running.split(data, "test", None)[1].tolist())
    assert not test & (set(learned.tolist()) | set(asked.tolist()))
    assert not set(learned.tolist()) & set(asked.tolist())


def test_fewer_products_are_a_part_of_all(data: running.Encoded) -> None:
    every, asked = running.split(data, "test", None)
    some, same = running.split(data, "test", 40)
    assert len(some) == 40
    assert set(some.tolist()) < set(every.tolist())
    assert np.array_equal(asked, same)


def test_the_command_line_prints_the_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "multimodal", "--pictures", str(folder), "--train-products", "60", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["learned_from"] == 60
    assert report["part"] == "test"
    assert report["command"].startswith("python -m recsys")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--train-products", "3"], "too few"),
        (["--seed", "-1"], "--seed -1"),
    ],
)
def test_impossible_wishes_are_refused(
    folder: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "multimodal", "--pictures", str(folder), *more]) != 0
    assert said in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "multimodal", "--pictures", str(tmp_path / "none"), "--json"]) != 0
    assert "styles.csv" in capsys.readouterr().err
    (tmp_path / "styles.csv").write_text(
        "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName\n"
        "1,Men,A,B,C,Red,S,2012,U,T\n",
        encoding="utf-8",
    )
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "1.jpg").write_bytes(b"x")
    assert main(["evaluate", "multimodal", "--pictures", str(tmp_path), "--json"]) != 0
    assert "no picture of 1 products" in capsys.readouterr().err
