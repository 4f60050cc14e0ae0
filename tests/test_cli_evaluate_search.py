"""`python -m recsys evaluate search`: what it refuses, on one line; what it prints, by the storefront's own engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.cli import main

PRODUCTS = [
    {"id": "1", "title": "Red desk lamp", "brand": "Acme", "description": "A lamp for the desk"},
    {"id": "2", "title": "Oak desk", "brand": "Wood", "description": "A table to work at"},
    {"id": "3", "title": "Gaming laptop 15 inch", "brand": "Acme", "description": "A fast portable computer"},
    {"id": "4", "title": "Laptop bag", "brand": "Carry", "description": "A sleeve for portable computers"},
]


@pytest.fixture
def shop(tmp_path: Path, prepared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a catalogue of four products and judgments of two queries."""
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(prepared_cache))  # the encoder is there
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "a.json").write_text(json.dumps(PRODUCTS), encoding="utf-8")
    judged = "query,docid,rating\ngaming laptop,3,3\ngaming laptop,4,0\ndesk lamp,1,3\ndesk lamp,2,1\ndesk lamp,99,3\n"
    (tmp_path / "judged.csv").write_text(judged, encoding="utf-8")
    return tmp_path


def asked(shop: Path, *more: str) -> int:
    return main(
        ["evaluate", "search", "--catalogue", str(shop / "catalogue"), "--judgments", str(shop / "judged.csv"), *more]
    )


def test_every_system_gets_its_figures_and_what_was_left_out_is_said(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(shop, "--json", "--run-file", str(shop / "run.txt")) == 0
    report = json.loads(capsys.readouterr().out)
    by_name = {system["name"]: system for system in report["systems"]}
    assert list(by_name) == ["bm25", "meaning", "rrf", "mix", "fielded", "fused", "shelflens"]
    assert by_name["shelflens"]["ndcg@10"] == by_name["shelflens"]["pooled_ndcg@10"] == 1.0
    assert {"mrr", "recall@100", "ci95", "p50_ms", "p95_ms"} <= set(by_name["bm25"])
    assert report["notes"] == ["1 of 5 judgments name a product that the catalogue does not have; left out"]
    for name in by_name:  # a file holds one system
        found = (shop / f"run.{name}.txt").read_text().splitlines()
        assert {line.split()[-1] for line in found} == {name}
    assert report["run_files"] == [f"run.{name}.txt" for name in by_name]
    assert not (shop / "run.txt").exists()
    assert report["read_as"][0] == "catalogue: read as JSON in UTF-8, 1 file; 4 products"
    assert report["read_as"][1].startswith("judged.csv: read as UTF-8, a table separated by commas; query <-")
    assert asked(shop, "--systems", "shelflens,bm25") == 0
    assert "shelflens" in capsys.readouterr().out


def test_a_run_of_one_system_is_the_file_that_was_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(shop, "--systems", "bm25", "--run-file", str(shop / "run.txt"), "--json") == 0
    assert {line.split()[-1] for line in (shop / "run.txt").read_text().splitlines()} == {"bm25"}
    assert json.loads(capsys.readouterr().out)["run_files"] == ["run.txt"]


def test_the_order_of_the_file_changes_no_figure_of_any_system(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twins whose texts are equal tie in every system: the judged ones stand first in one file, last in the other."""
    twins = [{"id": f"t{n:02}", "title": "Brass desk lamp", "brand": "Acme"} for n in range(30)]
    judged = "query,docid,rating\nbrass lamp,t07,3\nbrass lamp,t21,1\nlaptop,3,3\nlaptop,4,1\nlaptop,t01,0\n"
    (shop / "judged.csv").write_text(judged, encoding="utf-8")
    figures = []
    for products in ([*PRODUCTS, *twins], [*twins[::-1], *PRODUCTS[::-1]]):
        (shop / "catalogue" / "a.json").write_text(json.dumps(products), encoding="utf-8")
        assert asked(shop, "--json") == 0
        report = json.loads(capsys.readouterr().out)
        figures.append([{k: v for k, v in each.items() if not k.endswith("_ms")} for each in report["systems"]])
    assert figures[0] == figures[1]


def test_an_unknown_system_is_refused_before_any_work(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(shop, "--systems", "bm25,google") == 2
    assert capsys.readouterr().err.startswith("error: there is no search system 'google'. allowed: bm25, meaning")


def test_missing_files_are_one_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "judged.csv").unlink()
    assert asked(shop) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_file_that_cannot_be_written_is_said_before_any_work(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(shop, "--run-file", str(shop / "nowhere" / "run.txt")) == 2
    assert "--run-file names a folder that is not there" in capsys.readouterr().err
