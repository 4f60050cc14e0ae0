"""Text out of HTML: entities are letters, tags are blanks, and what a browser does not show is no text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Final

ROUNDS: Final = 3  # feeds escape what is escaped: "&amp;uuml;"
UNSEEN: Final = frozenset({"style", "script", "noscript", "template", "head"})
_MARKUP: Final = re.compile(r"<[A-Za-z/!?]|&(?:#\d|#[xX][0-9a-fA-F]|[A-Za-z])")
# zero-width signs and soft hyphens split words for who compares letters; control characters are no text
_SIGNS: Final = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CDATA: Final = re.compile(r"<!\[CDATA\[|\]\]>")
# A tag that another one begins in is none. To look for its end takes the parser quadratic time.
_STRAY: Final = re.compile(r"<(?=[^<>]*(?:<|\Z))")


class _Shown(HTMLParser):
    """Collects what a browser would show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen.append(tag)
        self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def shown(text: str) -> str:
    """The text that a browser shows, blanks single: "<p>Mild&nbsp;cr&egrave;me</p>" -> "Mild crème"."""
    for _ in range(ROUNDS):
        if not _MARKUP.search(text):
            break
        before, text = text, _once(text)
        if text == before:
            break
    return " ".join(_CONTROLS.sub(" ", _SIGNS.sub("", text)).split())


def _once(text: str) -> str:
    if "<" not in text:
        return html.unescape(text)
    parser = _Shown()
    try:
        parser.feed(_STRAY.sub("&lt;", _CDATA.sub(" ", _without_comments(text))))
        parser.close()
    except AssertionError:  # what the parser says of broken declarations
        return html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return "".join(parser.parts)


def _without_comments(text: str) -> str:
    """The text without `<!-- ... -->`, in one pass: a pattern would look for each end to the end of the text."""
    parts, begin = [], 0
    while (start := text.find("<!--", begin)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += [text[begin:start], " "]
        begin = end + 3
    return "".join((*parts, text[begin:]))
