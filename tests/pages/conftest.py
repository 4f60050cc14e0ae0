"""What the page tests share: the app on the prepared sample, and the engine behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner

from recsys.encoders import onnx_encoder
from recsys.encoders.onnx_session import open_session
from recsys.encoders.pictures import encoder
from recsys.engine import Engine
from recsys.jobs import Job
from recsys.schema import FEATURED, SHOPPER_ID
from recsys.settings import Settings
from recsys.steps.code import MEMORY, Code
from tests.pages.app_visit import App
from tests.pages.idle_jobs import nothing_runs


@pytest.fixture(autouse=True, scope="session")
def packages_are_looked_through_once() -> Iterator[None]:
    """Streamlit reads what every installed package says of itself, once a server: for a test each visit is a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True, scope="session")
def the_code_is_read_once() -> Iterator[None]:
    """What the prepared files follow from is looked at with every opening: no page test changes the code."""
    read: dict[Path, Code] = {}

    def of(settings: Settings) -> Code:
        return read.setdefault(settings.cache_dir, Code(memory=settings.cache_dir / MEMORY))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Code, "of", of)
        yield


@pytest.fixture(autouse=True, scope="session")
def graphs_are_opened_once() -> Iterator[None]:
    """A graph of an encoder takes a third of a second to open and is never changed by asking it."""
    opened: dict[tuple[Any, ...], Any] = {}

    def of(path: Path, *how: Any, **named: Any) -> Any:
        facts = path.stat() if path.exists() else None
        key = (path, facts and (facts.st_ino, facts.st_mtime_ns), how, *sorted(named.items()))
        if key not in opened:
            opened[key] = open_session(path, *how, **named)
        return opened[key]

    with pytest.MonkeyPatch.context() as patch:
        for module in (onnx_encoder, encoder):
            patch.setattr(module, "open_session", of)
        yield


@pytest.fixture(autouse=True)
def on_the_sample(prepared: Settings) -> None:
    """Every page test runs on the prepared sample."""


@pytest.fixture
def open_app(prepared: Settings) -> type[App]:
    """Opens the app at an address: `open_app(q="milk")`."""
    return App


@pytest.fixture
def engine(prepared: Settings) -> Engine:
    """The engine behind the app, to look at what was stored."""
    return Engine.open(prepared)


@pytest.fixture
def household(engine: Engine) -> str:
    """The id of the first household of the short list."""
    table = engine.shoppers
    return str(table[table[FEATURED] >= 0].sort_values(FEATURED)[SHOPPER_ID].iloc[0])


@pytest.fixture
def root(prepared: Settings) -> Path:
    """The folder of the trainings that the page of models shows."""
    return prepared.trainings_dir


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs that the page has begun; none of them runs."""
    return nothing_runs(monkeypatch)
