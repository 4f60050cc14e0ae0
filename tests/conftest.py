"""What all tests share: settings that keep to a temporary folder, and one prepared sample data set."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

from recsys.settings import PROJECT, Settings, load_settings

if TYPE_CHECKING:
    from recsys.engine import Engine

SAMPLE = "complete_journey_sample"
HERE = Path(__file__).resolve().parent
FOR_THE_TESTS = {"SHELFLENS_REQUIRE_BROWSER"}
PREPARED = {"prepared_cache", "made_cache", "opened_engine"}
SHARED = {  # what takes seconds to make, is made once a session, and which files use it
    "engines": ("engine/", "evaluation/test_any_shop.py", "retrieval/test_any_shop.py"),
    "maps": ("encoders/test_maps.py", "encoders/test_projection.py"),
}


def pytest_configure(config: pytest.Config) -> None:
    """What the person who runs the tests has set for the app does not reach the tests; nothing asks the network."""
    _share_the_processor(config)
    for name in [name for name in os.environ if name.startswith("SHELFLENS_") and name not in FOR_THE_TESTS]:
        del os.environ[name]
    Settings.model_config["toml_file"] = None
    os.environ["HF_HUB_OFFLINE"] = "1"
    # a slow machine is no failure of the code under test
    hypothesis_settings.register_profile("shelflens", deadline=None, print_blob=True)
    hypothesis_settings.load_profile("shelflens")


def _share_the_processor(config: pytest.Config) -> None:
    """Of several workers each computes with its part of the processors: threads that wait for each other help nobody.

    Must come before numpy and torch are imported, which read it once; what a test starts has it from the environment.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 0)
    if workers:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
            os.environ.setdefault(name, str(max(1, (os.cpu_count() or 1) // workers)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark page and browser tests, and what one worker should do alone.

    Browser tests come last, as they take longest. Where there are several workers one begins with them, and prepares
    the sample for all, while the others do what needs nothing prepared.
    """
    last = not hasattr(config, "workerinput")
    waiting = {_group(item) for item in items if PREPARED.intersection(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: ((HERE / "browser" in item.path.parents) is last, not last and _group(item) in waiting))
    for item in items:
        if HERE / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if HERE / "pages" in item.path.parents:
            item.add_marker(pytest.mark.page)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives the tests of a group to one worker: xdist's own `loadgroup` writes names that pytest 9 does not read."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group_of(config.rootpath / nodeid.partition("::")[0])

    return ByGroup(config, log)


def _group(item: pytest.Item) -> str:
    return _group_of(item.path)


def _group_of(file: Path) -> str:
    """Tests that share something dear stay with one worker: it is made once. Else those of a file stay together."""
    if HERE / "browser" in file.parents:
        return "browser"  # one server, one Chromium, and no second one that draws at the same time
    within = file.relative_to(HERE).as_posix()
    return next((group for group, files in SHARED.items() if within.startswith(files)), within)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that the browser tests did not run."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS WERE SKIPPED: no browser", red=True, bold=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose prepared files and feedback stay in this test's own folder."""
    return Settings(shop=SAMPLE, cache_dir=tmp_path / "cache", state_dir=tmp_path / "state")


@pytest.fixture(scope="session")
def one_prepares(tmp_path_factory: pytest.TempPathFactory) -> FileLock:
    """Held while shops are prepared: of several workers one makes them, the others wait and find them made."""
    return FileLock(tmp_path_factory.getbasetemp().parent / "preparing.lock")


@pytest.fixture(scope="session")
def prepared_cache(one_prepares: FileLock) -> Path:
    """The cache folder in which the sample data set is prepared: made by the first run, checked by the later ones."""
    from recsys.preparation import prepare

    sample = Settings(shop=SAMPLE, cache_dir=PROJECT / "data" / "cache")
    with one_prepares:
        prepare(sample)
    return sample.cache_dir


@pytest.fixture
def prepared(prepared_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The prepared sample, told to the app through the environment; feedback goes to this test's own folder."""
    monkeypatch.setenv("SHELFLENS_SHOP", SAMPLE)
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(prepared_cache))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    _clear_streamlit_caches()
    yield load_settings()
    _clear_streamlit_caches()


MADE_PACK = ("tests.shops.pack",)
# tests/shops: with nearly everything, nearly nothing, no people, and the simulated one in small
MADE_SHOPS = ("outdoor", "bare", "catalogue", "small_demo")
ALL_SHOPS = (SAMPLE, *MADE_SHOPS)


@pytest.fixture(scope="session")
def made_cache(one_prepares: FileLock) -> Path:
    """The cache folder in which the made-up shops are prepared: made by the first run, checked by the later ones."""
    from recsys.preparation import prepare

    cache = PROJECT / "data" / "cache"
    with pytest.MonkeyPatch.context() as patch, one_prepares:
        patch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(MADE_PACK))
        for name in MADE_SHOPS:
            prepare(Settings(shop=name, cache_dir=cache, shop_packs=MADE_PACK))
    return cache


@pytest.fixture
def made_shop(
    request: pytest.FixtureRequest, made_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A prepared made-up shop, told to the app through the environment: `indirect` parameter, one of MADE_SHOPS."""
    monkeypatch.setenv("SHELFLENS_SHOP", request.param)
    monkeypatch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(MADE_PACK))
    monkeypatch.setenv("SHELFLENS_CACHE_DIR", str(made_cache))
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    _clear_streamlit_caches()
    yield load_settings()
    _clear_streamlit_caches()


@pytest.fixture(scope="session", params=ALL_SHOPS)
def opened_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine of every shop that tests know, one after the other; feedback goes to a temporary folder."""
    from recsys.engine import Engine

    made = request.param in MADE_SHOPS
    cache: Path = request.getfixturevalue("made_cache" if made else "prepared_cache")
    packs = MADE_PACK if made else ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(packs))
        state = tmp_path_factory.mktemp("state")
        return Engine.open(Settings(shop=request.param, cache_dir=cache, state_dir=state, shop_packs=packs))


@pytest.fixture
def any_engine(opened_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Opened once a session; that its shop is known lasts only as long as the test, for it is in the environment."""
    monkeypatch.setenv("SHELFLENS_SHOP_PACKS", json.dumps(opened_engine.settings.shop_packs))
    return opened_engine


@pytest.fixture(scope="session")
def sample_engine(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine over the prepared sample, opened once; its feedback goes to a temporary folder."""
    from recsys.engine import Engine

    state = tmp_path_factory.mktemp("state")
    return Engine.open(Settings(shop=SAMPLE, cache_dir=prepared_cache, state_dir=state))


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of sequences in which the next item is certain; what a command keeps goes to this test's own folder."""
    from tests.training import tiny_training

    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    return Path(tiny_training.ring(tmp_path).interactions)


def _clear_streamlit_caches() -> None:
    """An engine that one test opened must not answer the next one, which has other settings."""
    streamlit = sys.modules.get("streamlit")
    if streamlit is not None:
        streamlit.cache_resource.clear()
        streamlit.cache_data.clear()
