"""Answers of a query set in a folder: what was asked is not asked again, and what is not whole is not read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from recsys.errors import ArtifactError, StorageError
from recsys.evaluation.search import lab_sets, set_answers
from recsys.evaluation.search.lab import Scope, System, Twins, systems
from recsys.schema import Answer, Request
from tests.evaluation.search.test_lab import engine
from tests.full_disk import room_for

BOTH = [systems()["words"], systems()["meaning"]]
SCOPE = Scope("7", departments=("DAIRY",))
QUERIES = ["milk", "tea", "oat milk"]


class Killed(BaseException):
    """The process is gone."""


class Counting:
    """An engine that notes what it is asked, and dies at the n-th question."""

    def __init__(self, dies_at: int = 10**6) -> None:
        self.asked: list[str] = []
        self._ask, self._dies_at = engine(), dies_at

    def __call__(self, request: Request) -> Answer:
        if len(self.asked) == self._dies_at:
            raise Killed
        self.asked.append(request.query)
        return self._ask(request)


def run(ask: Counting, folder: Path, chosen: list[System] = BOTH, version: str = "1") -> lab_sets.SetRun:
    return lab_sets.run_set(ask, "mine", QUERIES, chosen, scope=SCOPE, folder=folder, version=version)


def killed(folder: Path) -> None:
    """A run that died at its second query: two systems were warmed up and the first query asked of both."""
    with pytest.raises(Killed):
        run(Counting(dies_at=5), folder)


def test_a_finished_run_is_opened_as_it_was(tmp_path: Path) -> None:
    done = run(Counting(), tmp_path)
    again = lab_sets.opened(tmp_path, lambda fold: Twins())
    assert (again.name, again.queries, again.systems, again.scope) == ("mine", QUERIES, tuple(BOTH), SCOPE)
    assert again.found == done.found
    assert again.ms == done.ms


def test_a_killed_run_goes_on_with_what_was_not_asked(tmp_path: Path) -> None:
    killed(tmp_path)
    with pytest.raises(ArtifactError, match="lacks 2 of 3 answers"):
        set_answers.opened(tmp_path)
    ask = Counting()
    resumed = run(ask, tmp_path)
    assert ask.asked == ["milk", "milk", "tea", "tea", "oat milk", "oat milk"]  # milk to warm up, and no more
    assert resumed.found == lab_sets.run_set(Counting(), "mine", QUERIES, BOTH, scope=SCOPE).found


def test_a_line_that_a_kill_cut_off_is_asked_again(tmp_path: Path) -> None:
    killed(tmp_path)
    with (tmp_path / set_answers.ANSWERS).open("a", encoding="utf-8") as file:
        file.write('{"query": "tea", "found": {"wor')
    run(Counting(), tmp_path)
    lines = (tmp_path / set_answers.ANSWERS).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["query"] for line in lines] == QUERIES


@pytest.mark.parametrize("change", ["systems", "version"])
def test_answers_to_another_question_are_not_taken(change: str, tmp_path: Path) -> None:
    killed(tmp_path)
    ask = Counting()
    other = [replace(BOTH[0], knobs=replace(BOTH[0].knobs, discovery=0.5)), BOTH[1]]
    run(ask, tmp_path, other if change == "systems" else BOTH, "2" if change == "version" else "1")
    assert ask.asked.count("milk") == 4  # twice to warm up, twice asked


@pytest.mark.parametrize("file", [set_answers.ASKED, set_answers.ANSWERS])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"format": 99}'])
def test_a_run_that_is_damaged_is_said(file: str, content: bytes, tmp_path: Path) -> None:
    run(Counting(), tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ArtifactError, match="run it again"):
        set_answers.opened(tmp_path)


def test_a_full_disk_is_said_and_what_was_kept_stays(tmp_path: Path) -> None:
    killed(tmp_path)
    kept = set_answers.Keeping(tmp_path, set_answers.Asked("mine", tuple(QUERIES), tuple(BOTH), SCOPE, "1"))
    before = (tmp_path / set_answers.ANSWERS).stat().st_size
    with room_for(before), pytest.raises(StorageError):
        kept.keep("tea", kept.earlier["milk"])
    again = set_answers.Keeping(tmp_path, set_answers.Asked("mine", tuple(QUERIES), tuple(BOTH), SCOPE, "1"))
    assert list(again.earlier) == ["milk"]
