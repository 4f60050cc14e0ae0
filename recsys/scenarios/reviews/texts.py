"""What a review says, as plain text of bounded length: marks of HTML taken out, sentences and pieces cut."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

MOST_CHARACTERS: Final = 4_000  # read of a review; of what is longer, the first and the last half of these
MOST_PIECES: Final = 8  # of a review that are encoded; what lies between the first and the last of them is passed over
_TAG: Final = re.compile(r"<(?:!--.*?--|/?[a-zA-Z][^<>]{0,2000})>", re.DOTALL)
_SCRIPT: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")
_RUN: Final = re.compile(r"(.)\1{3,}", re.DOTALL)  # "soooooo", "!!!!!!!!": as strong with three
_END: Final = re.compile(r"(?<=[。！？；…])|(?<=[.!?])\s+(?=\S)|\n+")
_CUTS: Final = "。！？；.!?;，,、 "


def plain_text(raw: str) -> str:
    """The text of a review: HTML taken out and unescaped, composed (NFKC), printable, blanks and runs shortened.

    Of more than MOST_CHARACTERS the beginning and the end are kept: where a verdict stands.
    """
    raw = _bounded(raw, 8 * MOST_CHARACTERS)
    if "<" in raw:
        raw = _TAG.sub(" ", _SCRIPT.sub(" ", raw))
    if "&" in raw:
        raw = html.unescape(raw)
    if not raw.isascii():
        raw = unicodedata.normalize("NFKC", raw)
    if not raw.isprintable():
        raw = "".join(c if c.isprintable() else " " for c in raw)
    return _bounded(_RUN.sub(r"\1\1\1", _BLANKS.sub(" ", raw)).strip(), MOST_CHARACTERS)


def _bounded(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[: most // 2]} {text[-(most // 2 - 1) :]}"


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, none of them empty."""
    return [each.strip() for each in _END.split(text) if each and each.strip()]


def pieces(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters, cut after a sentence, a clause or a word; [""] of none.

    At most MOST_PIECES: the first half of them and the last.
    """
    found = list[str]()
    while len(text) > most:
        window = text[:most]
        cut = next((at for mark in (_CUTS[:8], _CUTS[8:]) if (at := _last(window, mark)) >= most // 2), most - 1) + 1
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    found.append(text)
    half = MOST_PIECES // 2
    return found if len(found) <= MOST_PIECES else found[:half] + found[-half:]


def _last(text: str, marks: str) -> int:
    return max(text.rfind(mark) for mark in marks)
