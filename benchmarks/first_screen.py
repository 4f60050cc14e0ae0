"""How long a person looks at nothing: from opening the address to the first product, in a real browser."""

from __future__ import annotations

import runpy
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import psutil

from benchmarks.machine import resident_mb
from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.preparation import environment
from benchmarks.report import run_alone
from benchmarks.shopper_queries import shopper_ids
from recsys.engine.inventory import disk_use
from recsys.errors import ShelfLensError
from recsys.settings import PROJECT, Settings
from recsys.shops import registry
from recsys.shops.contract import Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION: Final = "How long until the first shelf is on the screen"
SHELF_BAR_SECONDS: Final = 3.0
SWITCH_BAR_SECONDS: Final = 2.0
MEMORY_BAR_MB: Final = 700.0
STARTS: Final = 3
PATIENCE_SECONDS: Final = 60.0
REDRAWN_MS: Final = 1000  # what comes in late draws a page anew, and closes what was open
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",  # WebGL draws the map, with or without a graphics card
)  # fmt: skip
CARD: Final = '[class*="st-key-card"]'
ANOTHER_CARD: Final = """([card, before]) => {
    const first = document.querySelector(card);
    return first && first.innerText !== before;
}"""
SETTLED: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'
FAILED: Final = '[data-testid="stException"], [data-testid="stAlertContentError"]'
PAGES: Final = ("/", "/embedding_map", "/catalogue_health")
FIRST, SECOND, QUERY, BOTH = "first visit", "second visit", "first query", "a query and a household"
SWITCH, BACK = "another shop chosen, never opened before", "back to the first shop"
BARE = "first visit, server started without `make demo`"

PROTOCOL: Final = (
    "everything prepared; the app is started as `make demo` starts it: the server, and one visit by no browser before "
    "the address is printed; the clock starts then, at the navigation of a browser that is open already",
    "without `make demo` (`streamlit run app.py`) the clock starts once the server answers its health check",
    "until the first product card is visible; each visit in a new browser context with an empty cache, 1440 x 900",
    "another shop, prepared too, is chosen on top: from the press to its first card (what it costs differs)",
    f"{STARTS} starts of the server; the bar is held against the slowest first visit",
    "resident memory of the server and of all processes it started, the browser not included, after one visit, "
    "after the queries, and after the three pages",
)


@dataclass(slots=True)
class Seen:
    """What one start of the server came to."""

    up_seconds: float = 0.0
    shelf_seconds: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)


