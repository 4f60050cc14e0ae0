"""People script the command line: JSON on standard output, one-line errors, exit codes."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recsys.cli import main
from recsys.cli.parsing import print_json
from recsys.preparation.graph import STEPS
from recsys.preparation.presence import present
from recsys.settings import PROJECT, Settings
from tests.command_line import one_clear_line

VERBS = ["prepare", "answer", "tag", "benchmark", "shops", "datasets"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([verb, "--help"])
    assert caught.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_an_answer_as_json_has_items_stages_and_notes(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "--query", "gluten free pasta", "--k", "5", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["items"]) == 5
    for item in printed["items"]:
        assert item["score"] == sum(item["parts"].values())
    assert {"name", "kept", "ms"} <= set(printed["stages"][0])
    assert isinstance(printed["notes"], list)


def test_an_answer_may_be_re_ranked_and_says_where_each_product_stood(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["answer", "--query", "dog food", "--k", "5", "--diversity", "0.9", "--category-cap", "3", "--json"]) == 0
    )
    printed = json.loads(capsys.readouterr().out)
    assert all(item["rank_before"] >= 1 for item in printed["items"])
    assert "rerank" in [stage["name"] for stage in printed["stages"]]


def test_an_answer_as_a_table_shows_titles_and_times(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "--query", "dog food", "--k", "3"]) == 0
    assert " ms: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["answer", "--k", "0"], 2, "1 to 100"),
        (["answer", "--k", "-1"], 2, "1 to 100"),
        (["answer", "--k", "1000000000"], 2, "1 to 100"),
        (["answer", "--shopper", "no-such"], 2, "pick a household"),
        (["answer", "--query", "milk", "--shopper-weight", "7"], 2, "0 to 1"),
        (["answer", "--diversity", "2"], 2, "0 to 1"),
        (["answer", "--category-cap", "1.5"], 2, "a whole number from 0 to 20"),
        (["answer", "--dataset", "no-such"], 1, "complete_journey"),
    ],
)
def test_bad_input_is_one_line_with_a_remedy(
    prepared: Settings, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert said in printed.err
    assert "what to do" in printed.err


@pytest.mark.parametrize("arguments", [["answer", "--k", "many"], ["answer", "--k"], ["no-such-verb"], []])
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_not_prepared_says_what_to_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(settings.cache_dir))
    assert main(["answer", "--query", "milk"]) == 1
    assert "python -m recsys prepare" in capsys.readouterr().err


def test_data_sets_are_listed_with_their_state(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["complete_journey_sample"]["prepared"] is True
    assert {"title", "licence", "description"} <= set(rows["complete_journey"])


def test_each_shop_is_listed_with_what_it_takes_on_disk(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shops", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["complete_journey_sample"]["bytes"] > 1_000_000
    assert main(["shops"]) == 0
    printed = capsys.readouterr().out
    assert f"{rows['complete_journey_sample']['bytes'] / 1e6:,.1f} MB" in printed
    assert "shared by all" in printed


def test_what_was_prepared_of_a_shop_is_deleted_and_what_that_freed_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(settings.cache_dir))
    folder = settings.cache_dir / settings.shop / "maps-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "maps.json").write_bytes(b"x" * 2**20)
    assert main(["shops", "--delete", settings.shop]) == 0
    assert capsys.readouterr().out == f"1.0 MB freed: {settings.shop} is no longer prepared.\n"
    assert not folder.exists()
    assert main(["shops", "--delete", settings.shop, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"shop": settings.shop, "freed_bytes": 0}


def test_deleting_a_shop_that_is_none_or_is_being_prepared_is_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(settings.cache_dir))
    assert main(["shops", "--delete", "shared"]) == 1
    assert "there is no shop named 'shared'" in one_clear_line(capsys)
    with present(settings.cache_dir / settings.shop):
        assert main(["shops", "--delete", settings.shop]) == 2
    assert "being prepared" in one_clear_line(capsys)


def test_preparing_what_is_prepared_makes_nothing(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [step["made"] for step in printed["steps"]] == [False] * len(STEPS)


def test_the_module_runs_as_a_program(prepared: Settings, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recsys", "datasets"],
        cwd=PROJECT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "complete_journey" in done.stdout


def test_what_is_no_finite_number_is_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [math.nan, 1.5], "b": {"c": math.inf, "d": (-math.inf, True, "x")}, "e": None, "f": 3})

    def never(constant: str) -> None:
        raise AssertionError(constant)

    told = json.loads(capsys.readouterr().out, parse_constant=never)
    assert told == {"a": [None, 1.5], "b": {"c": None, "d": [None, True, "x"]}, "e": None, "f": 3}
