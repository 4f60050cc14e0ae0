"""A report by construction: what goes in stands in the file, and nothing of it is more than text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest

from recsys.reports import html
from recsys.reports.contract import Chart, Column, Fact, Group, Part, Report, Table, Words
from recsys.reports.html import MOST_BYTES, render
from tests.reports.reading import Page

HOSTILE = (
    "</script><script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)> [a](https://evil.example)"
)
PICTURE = "data:image/png;base64,iVBORw0KGgo="


def report(*parts: Part, **changed: Any) -> Report:
    said: dict[str, Any] = {
        "title": "Why",
        "shop": "Outdoor things",
        "asked": (("Query", "“lantern”"), ("Diversity", "0.4 (at first 0)")),
        "data": (("Products", "12"), ("Licence", "ours")),
        "about": (("Made", "29 November 2026, 04:20:05 (CET, UTC+01:00)"), ("By", "ShelfLens 0.1.0")),
        **changed,
    }
    return Report(parts=parts, **said)


def chart(title: str = "A chart", kind: str = "scatter") -> Chart:
    figure = go.Figure([{"type": kind, "x": [1, 2], "y": [3, 4], "name": title}])
    figure.update_layout(title_text=title, height=260)
    return Chart(figure.to_json(), f"Points of {title}.")


def read(*parts: Part, **changed: Any) -> Page:
    return Page(render(report(*parts, **changed)))


def test_what_was_asked_of_which_data_when_and_by_what_is_told() -> None:
    page = read(card="# Data card\n\nMade in the *Alps*, see [there](https://evil.example).", notices=("Made up.",))
    assert page.tags[0] == ("html", {"lang": "en"})
    for said in (
        "Why",
        "Outdoor things",
        "“lantern”",
        "0.4 (at first 0)",
        "Made up.",
        "Data card",
        "Alps",
        "see there",
    ):
        assert said in page.text
    for said in ("12", "ours", "29 November 2026, 04:20:05 (CET, UTC+01:00)", "ShelfLens 0.1.0"):
        assert said in page.text
    assert page.count("h1") == 1
    assert page.loaded() == []


def test_headings_skip_no_level_and_tables_have_heads() -> None:
    table = Table((Column("Product"), Column("Price", numeric=True)), (("Lantern", "€ 5"),), 1)
    page = read(Words("##### Found"), Group((Words("#### Inside"), table), "box", "Folded"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    heads = page.of("th")
    assert len(heads) == 2
    assert all(each["scope"] == "col" for each in heads)
    assert [each.get("class", "") for each in page.of("td")] == ["", "number"]


def test_a_figure_leads_to_what_it_means_once() -> None:
    fact = Fact("Diversity", "0.25", "+4 %", "good", "1 less the mean *cosine*.")
    page = read(Group((fact, fact), "cards"), Table((Column("Cosine", "Likeness"),), (("0.5",),), 1))
    places = [each["href"] for each in page.of("a")]
    assert places == ["#meaning-1", "#meaning-1", "#meaning-2"]
    ids = [all_of["id"] for _, all_of in page.tags if "id" in all_of]
    assert {"meaning-1", "meaning-2"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert page.text.count("1 less the mean cosine .") == 1


def test_charts_share_one_plotly_and_none_brings_none() -> None:
    none, three = render(report(Words("No chart."))), render(report(chart("a"), Group((chart("b"), chart("c")))))
    assert len(none) < 20_000
    assert three.count("plotly.js v") == 1
    page = Page(three)
    assert len(page.scripts) == 4
    assert [each["id"] for each in page.of("div") if "id" in each] == ["chart-1", "chart-2", "chart-3"]
    assert all(script.startswith(f'Plotly.newPlot("chart-{at}"') for at, script in enumerate(page.scripts[1:], 1))
    assert [each["aria-label"] for each in page.of("figure")] == ["Points of a.", "Points of b.", "Points of c."]


@pytest.mark.parametrize("kind", ["scatter", "scattergl"])
def test_only_these_scripts_may_run_and_nothing_may_be_loaded(kind: str) -> None:
    page = read(chart(kind=kind))
    allowed = re.findall(r"'sha256-([^']+)'", page.policy)
    assert allowed == [b64encode(sha256(each.encode()).digest()).decode() for each in page.scripts]
    assert "default-src 'none'" in page.policy
    assert ("'unsafe-eval'" in page.policy) == (kind == "scattergl")
    assert "script-src 'unsafe-inline'" not in page.policy
    assert "http" not in page.policy
    assert page.loaded() == []
    assert "script-src 'none'" in read().policy


def test_hostile_texts_stay_texts() -> None:
    parts = (
        Words(HOSTILE),
        Words(HOSTILE, "notice"),
        Fact(HOSTILE, HOSTILE, HOSTILE, "", HOSTILE),
        Table((Column(HOSTILE, HOSTILE),), ((HOSTILE,),), 1),
        Group((Words("x"),), "box", HOSTILE),
        Chart(chart(HOSTILE).spec, HOSTILE),
    )
    pairs = ((HOSTILE, HOSTILE),)
    page = read(
        *parts, title=HOSTILE, shop=HOSTILE, asked=pairs, data=pairs, about=pairs, card=HOSTILE, notices=(HOSTILE,)
    )
    assert len(page.scripts) == 2
    assert page.count("script") == 2
    assert page.count("img") == 0
    assert page.handlers() == []
    assert page.loaded() == []
    assert page.text.count("alert(1)") >= 15
    call = page.scripts[1]
    assert "<" not in call
    assert json.loads(f"[{call.removeprefix('Plotly.newPlot(').removesuffix(')')}]")[2]["title"]["text"] == HOSTILE


def test_a_row_has_its_shares_a_line_its_widths_and_cards_are_a_list() -> None:
    both = (Words("a"), Words("b"))
    page = read(Group(both, "row", widths=(0.3, 0.7)), Group(both, "line", widths=(120, 0)), Group(both, "cards"))
    styles = [each["style"] for each in page.of("div") if "style" in each]
    assert styles == ["flex:30 1 20rem", "flex:70 1 20rem", "flex:0 0 120px", "flex:1 1 12rem"]
    assert page.count("ul") == 1
    assert page.count("li") == 2


@pytest.mark.parametrize(("columns", "abreast"), [(4, 1), (5, 0)])
def test_a_wide_table_stands_beside_nothing(columns: int, abreast: int) -> None:
    table = Table(tuple(Column(str(at)) for at in range(columns)), (("x",) * columns,), 1)
    page = read(Group((Words("a"), Group((table,), "box")), "row", widths=(0.5, 0.5)))
    assert sum(each.get("class") == "row" for each in page.of("div")) == abreast
    assert page.count("td") == columns


def test_a_long_table_is_cut_and_that_is_said() -> None:
    rows = tuple((str(row),) for row in range(400))
    page = read(Table((Column("Row"),), rows, 2_469))
    assert page.count("td") == 100
    assert "The first 100 of 2469 rows" in page.text


def test_what_has_no_room_is_said_where_it_would_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_PICTURES", len(PICTURE) + 5)
    monkeypatch.setattr(html, "MOST_CHARTS", 1_000)
    big = Chart(go.Figure([{"y": list(range(5_000))}]).to_json(), "A long line.")
    page = read(Words(f"![A lantern]({PICTURE})"), Words(f"![A boot]({PICTURE})"), big, chart())
    assert [each["alt"] for each in page.of("img")] == ["A lantern"]
    assert "A boot" in page.text
    assert "1 picture had no room" in page.text
    assert "This chart is left out" in page.text
    assert "A long line." in page.text
    assert len(page.scripts) == 2


def test_a_file_is_never_larger_than_the_most() -> None:
    many = tuple(Words(f"![x](data:image/png;base64,{'A' * 900_000})") for _ in range(12))
    charts = tuple(Chart(go.Figure([{"y": list(range(200_000))}]).to_json(), "Long.") for _ in range(12))
    written = render(report(*many, *charts)).encode()
    assert 10_000_000 < len(written) < MOST_BYTES
