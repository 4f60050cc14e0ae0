"""While maps and other languages are still missing the pages say so, show how far they are, and have them made."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.jobs import CANCELLED, JobQueue, processes
from recsys.preparation import FIRST_SHELF, STEPS, Plan
from recsys.settings import Settings
from tests.pages.app_visit import App
from tests.pages.idle_jobs import nothing_runs

MAP, MODELS = "pages/understand/embedding_map/page.py", "pages/lab/models/page.py"


@pytest.fixture
def first_shelf(prepared: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The sample with what a shelf needs and nothing more."""
    settings = prepared.model_copy(update={"cache_dir": tmp_path / "cache"})
    for name in FIRST_SHELF:
        link(settings, prepared, name)
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(settings.cache_dir))
    return settings


def link(settings: Settings, sound: Settings, name: str) -> None:
    """Put one artefact of a prepared cache into another one."""
    path = settings.cache_dir / Plan.of(sound).path(name).relative_to(sound.cache_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(Plan.of(sound).path(name))


def opened(page: str) -> App:
    app = App()
    app.at.switch_page(page)
    return app.run()


def keys(app: App) -> set[str | None]:
    return {button.key for button in app.at.button}


@pytest.mark.parametrize("page", [MAP, MODELS])
def test_it_is_had_made_by_a_button_watched_and_cancelled(
    page: str, first_shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_runs(monkeypatch)
    monkeypatch.setattr(processes, "alive", lambda pid, began: True)
    monkeypatch.setattr(processes, "stop", lambda pid: None)
    app = opened(page)
    assert ("The maps are not drawn yet" in app.text) == (page == MAP)
    app.press("shops.rest")
    queue = JobQueue.of(first_shelf)
    (job,) = queue.listed("prepare", first_shelf.shop)
    assert job.active
    assert "shops.rest" not in keys(app)
    assert [bar.proto.text for bar in app.at.get("progress")] == ["The preparation starts…"]
    app.press("shops.cancel")
    assert [each.state for each in queue.listed("prepare", first_shelf.shop)] == [CANCELLED]
    assert "shops.rest" in keys(app.run())


def test_the_maps_are_shown_once_they_are_drawn_while_the_work_goes_on(
    first_shelf: Settings, prepared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_runs(monkeypatch)
    monkeypatch.setattr(processes, "alive", lambda pid, began: True)
    app = opened(MAP).press("shops.rest")
    assert not app.at.get("plotly_chart")
    link(first_shelf, prepared, "maps")
    app.run()
    assert app.at.get("plotly_chart")
    app.at.switch_page(MODELS)
    assert "shops.cancel" in keys(app.run())  # the languages are still being made
    for name, step in STEPS.items():
        if not step.needed and name != "maps":
            link(first_shelf, prepared, name)
    assert not {"shops.cancel", "shops.rest"} & keys(app.run())


@pytest.mark.usefixtures("first_shelf")
def test_why_a_preparation_failed_is_said_beside_the_button(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_runs(monkeypatch, says="error: the disk is full")
    app = opened(MAP).press("shops.rest")
    assert "the disk is full" in app.text
    assert "shops.rest" in keys(app)


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("page", [MAP, MODELS])
def test_nothing_is_said_where_everything_is_there(page: str) -> None:
    app = opened(page)
    assert not {"shops.cancel", "shops.rest"} & keys(app)
    assert "not drawn yet" not in app.text
