"""What a person sees when a prepared file is damaged or the feedback database is held by somebody else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from recsys.settings import Settings
from tests.damage import damaged_cache
from tests.pages.app_visit import App


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("vectors/vectors.npy", "truncated"),
        ("encoder/model.onnx", "flipped"),
        ("lexical/fielded.json", "missing"),
        ("dataset/items.parquet", "flipped"),
        ("maps/maps.json", "truncated"),
    ],
)
def test_a_damaged_artefact_is_a_page_with_the_command(
    file: str, damage: str, open_app: type[App], prepared: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = damaged_cache(prepared, tmp_path / "cache", file, damage)
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(damaged.cache_dir))
    app = open_app(q="milk")
    assert app.at.code[0].value == "make prepare"
    assert "not ready" in app.text


def test_a_locked_feedback_database_is_said_and_the_shelf_still_comes(
    open_app: type[App], prepared: Settings, household: str
) -> None:
    prepared.state_dir.mkdir(parents=True, exist_ok=True)
    holder = sqlite3.connect(prepared.state_dir / "feedback.sqlite3", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("CREATE TABLE held (x)")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        app = open_app(shopper=household)
    finally:
        holder.close()
    assert app.cards
    assert "Feedback is not counted" in app.text
