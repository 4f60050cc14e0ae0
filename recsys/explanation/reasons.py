"""One plain line per product: the strongest parts of its score, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from recsys.ranking.parts import DUE, PARTS, SHORTLIST
from recsys.retrieval.part import Grounds, Part
from recsys.retrieval.popularity import POPULAR
from recsys.retrieval.repeat import REPEAT

TINY: Final = 1e-9  # a score of nothing has no reason
SHARE_WORTH_SAYING: Final = 0.2  # a part below a fifth of the score is no reason for the product to be there
DUE_WORTH_SAYING: Final = 0.1  # beside how often it was bought; a smaller share comes with what was bought days ago too


def reason(scored: Mapping[str, float], grounds: Grounds, parts: Iterable[Part] = PARTS) -> str:
    """The one-line reason of a product, with its figures.

    `scored` are the named parts of its score, `grounds` the figures, names and words behind them. At most two parts
    are named, the larger first: those of a fifth of the score at least, or the largest that has anything to say. What
    all of a shortlist start with is no reason for one of them and no part of that score. Where none has anything to
    say, how many others have it.
    """
    said = _said(scored, parts, lambda part: part.phrase(grounds))
    return _sentence(" \u00b7 ".join(said[:2]) or POPULAR.phrase(grounds))


def spoken(scored: Mapping[str, float], grounds: Grounds, parts: Iterable[Part] = PARTS) -> str:
    """The reason as a person would say it to the shopper: "You bought it 5 times; due again". Arguments as `reason`.

    How well the query is answered is said once, by the part that says most of it.
    """
    said = _said(scored, parts, lambda part: part.spoken(grounds), query_once=True)
    return _sentence("; ".join(said[:2]) or POPULAR.spoken(grounds))


def _said(
    scored: Mapping[str, float], parts: Iterable[Part], words: Callable[[Part], str], *, query_once: bool = False
) -> list[str]:
    """What `words` says of the parts that are a reason, the largest first.

    One rule for the shopper and for the analyst. That something bought before is due again is said from a tenth of the
    score on, behind what is larger.
    """
    own = {name: value for name, value in scored.items() if value > TINY and name != SHORTLIST.name}
    total = sum(own.values())
    said: dict[str, str] = {}
    answered = False
    for part in sorted((part for part in parts if part.name in own), key=lambda part: -own[part.name]):
        if said and own[part.name] < SHARE_WORTH_SAYING * total:
            break
        if not (says := words(part)):
            continue
        of_query = part.answers or part.second_look is not None
        if not (query_once and of_query and answered):
            said[part.name] = says
        answered |= of_query
    often = next(iter(said), "") == REPEAT.name and scored.get(DUE.name, 0.0) >= DUE_WORTH_SAYING * total
    if often and (due := words(DUE)):
        said.setdefault(DUE.name, due)
    return list(said.values())


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]


def habit(scored: Mapping[str, float], grounds: Grounds, parts: Iterable[Part] = PARTS) -> str:
    """Why a shopper's habits speak for a product: the largest of the parts of habit that has something to say."""
    habits = [part for part in parts if part.habit and scored.get(part.name, 0.0) > TINY]
    habits.sort(key=lambda part: -scored[part.name])
    return next((words for part in habits if (words := part.phrase(grounds))), "")
