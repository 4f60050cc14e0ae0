"""Bad input on the command line: one plain line with a remedy, or an answer with a note; never a traceback."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from recsys.cli import main
from recsys.settings import PROJECT, Settings
from tests.damage import DAMAGES, FILES, damaged_cache

QUERIES = {
    "empty": ("", "No query and no shopper"),
    "10,000 characters": ("gluten free pasta " * 556, "characters; the first 500 were read"),
    "emoji": ("\U0001f355", "slice of pizza"),
    "right to left": ("\u062d\u0644\u064a\u0628", "ranked by meaning alone"),
    "punctuation": ("?!;", "no letter or number"),
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command line as a program."""
    return subprocess.run(
        [sys.executable, "-m", "recsys", *arguments],
        cwd=PROJECT,
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def one_line(printed: str) -> None:
    assert printed.count("\n") == 1, printed
    assert "Traceback" not in printed
    assert "what to do" in printed


@pytest.mark.parametrize("name", QUERIES)
def test_an_odd_query_is_answered_with_a_note(
    name: str, prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    query, said = QUERIES[name]
    assert main(["answer", "--query", query, "--k", "3", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["items"]) == 3
    assert any(said in note for note in printed["notes"])


def test_sql_in_a_query_is_only_words(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "--query", "'; DROP TABLE feedback; -- milk", "--k", "3", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["items"]) == 3


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_artefact_is_named_and_preparing_is_the_remedy(
    file: str,
    damage: str,
    prepared: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    damaged = damaged_cache(prepared, tmp_path / "cache", file, damage)
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(damaged.cache_dir))
    assert main(["answer", "--query", "milk"]) == 1
    error = capsys.readouterr().err
    one_line(error)
    assert f"'{file.split('/')[0]}'" in error
    assert "python -m recsys prepare" in error


@pytest.mark.parametrize("folder", ["/proc/x", "/etc/passwd", "/etc/passwd/x", "/tmp/" + "x" * 300])
@pytest.mark.parametrize("verb", ["prepare", "answer"])
def test_a_cache_folder_that_cannot_be_used_is_one_line(
    verb: str, folder: str, prepared: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", folder)
    assert main([verb]) == 1
    one_line(capsys.readouterr().err.removeprefix("Read and clean the data ...\n"))


def test_too_little_free_disk_is_said_before_anything_is_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("SHELFLENS_MINIMUM_FREE_MB", "999999999")
    assert main(["prepare"]) == 1
    error = capsys.readouterr().err
    assert "MB are free" in error
    assert "free some space" in error


def test_what_is_prepared_needs_no_free_disk(prepared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFLENS_MINIMUM_FREE_MB", "999999999")
    assert main(["prepare", "--json"]) == 0


def test_a_model_with_the_wrong_hash_is_refused_with_a_remedy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("SHELFLENS_SHOP", settings.shop)
    monkeypatch.setattr("recsys.encoders.weights.MINILM_SHA256", "0" * 64)
    assert main(["prepare"]) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert "SHA-256" in error or "hash" in error
    assert "force-reinstall" in error


def test_a_damaged_feedback_database_is_noted_and_the_answer_comes(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared.state_dir.mkdir(parents=True)
    database = prepared.state_dir / "feedback.sqlite3"
    database.write_bytes(b"no database" * 400)
    assert main(["answer", "--query", "milk", "--shopper", _some_household(prepared), "--json"]) == 0
    assert any("Feedback is not counted" in note for note in json.loads(capsys.readouterr().out)["notes"])
    assert database.read_bytes().startswith(b"no database")


def test_a_locked_feedback_database_is_noted_and_the_answer_comes(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared.state_dir.mkdir(parents=True)
    holder = sqlite3.connect(prepared.state_dir / "feedback.sqlite3", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("CREATE TABLE held (x)")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert main(["answer", "--query", "milk", "--shopper", _some_household(prepared), "--json"]) == 0
    finally:
        holder.close()
    assert any("Feedback is not counted" in note for note in json.loads(capsys.readouterr().out)["notes"])


def _some_household(settings: Settings) -> str:
    from recsys.engine import Engine

    return str(Engine.open(settings).shoppers["shopper_id"].iloc[0])


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
@pytest.mark.parametrize("arguments", [("--json",), ()])
def test_a_terminal_that_knows_no_emoji_still_gets_an_answer(
    arguments: tuple[str, ...], encoding: str, prepared: Settings
) -> None:
    done = run("answer", "--query", "milk", "--k", "2", *arguments, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    if arguments:
        assert len(json.loads(done.stdout.decode(encoding))["items"]) == 2


def test_half_a_character_in_a_query_is_no_traceback(prepared: Settings) -> None:
    done = run("answer", "--query", os.fsdecode(b"milk \xff"), "--k", "2", "--json", PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["items"]) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_is_full_is_one_line(prepared: Settings) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "recsys", "answer", "--query", "milk", "--json"],
            cwd=PROJECT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
    assert b"No space left" in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SHELFLENS_THREADS", "abc", "0 to 256"),
        ("SHELFLENS_ENCODER", "/no/such/folder", "SHELFLENS_ENCODER"),
        ("SHELFLENS_SHOP", "atlantis", "complete_journey"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    setting: str,
    value: str,
    said: str,
    prepared: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(setting, value)
    assert main(["answer", "--query", "milk"]) == 1
    error = capsys.readouterr().err
    one_line(error)
    assert said in error


def test_an_empty_path_of_logs_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["evaluate", "off-policy", "--logs", ""])
    assert "an empty path is no log" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said", "never"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the output cannot be written", "check that it is there"),
        (PermissionError(errno.EACCES, "Permission denied", "/somewhere/log.csv"), "log.csv", "cannot be written"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files. what to do", "cannot be written"),
    ],
)
def test_what_the_system_refuses_is_said_as_what_it_is(
    error: OSError, said: str, never: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused() -> None:
        raise error

    monkeypatch.setattr("recsys.cli.load_settings", refused)
    assert main(["shops"]) == 1
    line = capsys.readouterr().err
    assert said in line
    assert never not in line
    assert line.count("\n") == 1
