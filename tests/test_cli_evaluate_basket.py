"""`python -m recsys evaluate basket` prints a whole report, or says in one line what it cannot use."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from recsys.cli import main
from recsys.evaluation.basket.kept import NEEDED, kept, kept_relations
from recsys.settings import PROJECT, Settings
from tests.command_line import one_clear_line

GIVEN = PROJECT.parent / "shared" / "data" / "grocery_complements"


def packed(folder: Path, meta: str, bought: str) -> Path:
    for name, text in (("item_meta.csv.gz", meta), ("train.csv.gz", bought)):
        (folder / name).write_bytes(gzip.compress(text.encode()))
    return folder


@pytest.fixture
def relations(tmp_path: Path) -> Path:
    """100 items in ten circles: each is related to the others of its circle, and people buy within one."""
    rng = np.random.default_rng(0)
    meta = ["item_id\ti_category\tr_complement\tr_substitute"]
    for item in range(100):
        others = [each for each in range(item % 10, 100, 10) if each != item]
        meta.append(f"{item}\t{item % 3}\t{others[:5]}\t{others[5:]}")
    bought = ["user_id\titem_id\ttime"]
    for user in range(200):
        for item in rng.choice(np.arange(user % 10, 100, 10), 4, replace=False):
            bought.append(f"{user}\t{item}\t{86_400 * int(rng.integers(3))}")
    return packed(tmp_path, "\n".join(meta) + "\n", "\n".join(bought) + "\n")


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_report_of_a_shop_is_whole_and_kept_for_the_page(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "basket", "--days", "50", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED
    lines = {line["method"]: line for line in report["methods"] if line["group"] == "all"}
    assert set(lines) >= {"mix", "popular", "personal-frequency", "lift", "vectors", "content", "sequence"}
    for line in lines.values():
        assert line["hit_ci95"][0] <= line["hit"] <= line["hit_ci95"][1]
        assert 0 < line["mrr"] <= 1
    assert sum(line["best"] for line in lines.values()) == 1
    assert kept("small_demo", made_shop.measured_dir)[0].report["methods"] == report["methods"]


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_window_that_leaves_nothing_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "basket", "--days", "9000", "--json"]) != 0
    assert "fewer --days" in one_clear_line(capsys)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_shop_without_visits_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "basket", "--json"]) != 0
    assert "each purchase stands alone" in one_clear_line(capsys)


def test_relations_that_follow_purchases_are_found_again_and_cold_ones_are_not(
    relations: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    assert main(["evaluate", "basket", "--relations", str(relations), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    lines = {(line["group"], line["method"]): line for line in report["methods"]}
    for kind in ("complement", "substitute"):
        assert lines[f"{kind}, all", "mix"]["auc"] > 0.8  # half of a circle is related, the other half cannot be told
        assert lines[f"{kind}, cold", "same-people"]["auc"] == 0.5
    assert report["source"]["complements"] == 500
    assert not list((tmp_path / "state").rglob("basket*.json"))


@pytest.mark.parametrize(
    ("meta", "bought", "said"),
    [
        ("item_id\tr_complement\n1\t[]\n", "user_id\titem_id\ttime\n1\t1\t5\n", "item_meta.csv.gz cannot be read"),
        ("item_id\ti_category\tr_complement\tr_substitute\n1\t0\tnone\t[]\n", "user_id\titem_id\ttime\n1\t1\t5\n",
         "is no list of items"),
        ("item_id\ti_category\tr_complement\tr_substitute\n1\t0\t[]\t[]\n", "user_id\titem_id\ttime\n", "no rows"),
    ],
)  # fmt: skip
def test_files_that_are_no_relations_are_refused_in_one_line(
    meta: str, bought: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "basket", "--relations", str(packed(tmp_path, meta, bought)), "--json"]) != 0
    assert said in one_clear_line(capsys)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "basket", "--relations", str(tmp_path / "none"), "--json"]) != 0
    assert "cannot be read" in one_clear_line(capsys)


@pytest.mark.skipif(not GIVEN.is_dir(), reason=f"the data of relations is not in {GIVEN.name}")
def test_the_given_relations_are_read_as_they_are() -> None:
    from recsys.evaluation.basket.relations import read

    data = read(GIVEN)
    assert data.n_items == 8_713
    assert len(data.items) == 121_892


def test_what_came_along_is_read_for_its_shop_and_relations_for_all() -> None:
    assert [each.shop for each in kept("demo_store")] == ["demo_store"]
    assert kept_relations()[0].report["told_apart"]["auc"] > 0.5
