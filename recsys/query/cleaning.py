"""Read what a person typed: clean, bound and honest about what was left out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from recsys.schema import MAX_QUERY_CHARS

_PICTURES: Final = ("So", "Sk")  # Unicode categories of emoji and their skin tones
_NO_PICTURES: Final = str.maketrans("\ufffc\ufffd", "  ")  # what stands where something could not be read
_ADDRESS: Final = re.compile(r"(?:\bhttps?://|\bwww\.)[^\s/?#]*([^\s?#]*)\S*", re.IGNORECASE)
_BETWEEN_WORDS: Final = re.compile(r"[^\w']|_")
READ_OF_ADDRESS: Final = "Of a web address only the words behind the name of its site are read."


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
    spelt, pictures = _spell_pictures(text.translate(_NO_PICTURES))
    text = " ".join("".join(map(_visible, spelt)).split())
    if pictures:
        notes.append(f"Pictures were read as words: {'; '.join(pictures)}.")
    if raw.strip() and not any(c.isalnum() for c in text):
        notes.append("The query holds no letter or number, so there is nothing to search for. Type a word.")
        text = ""
    return Query(text, tuple(notes))


def without_addresses(query: Query) -> Query:
    """The query with web addresses as the words of their paths: "coffee beans" of a page about them."""
    text = _ADDRESS.sub(lambda match: _BETWEEN_WORDS.sub(" ", unquote(match[1])), query.text)
    text = " ".join(text.split())
    return query if text == query.text else Query(text, (*query.notes, READ_OF_ADDRESS))


def _visible(char: str) -> str:
    """The character; "" for what only says how others are set (soft hyphen, zero width), " " for other controls."""
    category = unicodedata.category(char)
    return "" if category == "Cf" else " " if category[0] == "C" else char


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
