"""Read what a person typed: clean, bound and honest about what was left out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from recsys.schema import MAX_QUERY_CHARS

_PICTURES: Final = ("So", "Sk")  # Unicode categories of emoji and their skin tones


@dataclass(frozen=True, slots=True)
class Query:
    """A query as the engine uses it. `text` is "" when nothing readable was typed."""

    text: str
    notes: tuple[str, ...] = ()


def read_query(raw: str) -> Query:
    """The query without control characters, at most MAX_QUERY_CHARS long, emoji spelt out in words.

    Never raises; every change that could surprise is said in `notes`.
    """
    notes: list[str] = []
    text = raw
    if len(text) > MAX_QUERY_CHARS:
        notes.append(
            f"The query has {len(text):,} characters; the first {MAX_QUERY_CHARS} were read. "
            "Shorten it to a few words for a sharper answer."
        )
        text = text[:MAX_QUERY_CHARS]
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode())
    spelt, pictures = _spell_pictures(text)
    text = " ".join("".join(c if _readable(c) else " " for c in spelt).split())
    if pictures:
        notes.append(f"Pictures were read as words: {'; '.join(pictures)}.")
    if raw.strip() and not any(c.isalnum() for c in text):
        notes.append("The query holds no letter or number, so there is nothing to search for. Type a word.")
        text = ""
    return Query(text, tuple(notes))


def _readable(char: str) -> bool:
    return unicodedata.category(char)[0] not in "C" and char != "\ufffd"


def _spell_pictures(text: str) -> tuple[str, list[str]]:
    """Emoji replaced by their Unicode names: a slice of pizza is searched as "slice of pizza"."""
    out: list[str] = []
    said: list[str] = []
    for char in text:
        name = unicodedata.name(char, "") if unicodedata.category(char) in _PICTURES and ord(char) > 0x2000 else ""
        if name and "MODIFIER" not in name and "VARIATION" not in name:
            words = name.lower().replace("-", " ")
            out.append(f" {words} ")
            if f"{char} as \u201c{words}\u201d" not in said and len(said) < 3:
                said.append(f"{char} as \u201c{words}\u201d")
        else:
            out.append(char)
    return "".join(out)[: 2 * MAX_QUERY_CHARS], said
