"""No exported cell starts a formula, and what was exported is read as it was."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.evaluation.search import judgments
from recsys.evaluation.search.judgments import Judgments
from recsys.schema.cells import csv_rows, csv_table, guarded, unguarded

SIGNS = tuple("=+-@\t\r＝＋－＠")
FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0", "--",
            "-")  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text_and_comes_back(text: str) -> None:
    assert guarded(text).startswith("'")
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["-5", "+3.25", "-1e-7", "-0,5", "12", "milk", "'tis", "a=b", "a - b", "", "''"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_a_title_that_begins_with_the_guard_survives() -> None:
    assert [unguarded(guarded(text)) for text in ("'=1", "''=1", "'tis", "'")] == ["'=1", "''=1", "'tis", "'"]


def test_behind_a_semicolon_nothing_starts_either() -> None:
    assert guarded("tea;=1+1") == "tea;'=1+1"


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n';,\"a1 ＝"), max_size=12))
def test_every_text_comes_back_and_starts_nothing(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert cell == text or not cell.startswith(SIGNS)


def test_a_table_keeps_its_numbers_and_its_texts() -> None:
    table = pd.DataFrame({"title": ["=1+1", "'x", None], "price": [-1.5, 2.0, None], "=n": [-1, 0, 7]})
    rows = list(csv.reader(io.StringIO(csv_table(table))))
    assert rows == [["title", "price", "'=n"], ["'=1+1", "-1.5", "-1"], ["'x", "2.0", "0"], ["", "", "7"]]
    assert table.columns.tolist() == ["title", "price", "=n"]
    assert csv_table(pd.DataFrame({"a": pd.Categorical(["=x", "y"])})) == "a\n'=x\ny\n"


def test_rows_are_guarded_and_numbers_are_not() -> None:
    assert csv_rows(("query", "grade"), [("-milk", -1), ("a,b", 3)]) == 'query,grade\n\'-milk,-1\n"a,b",3\n'


def test_judgments_come_back_whatever_queries_begin_with() -> None:
    ratings = {"=1+1": {"-7": 3, "@x": 0}, "'=1+1": {"+a": 1}, "-milk": {"7": 2}, "a,b; =c": {"p": 1}, "'tis": {"q": 0}}
    text = judgments.csv_text(Judgments("grades", ratings))
    assert not [row for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(SIGNS) and cell != "-7"]
    assert judgments.load_bytes("grades.csv", text.encode()).ratings == ratings
