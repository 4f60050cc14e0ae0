"""How data is put into words on a page: prices, counts, and text that Markdown must not touch."""

from __future__ import annotations

import math
import re
from base64 import b64encode
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from recsys.schema import shown_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys.retrieval.part import Part
    from recsys.shops.contract import Shop

# Marks that turn the direction of writing: left in, one in a query would mirror the words around it.
_BIDI_CONTROLS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~$:<&=])")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
# What Streamlit makes something of once the backslashes are gone: addresses of the web (GFM's autolinks look at the
# finished text), names of emoji and icons between colons, arrows drawn with signs. Behind the sign that each of them
# needs goes a word joiner, which nobody sees.
_LIVE: Final = re.compile(r":(?=//|[\w+/-]+:)|www(?=\.)|@(?=[-\w]+\.[-\w])|[-<>~](?=[-=>])", re.IGNORECASE)
_SIGNS: Final = re.compile(r"[\\`*_{}\[\]#!|<>~$:=@]|(?<=www)\.|-(?=-)|(?<=-)-", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")
JOINER: Final = "\u2060"

UNSEEN: Final = (
    "data:image/svg+xml;base64," + b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>').decode()
)
VOWELS: Final = "aeiou"
SPELT: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FACT_LABELS: Final[dict[str, str]] = {
    "cosine_query": "Similarity of meaning to the query (cosine, -1 to 1)",
    "cosine_taste": "Similarity to the shopper's taste (cosine, -1 to 1)",
    "cosine_taste_before": "The same without your feedback",
    "space_query": "Nearness to the query in the space of pictures and words (cosine, -1 to 1)",
    "space_picture": "Nearness to the picture, as the words change it, in the same space",
    "space_shopper": "Nearness to the shopper in the same space, as the Transformer learned it",
    "bm25": "Strength of the matching words (BM25, 0 and up)",
    "times": "Times this shopper bought it",
    "days_ago": "Days since this shopper last bought it",
    "kind_times": "Times this shopper bought others of its kind",
    "buyers": "{people} that buy it",
    "shoppers": "{people} in all",
}


def plain(text: str) -> str:
    """The text as a page shows it letter by letter, on one line, left to right: never a link, a picture or a look.

    For all that was typed, uploaded or comes with the data, wherever Streamlit reads Markdown: in texts, messages,
    labels and help (the options of select boxes and the cells of tables are text already).
    """
    return _one_line("".join(_letters(text)))


def _one_line(text: str) -> str:
    """With one usual blank for any others, but those that keep a figure and its sign together."""
    return _BLANKS.sub(lambda found: found[0] if found[0] == "\u00a0" else " ", text).strip()


def bare(text: str) -> str:
    """The text without the signs that Markdown reads: for the name of a control, which is read out as it is too."""
    return " ".join(_SIGNS.sub(" ", _BIDI_CONTROLS.sub("", text)).split())


def _letters(text: str) -> list[str]:
    """What Markdown needs in place of each character of the text, so that it is shown as it is."""
    shown = ["" if _BIDI_CONTROLS.match(each) else _SURROGATES.sub("\ufffd", each) for each in text]
    kept = [place for place, each in enumerate(shown) if each]
    ends = [kept[found.end() - 1] for found in _LIVE.finditer("".join(shown))]
    out = [_MARKDOWN.sub(r"\\\1", each) for each in shown]
    for place in ends:
        out[place] += JOINER
    return out


def marked(text: str, spans: Iterable[tuple[int, int]], length: int) -> str:
    """The text as `cut` and `plain` show it, with the places [start, end) of its words on a tinted ground.

    The spans go from left to right; what of them is cut off is not marked.
    """
    shown = cut(text, length)
    kept = len(shown) - (shown != text)  # the ellipsis is none of the text
    letters = _letters(shown)
    pieces, done = [], 0
    for start, end in spans:
        if start < min(end, kept):
            end = min(end, kept)
            end += shown[end : end + 1] == ","  # the tint is wider than the word: a comma after it would stand apart
            word = _one_line("".join(letters[start:end]))
            pieces += [*letters[done:start], f":primary-background[{word}]" if word else ""]
            done = end
    return _one_line("".join([*pieces, *letters[done:]]))


def heard(text: str) -> str:
    """Text for a label that is heard and not seen: what a button with an icon does, to whom it is read aloud."""
    return f"![{plain(text)}]({UNSEEN})"


def drawn(picture: str | bytes, alt: str, kind: str = "jpeg") -> str:
    """A picture within Markdown, an SVG text or the bytes of a JPEG or of another `kind` of file.

    It has no button that a keyboard would have to pass.
    """
    kind, data = ("svg+xml", picture.encode()) if isinstance(picture, str) else (kind, picture)
    return f"![{plain(alt)}](data:image/{kind};base64,{b64encode(data).decode()})"


def cut(text: str, length: int) -> str:
    """The text, ended by an ellipsis when longer than `length` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def ended(text: str) -> str:
    """The text as the end of a sentence: with a full stop, unless it ends with one or was cut off."""
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def money(price: float | None, shop: Shop) -> str:
    """An amount as the people of the shop write it, or that the price is unknown."""
    return "price unknown" if price is None or not math.isfinite(price) else shop.money.said(price)


def currency(shop: Shop) -> str:
    """What the shop's money is called within a sentence: "euros"."""
    from babel.numbers import get_currency_name

    return str(get_currency_name(shop.money.currency, count=2, locale="en"))


def a(noun: str) -> str:
    """The noun with its article: "a member", "an owner"."""
    return f"{'an' if noun[:1].lower() in VOWELS else 'a'} {noun}"


def no_people(shop: Shop) -> str:
    """The sentence for a shop in which nobody has been yet: "This shop knows no readers yet."."""
    return f"This shop knows no {shop.people.many} yet."


def spelt(number: int, shop: Shop) -> str:
    """A small number as a word: "ten"; others in digits."""
    return SPELT[number] if number < len(SPELT) else shop.number(number)


def points(score: float) -> str:
    """A score of 0 to 1 as points out of 100."""
    return f"{score * 100:.1f}"


def parts_said(parts: Mapping[str, float], named: Iterable[Part]) -> list[str]:
    """The parts of a score that it has, in points that add up to the score as shown: "Meaning 41.3"."""
    labels, shown = {part.name: part.label for part in named}, shown_parts(parts)
    return [f"{labels[name]} {shown[name]:.1f}" for name, part in parts.items() if part and name in labels]


def count(number: int, singular: str, plural: str = "", *, shop: Shop) -> str:
    """A number, as the people of the shop write it, with its noun: "1 like", "2,000 likes", "2.000 likes"."""
    return f"{shop.number(number)} {singular if number == 1 else plural or singular + 's'}"


def fact_label(name: str, shop: Shop) -> str:
    """A raw figure's name in plain words."""
    said = FACT_LABELS.get(name, name.replace("_", " ").capitalize())
    return said.replace("{people}", shop.people.many.capitalize())


def fact_value(value: float, shop: Shop) -> str:
    """A raw figure: whole numbers as the shop's people write them, others with three decimals."""
    return shop.number(value) if float(value).is_integer() else f"{value:,.3f}"


def seconds(value: float) -> str:
    """A duration in the unit in which one would say it."""
    if value < 90:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 5_400 else f"{value / 3_600:.1f} h"
