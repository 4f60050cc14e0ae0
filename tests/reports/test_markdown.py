"""What the pages write in Markdown becomes HTML as Streamlit would show it, and never anything that is loaded."""

from __future__ import annotations

import pytest

from pages.shared.wording import drawn, plain
from recsys.reports.html import escape_markdown
from recsys.reports.markdown import Reader
from tests.reports.reading import Page
from tests.shops.hostile import LIVE


def made(text: str) -> str:
    return str(Reader(lambda address: True).line(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Number 1** *now*", "<strong>Number 1</strong> <em>now</em>"),
        (":small[a :gray[b **c**]] d", '<span class="small">a <span class="gray">b <strong>c</strong></span></span> d'),
        (":green-badge[new]", '<span class="green-badge">new</span>'),
        (":gray[▼ 3] :material/undo: back", '<span class="gray">▼ 3</span> back'),
        ("10:30 :unknown[x] a:b", "10:30 :unknown[x] a:b"),
        (":gray[never closed", ":gray[never closed"),
        ("[paper](https://a.example/x) <https://b.example>", "paper https://b.example"),
        ("a <b>c</b> & d", "a &lt;b&gt;c&lt;/b&gt; &amp; d"),
        ("![x](https://a.example/x.png)", '<span class="no-picture">x</span>'),
        ("![x](data:text/html;base64,AAAA)", '<span class="no-picture">x</span>'),
        ("![A boot](data:image/png;base64,AAAA)", '<img src="data:image/png;base64,AAAA" alt="A boot">'),
    ],
)
def test_a_line(text: str, html: str) -> None:
    assert made(text) == html


@pytest.mark.parametrize("text", LIVE)
def test_what_a_page_shows_letter_by_letter_is_shown_so(text: str) -> None:
    seen = text.replace("\u202e", "").replace("\u2066", "")  # what turns the direction of writing is taken out
    for written in (plain(text), escape_markdown(seen)):
        page = Page(made(written))
        assert page.tags == []
        assert page.text == seen


def test_blocks_are_headings_lists_and_tables() -> None:
    page = Page(str(Reader(lambda _: True).block("##### Found\n\n- a\n- b\n\n| x | y |\n| :-- | --: |\n| c | 1 |")))
    assert (page.count("h3"), page.count("li"), page.count("th")) == (1, 2, 2)
    assert [each.get("class") for each in page.of("td")] == [None, "number"]


def test_a_drawing_of_a_page_is_a_picture_of_the_report() -> None:
    page = Page(made(drawn("<svg xmlns='http://www.w3.org/2000/svg'/>", "Drawing of a [boot]")))
    assert page.of("img")[0]["alt"] == "Drawing of a [boot]"
    assert page.loaded() == []


def test_control_characters_are_left_out() -> None:
    assert made("a\x00b\x0bc\ud800d") == "abcd"
