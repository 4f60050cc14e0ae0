"""What a query in another language does not want: "sin nueces", "ohne Nüsse", "sans noix", "不要花生", "glutenfrei"."""

from __future__ import annotations

import re
from typing import Final

from recsys.query.chinese import simplified
from recsys.query.glossary import SMALL, Glossary

MOST: Final = 6  # of one query
LONGEST: Final = 3  # words of what is left out: "mantequilla de cacahuete"
LONGEST_CHINESE: Final = 6  # characters

_LATIN: Final = {
    "es": re.compile(
        r"(?<!\w)(?:sin|excepto|salvo|menos|pero (?:no|sin)|libres? de|nada de|evitar|evitando|en vez de|en lugar de"
        r"|(?:que )?no (?:teng|llev|conteng|contien|tien|incluy|se|quier|pued|me gust|com)[a-záéíóú]*"
        r"(?: comer| hech[oa]s?)?"
        r"|(?:soy )?al[eé]rgic[oa]s? al?|no)(?: (?:el|la|los|las|nada de|de|con|ning[uú]na?))? (?=\w)",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"(?<!\w)(?:ohne|außer|ausser|bis auf|(?:(?:aber|ich will|ich mag|die|das|der) )?kein(?:e|en|er)?|aber nicht"
        r"|nicht(?: (?:mit|aus))?|frei von|statt|anstatt|allergisch gegen)(?: (?:den|die|das|der|dem))? (?=\w)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"(?<!\w)(?:sans|sauf|hors|excepté|mais (?:pas|sans)|exempte?s? de|à l['’]exception|au lieu|éviter|allergique à"
        r"|(?:(?:qui|je|on) )?(?:ne |n['’] ?)(?:contien[a-z]*|ai|as?|ont|est|sont|veu[xt]|mange|comport[a-z]*) pas|pas)"
        r"(?: (?:les?|la|de|du|des|à|fait[es]* avec)| d['’]| de l['’]| l['’])?(?: |(?<=['’]))(?=\w)",
        re.IGNORECASE,
    ),
}
# What is left of a clause whose beginning said that something is not wanted: "die keine Nüsse enthalten".
_LEFT: Final = {
    "de": re.compile(r"(?<!\w)(?:enth(?:alten|ält)|haben|hat|sind|ist|drin|dabei|darin)(?!\w)", re.IGNORECASE),
    "es": re.compile(r"(?<!\w)(?:por favor|quiero|busco)(?!\w)", re.IGNORECASE),
    "fr": re.compile(r"(?<!\w)(?:s['’]il (?:vous|te) pla[iî]t|svp|dedans)(?!\w)", re.IGNORECASE),
}
_AND: Final = re.compile(r",? (?:y|o|ni|und|oder|noch|et|ou|ni) ", re.IGNORECASE)
_FREE: Final = re.compile(r"(?<!\w)([^\W\d_]{3,}?)-?frei(?:e|er|es|en|em)?(?!\w)", re.IGNORECASE)
_CHINESE: Final = re.compile(
    r"不(?:要|想要|想吃|吃|放|喜欢)|别放|別放|去掉|去除|免|不含(?:有)?|不加|不带|不是|没有|无|除了|非"
)
_AFTER_CHINESE: Final = re.compile(r"^(?:以外|之外)?的?")


def exclusions_of(text: str, code: str, glossary: Glossary) -> tuple[str, tuple[str, ...]]:
    """(the text without what it does not want, what that is, in English where the glossary has it)."""
    unwanted: list[str] = []
    if code == "zh":
        rest = _chinese(simplified(text), glossary, unwanted)
    elif code in _LATIN:
        rest = _latin(text, code, glossary, unwanted)
        rest = _LEFT[code].sub(" ", rest) if unwanted else rest
        if code == "de":
            for match in _FREE.finditer(rest):
                unwanted.append(glossary.read(match[1], code).english or match[1].lower())
            rest = _FREE.sub(" ", rest)
    else:
        return text, ()
    return " ".join(rest.split()), tuple(dict.fromkeys(unwanted))


def _latin(text: str, code: str, glossary: Glossary, unwanted: list[str]) -> str:
    kept, at = "", 0
    while len(unwanted) < MOST and (match := _LATIN[code].search(text, at)):
        kept += text[at : match.start()] + " "
        at = match.end()
        while len(unwanted) < MOST:
            said, english = _target(text[at:], code, glossary)
            unwanted.append(english)
            at += len(said)
            more = _AND.match(text, at)
            if more is None:
                break
            at = more.end()
    return kept + text[at:]


def _target(text: str, code: str, glossary: Glossary) -> tuple[str, str]:
    """(what is left out as it was said, in English where it is known) at the beginning of the text."""
    words = re.findall(r"\s*[^\s,;]+", text)[:LONGEST]
    for size in range(len(words), 0, -1):
        if words[size - 1].strip().lower() in SMALL[code].split():
            continue
        said = "".join(words[:size])
        translation = glossary.read(said, code)
        if translation.whole and len(translation.phrases) == 1:
            return said, translation.english
    return (words[0], words[0].strip().lower()) if words else ("", "")


def _chinese(text: str, glossary: Glossary, unwanted: list[str]) -> str:
    kept, at = "", 0
    while len(unwanted) < MOST and (match := _CHINESE.search(text, at)):
        kept += text[at : match.start()]
        rest = text[match.end() :]
        for size in range(min(LONGEST_CHINESE, len(rest)), 0, -1):
            translation = glossary.read(rest[:size], "zh")
            if translation.whole and len(translation.phrases) == 1 and not rest[:size].endswith("的"):
                unwanted.append(translation.english)
                after = _AFTER_CHINESE.match(rest[size:])
                at = match.end() + size + (after.end() if after else 0)
                break
        else:  # what is not wanted is not known: it stays, and so does all that follows
            return kept + text[match.start() :]
    return kept + text[at:]
