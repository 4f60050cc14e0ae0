"""The real server on a free port and a real browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recsys.settings import PROJECT, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu-rasterization",  # Debian turns it on; without a card a fifth of the processor's time goes there
    "--disable-gpu-compositing",
    "--use-angle=swiftshader",  # the map is drawn with WebGL, also where there is no graphics card
    "--enable-unsafe-swiftshader",
)
PATIENCE_MS = 60_000  # for one step of the app on a slow, busy machine; a step takes well under a second otherwise
# Opened at /some_page, Streamlit's front end first asks for the server below that path, and only then at the root.
BASE_PATH_PROBE = re.compile(r"^http://[^/]+/[a-z_]+/_stcore/(health|host-config)$")
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def cannot_run(why: str) -> None:
    """Skip loudly; fail where a browser is required."""
    if os.environ.get("SHELFLENS_REQUIRE_BROWSER") == "1":
        pytest.fail(f"SHELFLENS_REQUIRE_BROWSER=1, but {why}", pytrace=False)
    pytest.skip(f"NO BROWSER TEST WAS RUN: {why}")


def find_chromium() -> str:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), "")
    return found or (str(MAC_CHROME) if MAC_CHROME.exists() else "")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if not executable:
        cannot_run("no Chromium or Chrome was found; install one (Debian: apt-get install chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *as_root])
        yield launched
        launched.close()


# --- the server ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server(browser: Browser, prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app on the prepared sample; asks for the browser first, so that a skip is quick."""
    with serving("complete_journey_sample", prepared_cache, tmp_path_factory.mktemp("state")) as address:
        yield address


@contextmanager
def serving(shop: str, cache: Path, state: Path) -> Iterator[str]:
    """The address of a running app on a prepared shop; afterwards it may have logged no traceback."""
    environment = {
        **os.environ,
        "SHELFLENS_SHOP": shop,
        "SHELFLENS_CACHE_DIR": str(cache),
        "SHELFLENS_STATE_DIR": str(state),
        "PYTHONUNBUFFERED": "1",
    }
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true"]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    log: list[str] = []
    try:
        wait_for_address(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
    assert not [line for line in log if "Traceback" in line], "the server logged a traceback:\n" + "".join(log)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for_address(process: subprocess.Popen[str], port: int, log: list[str]) -> None:
    """Return once the server says where it listens; keep reading afterwards, so that it never blocks on its output."""
    listening = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            log.append(line)
            if f":{port}" in line:
                listening.set()
        listening.set()  # the server ended

    threading.Thread(target=read, daemon=True).start()
    assert listening.wait(120), "the server said nothing for two minutes:\n" + "".join(log)
    assert process.poll() is None, "the server ended:\n" + "".join(log)


@pytest.fixture(scope="session")
def households(prepared_cache: Path) -> list[str]:
    """The ids of the households on the short list."""
    from recsys.engine import Engine
    from recsys.schema import FEATURED, SHOPPER_ID

    shoppers = Engine.open(Settings(shop="complete_journey_sample", cache_dir=prepared_cache)).shoppers
    listed = shoppers[shoppers[FEATURED] >= 0].sort_values(FEATURED)
    return [str(shopper) for shopper in listed[SHOPPER_ID]]


# --- the screen ---------------------------------------------------------------------------------------------------


@dataclass
class Screen:
    """One browser window of its own, and what a person sees in it."""

    page: Page
    server: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _heard(self, message: Any) -> None:
        address = message.location.get("url", "")
        if message.type == "error" and not BASE_PATH_PROBE.search(address):
            self.errors.append(f"{message.text} ({address})")

    def open(self, address: str = "/") -> Screen:
        """Go to an address of the app, or a whole URL, and wait until it is drawn."""
        self.page.goto(address if address.startswith("http") else self.server + address)
        return self.settled()

    def settled(self) -> Screen:
        """Wait until the script has run; a page that shows an error fails here."""
        self.page.wait_for_selector(READY)
        assert self.page.locator('[data-testid="stException"]').count() == 0, self.page.inner_text("body")
        return self

    def cards(self) -> Any:
        return self.page.locator('[class*="st-key-card"]')

    def wait_for_cards(self) -> Screen:
        self.cards().first.wait_for()
        return self.settled()

    def titles(self) -> list[str]:
        """What the cards say in bold, in order: rank, price and title of each."""
        self.wait_for_cards()
        return [" | ".join(card.locator("strong").all_inner_texts()) for card in self.cards().all()]

    def button(self, kind: str, place: int) -> Any:
        return self.page.locator(f'[class*="st-key-{kind}-"] button').nth(place)

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate(
            """() => { const main = document.querySelector('[data-testid="stMain"]') || document.documentElement;
                 return Math.max(document.documentElement.scrollWidth - window.innerWidth,
                                 main.scrollWidth - main.clientWidth); }"""
        )
        return wide

    def tall(self) -> int:
        """How many pixels high the page is."""
        high: int = self.page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
        return high


@pytest.fixture
def screen(
    browser: Browser, server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Screen]]:
    """Opens windows that share nothing; afterwards none may have had an error on its console."""
    with windows(browser, server, tmp_path / request.node.name) as new:
        yield new


@contextmanager
def windows(browser: Browser, server: str, shots: Path) -> Iterator[Callable[..., Screen]]:
    """Windows of one app, each with a last picture beside `shots`."""
    opened: list[Screen] = []

    def new(width: int = 1440, height: int = 900, **options: Any) -> Screen:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(Screen(context.new_page(), server))
        return opened[-1]

    yield new
    errors = [error for window in opened for error in window.errors]
    for number, window in enumerate(opened):
        window.page.screenshot(path=shots.with_name(f"{shots.name}-{number}.png"))
        window.page.context.close()
    assert errors == []
