"""A report as whoever gets it opens it: from a file, without a network and without the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Screen
from tests.browser.test_accessible import findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DRAWN = ".chart .main-svg"
# whether the text of a chart has the colour of the page's own
INKED = """() => [...document.querySelectorAll('.chart .gtitle, .chart .xtick text')].every(
    text => getComputedStyle(text).fill === getComputedStyle(document.body).color)"""
PAPER = "() => getComputedStyle(document.body).backgroundColor"


def downloaded(window: Screen, address: str, folder: Path) -> Path:
    """The report of the page at an address, saved as a browser saves it."""
    window.open("/").wait_for_cards()
    window.open(address)
    with window.page.expect_download() as found:
        window.page.get_by_role("button", name="Download report").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    return file


def opened(browser: Browser, file: Path, scheme: str, width: int, trouble: list[str]) -> Page:
    """The file in a browser without a network; what it complains about or asks for goes to `trouble`."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda asked: trouble.append(asked.url) if asked.url.startswith(("http", "ws")) else None)
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(
    ("address", "charts"), [("/why?q=milk&shopper=18", 1), ("/portrait?shopper=18", 3), ("/embedding_map?q=milk", 1)]
)
def test_a_report_opens_from_a_file_without_a_network(
    screen: Callable[..., Screen], browser: Browser, tmp_path: Path, address: str, charts: int
) -> None:
    file = downloaded(screen(1400, 900), address, tmp_path)
    assert file.suffix == ".html"
    paper = set()
    for scheme, width in (("light", 1400), ("dark", 420)):
        trouble: list[str] = []
        page = opened(browser, file, scheme, width, trouble)
        page.locator(DRAWN).first.wait_for()
        page.wait_for_timeout(1000)  # a chart of WebGL is drawn a moment later
        drawn = [each for each in page.locator(".chart").all() if each.locator(".main-svg").count()]
        assert len(drawn) == page.locator(".chart").count()
        assert len(drawn) >= charts
        assert page.evaluate(INKED)
        paper.add(page.evaluate(PAPER))
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert trouble == []
        assert "household" in page.inner_text("body").lower()
        page.context.close()
    assert len(paper) == 2


def test_nothing_serious_is_found_in_a_report(screen: Callable[..., Screen], browser: Browser, tmp_path: Path) -> None:
    file = downloaded(screen(1400, 900), "/portrait?shopper=18", tmp_path)
    # the policy of the file keeps out the script that looks at it too; it is looked at without one
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Content-Security-Policy", "x-no-policy", 1), encoding="utf-8")
    for scheme in ("light", "dark"):
        page = opened(browser, file, scheme, 1400, [])
        page.locator(DRAWN).first.wait_for()
        assert findings(Screen(page, "")) == []
        page.context.close()


def test_no_other_script_runs_in_a_report(screen: Callable[..., Screen], browser: Browser, tmp_path: Path) -> None:
    file = downloaded(screen(1400, 900), "/why?q=milk", tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("</main>", "<script>window.ran = 1</script></main>", 1), encoding="utf-8")
    trouble: list[str] = []
    page = opened(browser, file, "light", 1400, trouble)
    page.locator(DRAWN).first.wait_for()
    assert page.evaluate("() => window.ran") is None
    assert any("Content Security Policy" in each for each in trouble)
    page.context.close()
