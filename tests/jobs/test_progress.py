"""How far a job has come: what is written, what is read, and the time left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.jobs import Progressed, progressed
from recsys.jobs.progress import PROGRESS, following
from recsys.progress import silent


def tell(folder: Path, **facts: object) -> None:
    said = {"label": "Learning", "note": "", "share": 0.5, "seconds_left": None} | facts
    (folder / PROGRESS).write_text(json.dumps(said), encoding="utf-8")


def share(folder: Path) -> float:
    found = progressed(folder)
    assert found is not None
    return found.share


def test_progress_is_what_was_said_last(tmp_path: Path) -> None:
    assert progressed(tmp_path) is None
    following(tmp_path, lambda label: silent)("Judging")(1, 1, "done")
    assert progressed(tmp_path) == Progressed("Judging", "done", 1.0, None)


@pytest.mark.parametrize(
    "facts", [{"share": "much"}, {"seconds_left": "soon"}, {"label": "x", "note": None, "share": []}]
)
def test_progress_that_cannot_be_read_is_no_progress(facts: dict[str, object], tmp_path: Path) -> None:
    tell(tmp_path, **facts)
    assert progressed(tmp_path) is None


@pytest.mark.parametrize("said", ["", "{", "[1]", '{"label": "x"}'])
def test_what_is_no_progress_is_none(said: str, tmp_path: Path) -> None:
    (tmp_path / PROGRESS).write_text(said, encoding="utf-8")
    assert progressed(tmp_path) is None


def test_progress_of_before_an_interruption_is_not_shown(tmp_path: Path) -> None:
    tell(tmp_path)
    written = (tmp_path / PROGRESS).stat().st_mtime
    assert progressed(tmp_path, written) is not None
    assert progressed(tmp_path, written + 5) is None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """[seconds]: what the clock shows, to be set."""
    shown = [100.0]
    monkeypatch.setattr("recsys.jobs.progress.time.monotonic", lambda: shown[0])
    return shown


def test_the_time_left_counts_from_where_resumed_work_began(tmp_path: Path, clock: list[float]) -> None:
    told = following(tmp_path, lambda label: silent)("Learning")
    told(40, 100)  # it goes on at .4
    clock[0] += 10
    told(60, 100)  # ten seconds later it is at .6: .2 in 10 s, so that .4 takes 20 s
    found = progressed(tmp_path)
    assert found is not None
    assert found.seconds_left == pytest.approx(20)


def test_steps_that_were_there_already_say_nothing_of_the_pace(tmp_path: Path, clock: list[float]) -> None:
    progress_of = following(tmp_path, lambda label: silent, steps=4)
    for label in ("first", "second"):
        progress_of(label)(1, 1, "already there")
    third = progress_of("third")
    clock[0] += 30
    third(1, 2)  # half a step of four in 30 s: the step and a half that is left takes 90 s
    found = progressed(tmp_path)
    assert found is not None
    assert (found.share, found.seconds_left) == (0.625, pytest.approx(90))


def test_the_second_of_four_steps_half_done_is_three_eighths_of_the_whole(tmp_path: Path, clock: list[float]) -> None:
    progress_of = following(tmp_path, lambda label: silent, steps=4)
    progress_of("first")(10, 10)
    assert share(tmp_path) == 0.25
    clock[0] += 1
    progress_of("second")(5, 10, "halfway")
    assert share(tmp_path) == 0.375


def test_progress_is_not_written_more_often_than_it_can_be_read(tmp_path: Path) -> None:
    told = following(tmp_path, lambda label: silent)("only")
    told(1, 1_000)
    told(2, 1_000)
    assert share(tmp_path) == 0.001


def test_what_is_written_is_shown_too(tmp_path: Path) -> None:
    shown: list[tuple[str, int, int, str]] = []
    following(tmp_path, lambda label: lambda done, total, note="": shown.append((label, done, total, note)))("a")(1, 2)
    assert shown == [("a", 1, 2, "")]


def test_a_disk_without_room_stops_the_bar_and_not_the_work(tmp_path: Path) -> None:
    told = following(tmp_path / "nowhere", lambda label: silent)("only")
    told(1, 2)
    assert progressed(tmp_path / "nowhere") is None
