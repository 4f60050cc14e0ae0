"""`python -m recsys evaluate`: figures as JSON, and one clear line for whatever cannot be evaluated."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from recsys.cli import main
from tests.command_line import one_clear_line
from tests.training.tiny_training import RING, USERS

ATTRIBUTES = {str(i): [i % 3, "ring"] for i in range(100, 112)}


def evaluate(*arguments: str) -> int:
    return main(["evaluate", "sequences", *arguments])


def test_json_has_the_protocol_and_what_each_model_reached(ring: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("--interactions", str(ring), "--models", "most-popular,pctm", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["protocol"]["variant"] == "strict"
    assert report["protocol"]["asked"] == f"{USERS} of {USERS} shoppers"
    assert [m["name"] for m in report["models"]] == ["most-popular", "pctm"]
    assert report["models"][1]["metrics"]["ndcg@10"] == 1.0  # on a ring the next item is certain
    assert (ring.parent / "state" / "evaluations" / report["run"] / "report.json").is_file()
    assert str(ring.parent) not in report["command"]


def test_gzip_attributes_and_refit_work_and_nothing_is_kept_when_asked(
    ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = ring.with_suffix(".txt.gz")
    packed.write_bytes(gzip.compress(RING.encode()))
    attributes = ring.with_name("attributes.json.gz")
    attributes.write_bytes(gzip.compress(json.dumps(ATTRIBUTES).encode()))
    files = ["--interactions", str(packed), "--attributes", str(attributes)]
    code = evaluate(*files, "--protocol", "refit", "--keep-seen", "--models", "pctm", "--forget", "--json")
    assert code == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["protocol"]["variant"], report["protocol"]["keep_seen"]) == ("refit", True)
    assert not (ring.parent / "state").exists()


def test_the_table_names_the_models_and_the_rules(ring: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("--interactions", str(ring), "--models", "pctm", "--forget") == 0
    printed = capsys.readouterr().out
    assert "pctm" in printed
    assert "left out of every list" in printed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"1 2 3 4 5\n", "one user only"),
        (b"1 7 7 7\n2 7 7 7\n", "one item only"),
        (b"1 5\n2 6\n3 7\n", "0 of 3 shoppers have 3 baskets or more"),
        (b"1 2 3 4\n1 3 4 5\n", "line 2: its user stands on line 1 already"),
        (b"\0\0\0\1", "is no text"),
    ],
)
def test_a_file_that_cannot_be_evaluated_is_one_clear_line(
    content: bytes, said: str, ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.write_bytes(content)
    assert evaluate("--interactions", str(ring), "--json") == 1
    assert said in one_clear_line(capsys)


def test_a_cut_off_gzip_that_claims_ten_gigabytes_is_one_clear_line(
    ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = ring.with_suffix(".txt.gz")
    whole = gzip.compress("\n".join(f"{user} {user % 7} {user % 11} {user % 13}" for user in range(5_000)).encode())
    packed.write_bytes(whole[: len(whole) // 2] + (10 * 2**30 % 2**32).to_bytes(4, "little"))
    assert evaluate("--interactions", str(packed)) == 1
    assert "what to do: fetch it again" in one_clear_line(capsys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--models", "magic"], "no recommender 'magic'"),
        (["--models", "content-attributes"], "needs attributes"),
        (["--cutoffs", "0"], "--cutoffs '0' cannot be used"),
        (["--cutoffs", "ten"], "--cutoffs 'ten' cannot be used"),
    ],
)
def test_an_option_that_cannot_be_used_is_one_clear_line(
    arguments: list[str], said: str, ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate("--interactions", str(ring), *arguments) == 2
    assert said in one_clear_line(capsys)


def test_a_missing_file_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate("--interactions", str(tmp_path / "nowhere.txt")) == 1
    assert "there is no file" in one_clear_line(capsys)