def measure(bench: Workbench) -> Measurement:
    """Seconds to the first card and memory of the server; nothing but the reason where there is no browser."""
    executable = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        return _nothing("no Chromium was found; install one (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return _nothing("playwright is not installed; `pip install -r requirements-dev.txt` brings it")
    household = shopper_ids(bench.engine, 3)[1]
    starts = 1 if bench.quick else STARTS
    others = [each for each in disk_use(bench.settings) if each.prepared and each.shop != bench.settings.shop]
    other = registry.shop(others[0].shop) if others else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        bare = [_bare_start(bench.settings, browser) for _ in range(starts)]
        seen = [_one_start(bench.settings, browser, household, other) for _ in range(starts)]
        browser.close()
    rows = [*_rows(seen), _row(BARE, bare)]
    skipped = [] if other else ["no second shop is prepared: choosing one was not measured"]
    return Measurement("first_screen", QUESTION, PROTOCOL, rows, _bars(seen), _facts(seen), skipped)


def _nothing(why: str) -> Measurement:
    return Measurement("first_screen", QUESTION, PROTOCOL, skipped=[why])


def _bare_start(settings: Settings, browser: Browser) -> float:
    with server(settings, visited=False) as (_, address, _), window(browser) as page:
        return until_the_first_card(page, address)


def _one_start(settings: Settings, browser: Browser, household: str, other: Shop | None) -> Seen:
    seen = Seen()
    with server(settings, visited=True) as (process, address, seen.up_seconds):
        visits = {
            FIRST: "/",
            SECOND: "/",
            QUERY: "/?q=quick+dinner+for+kids",
            BOTH: f"/?q=gluten+free+pasta&shopper={household}",
        }
        for name, path in visits.items():
            with window(browser) as page:
                seen.shelf_seconds[name] = until_the_first_card(page, address + path)
                _settle(page)
            seen.memory_mb[f"after the {name}"] = resident_mb(process)
        with window(browser) as page:
            for path in PAGES:
                page.goto(address + path)
                _settle(page)
            seen.memory_mb["after the three pages"] = resident_mb(process)
        if other is not None:
            with window(browser) as page:
                until_the_first_card(page, address)
                _settle(page)
                seen.shelf_seconds[SWITCH] = _until_switched(page, other)
                seen.shelf_seconds[BACK] = _until_switched(page, registry.shop(settings.shop))
    return seen


def _until_switched(page: Page, shop: Shop) -> float:
    page.wait_for_timeout(REDRAWN_MS)
    if not page.get_by_test_id("stPopoverBody").count():  # it stays open while another shop is opened
        page.get_by_test_id("stPopover").filter(has_text="Shop").get_by_role("button").first.click()
    page.get_by_role("combobox", name="Shop", exact=True).click()
    option = page.get_by_role("option", name=shop.title, exact=True)
    option.wait_for()
    before = page.locator(CARD).first.inner_text()
    started = time.perf_counter()
    option.click()
    page.wait_for_function(ANOTHER_CARD, arg=[CARD, before])
    seconds = time.perf_counter() - started
    page.get_by_text(shop.description, exact=True).wait_for()  # it is the other shop's
    _settle(page)
    return seconds


def until_the_first_card(page: Page, address: str) -> float:
    """Seconds from the navigation until the first product card is visible."""
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(CARD).first.wait_for(state="visible")
    return time.perf_counter() - started


def _settle(page: Page) -> None:
    """Wait until the page is drawn. Raises ShelfLensError when it shows an error."""
    page.wait_for_selector(SETTLED)
    if page.locator(FAILED).count():
        said = " ".join(page.locator(FAILED).first.inner_text().split())[:200]
        raise ShelfLensError(f"a page shows an error: {said}", remedy="start the app and open the page to see it")


@contextmanager
def window(browser: Browser) -> Iterator[Page]:
    """A page of a new browser context with an empty cache, 1440 x 900 pixels."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def server(
    settings: Settings, *, visited: bool, project: Path = PROJECT
) -> Iterator[tuple[psutil.Process, str, float]]:
    """(the running server, its address, seconds until it was up). Raises ShelfLensError when it does not start.

    `visited`: opened once, as `make demo` does before it prints the address. `project`: the checkout that is run.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true"]  # fmt: skip
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    log = settings.state_dir / "server.log"
    started = time.perf_counter()
    with log.open("w", encoding="utf-8") as output:
        child = subprocess.Popen(
            command, cwd=project, stdout=output, stderr=subprocess.STDOUT, env=environment(settings, settings.cache_dir)
        )
        try:
            _wait_until_healthy(child, f"http://127.0.0.1:{port}/_stcore/health", log)
            if visited:
                runpy.run_path(str(PROJECT / ".ci" / "serve.py"))["visit"](f"127.0.0.1:{port}")
            yield psutil.Process(child.pid), f"http://127.0.0.1:{port}", time.perf_counter() - started
        finally:
            child.terminate()
            child.wait(30)


def _wait_until_healthy(child: subprocess.Popen[Any], address: str, log: Path) -> None:
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    last = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"])[-1]
    raise ShelfLensError(f"the server does not start: {last[:200]}", remedy="run `make demo` to see why")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- what it came to ----------------------------------------------------------------------------------------


def _rows(seen: list[Seen]) -> list[Row]:
    rows: list[Row] = [_row("server up, from the command", [one.up_seconds for one in seen])]
    rows += [_row(name, [one.shelf_seconds[name] for one in seen]) for name in seen[0].shelf_seconds]
    return rows


def _row(name: str, seconds: list[float]) -> Row:
    return {
        "what": name,
        "n": len(seconds),
        "median_seconds": float(np.median(seconds)),
        "slowest_seconds": max(seconds),
    }


def _bars(seen: list[Seen]) -> list[Bar]:
    memory = max(value for one in seen for value in one.memory_mb.values())
    switches = [s.shelf_seconds[name] for s in seen for name in (SWITCH, BACK) if name in s.shelf_seconds]
    switched = [Bar("another shop on screen, slowest", SWITCH_BAR_SECONDS, "s", max(switches))] if switches else []
    return [
        *switched,
        Bar("first shelf on screen, slowest start", SHELF_BAR_SECONDS, "s", max(s.shelf_seconds[FIRST] for s in seen)),
        Bar("memory of the server with one user, all pages opened", MEMORY_BAR_MB, "MB", memory),
    ]


def _facts(seen: list[Seen]) -> dict[str, Any]:
    memory = {when: float(np.median([one.memory_mb[when] for one in seen])) for when in seen[0].memory_mb}
    return {"resident_mb_median": memory, "first_visit_seconds": [one.shelf_seconds[FIRST] for one in seen]}


if __name__ == "__main__":
    raise SystemExit(run_alone("first_screen", measure))
