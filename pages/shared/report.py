"""A page as one HTML file that opens without the app: the button, and what the file says beside what the page shows."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from pages.shared import address_bar, recorded
from pages.shared.asked import asked
from recsys import __version__
from recsys.reports.contract import Report
from recsys.settings import PROJECT

if TYPE_CHECKING:
    from recsys.engine import Engine

CARDS: Final = PROJECT / "data" / "cards"
HELP: Final = (
    "This page as one HTML file of about 5 MB, most of it the program that draws its charts. It opens in any browser, "
    "without the app and without a network."
)
MADE_UP: Final = "This shop is simulated: its people and purchases are made up."


def button(engine: Engine, title: str, name: str, sent: list[Any]) -> None:
    """The button under a page; the file is made when it is pressed."""
    if recorded.nothing(sent):
        return
    link = f"{name}?{urlencode({'shop': engine.shop.name, **address_bar.address()}, doseq=True)}"
    make = partial(_file, engine, title, tuple(asked(engine, name)), link, sent, _zone())
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            "Download report",
            make,
            f"shelflens_{name}_{engine.shop.name}.html",
            "text/html",
            key="report.download",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help=HELP,
        )


def _file(
    engine: Engine, title: str, said: tuple[tuple[str, str], ...], link: str, sent: list[Any], zone: str
) -> bytes:
    from recsys.reports.html import render

    return render(made(engine, title, said, link, sent, _now(zone))).encode()


def made(
    engine: Engine, title: str, said: tuple[tuple[str, str], ...], link: str, sent: list[Any], moment: datetime
) -> Report:
    """The report of what a page sent, as plain data."""
    shop = engine.shop
    about = (
        ("Made", f"{moment:%d %B %Y, %H:%M:%S} ({_offset(moment)})"),
        ("By", f"ShelfLens {__version__}"),
        ("Data set", f"{shop.name}, fingerprint {engine.plan.versions['dataset']}"),
        ("The same screen in the app", link),
    )
    return Report(
        title=title,
        shop=shop.title,
        parts=recorded.parts(sent, shop.money),
        asked=said,
        data=tuple(_data(engine)),
        about=about,
        card=_card(shop.card),
        notices=(MADE_UP,) if shop.simulated else (),
    )


def _data(engine: Engine) -> list[tuple[str, str]]:
    """What the shop's data are, in figures."""
    shop, info = engine.shop, engine.dataset_info
    number, many = shop.number, shop.people.many
    by_kind = info.get("events_by_kind", {}).items()
    kinds = ", ".join(f"{number(count)} {kind}{'es' if kind.endswith('ch') else 's'}" for kind, count in by_kind)
    events = number(info["events"]) + (f" ({kinds})" if kinds else "")
    span = f"{info['first_day']} to {info['last_day']}, {number(info['days'])} days" if info["first_day"] else ""
    found = [
        ("Shop", f"{shop.title}: {shop.description}"),
        ("Source", str(info.get("source", ""))),
        ("Licence", str(info.get("licence", ""))),
        ("Products", number(info["items"])),
        (many.capitalize(), number(info["shoppers"])),
        ("Events", events),
        ("Span", span or "not known"),
    ]
    return [(name, said) for name, said in found if said]


def _card(name: str) -> str:
    file = CARDS / name
    return file.read_text(encoding="utf-8") if name and file.is_file() else ""


def _offset(moment: datetime) -> str:
    """The time zone of a moment, by its name and its distance from UTC: "CET, UTC+01:00"."""
    return f"{moment.tzname()}, UTC{moment.isoformat()[-6:]}" if moment.utcoffset() else "UTC"


def _zone() -> str:
    """The time zone of whoever looks, as far as the browser tells it."""
    return str(st.context.timezone or "")


def _now(zone: str) -> datetime:
    try:
        return datetime.now(ZoneInfo(zone) if zone else UTC)
    except (KeyError, ValueError):  # a browser may say anything; without tables of zones none is known
        return datetime.now(UTC)
