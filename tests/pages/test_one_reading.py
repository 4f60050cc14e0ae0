"""A screen reads and encodes its query once, whatever is drawn beside the shelf."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from tests.counting import ONCE, readings
from tests.pages.app_visit import App


@pytest.fixture(autouse=True)
def _not_warmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warming encodes a query of its own, beside the first screen."""
    monkeypatch.setattr(Engine, "warm", lambda engine: None)


def test_the_storefront_with_its_charts_encodes_a_query_once(
    open_app: type[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = readings(monkeypatch)
    app = open_app(q="gluten free pasta", mode="xray")
    assert len(app.at.get("plotly_chart")) == 3
    assert counted == ONCE


def test_the_map_encodes_a_query_once(open_app: type[App], monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app(q="gluten free pasta")
    counted = readings(monkeypatch)
    app.at.switch_page("pages/understand/embedding_map/page.py")
    app.run()
    assert len(app.at.get("plotly_chart")) == 1
    assert counted == ONCE
