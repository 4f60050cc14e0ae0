"""`python -m recsys evaluate queries`: figures of a saved set, and one clear line for what cannot be asked."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.evaluation.search.lab import grade_book
from recsys.settings import Settings
from tests.command_line import one_clear_line


def queries(*arguments: str) -> int:
    return main(["evaluate", "queries", *arguments])


def test_a_saved_set_is_asked_of_every_system_that_suits(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    grade_book(prepared).save_set("mine", ["milk", "tea"])
    assert queries("--set=mine", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["set"], said["queries"]) == ("mine", 2)
    assert {row["system"] for row in said["systems"]} == {"words", "meaning", "fusion", "yours"}  # nobody: no personal
    assert [row["ndcg@10"] for row in said["systems"]] == [None] * 4  # nothing is graded


def test_graded_queries_are_a_set_and_the_table_names_the_systems(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    grade_book(prepared).give("milk", "1", 3)
    assert queries("--graded", "--systems=words,meaning") == 0
    printed = capsys.readouterr().out
    assert "1 of 1 graded" in printed
    assert "words" in printed
    assert "fusion" not in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set=other"], "there is no query set 'other'. allowed: mine"),
        (["--set=mine", "--systems=magic"], "there is no system 'magic'"),
        ([], "one of the arguments --set --graded is required"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_line(
    arguments: list[str], said: str, prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    grade_book(prepared).save_set("mine", ["milk"])
    code: object = 2
    try:
        code = queries(*arguments)
    except SystemExit as ended:  # of the parser
        code = ended.code
    assert code == 2
    assert said in one_clear_line(capsys)
