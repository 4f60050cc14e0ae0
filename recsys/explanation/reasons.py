"""One plain line per product: the strongest parts of its score, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from recsys.ranking.parts import DUE, PARTS
from recsys.retrieval.part import Grounds, Part
from recsys.retrieval.popularity import POPULAR
from recsys.retrieval.repeat import REPEAT

TINY: Final = 1e-9  # a score of nothing has no reason
SHARE_WORTH_SAYING: Final = 0.2  # a part below a fifth of the score is no reason for the product to be there


def reason(scored: Mapping[str, float], grounds: Grounds, parts: Iterable[Part] = PARTS) -> str:
    """The one-line reason of a product.

    `scored` are the named parts of its score, `grounds` the figures, names and words behind them. At most two parts
    are named, the larger first; where none has anything to say, how many others have it.
    """
    phrase = {part.name: part.phrase for part in parts}
    total = sum(value for value in scored.values() if value > 0)
    strong = [name for name, value in scored.items() if value > 0 and value >= SHARE_WORTH_SAYING * total]
    largest_first = sorted(strong, key=lambda name: -scored[name])
    said = [words for name in largest_first if name in phrase and (words := phrase[name](grounds))]
    line = " \u00b7 ".join(said[:2]) or POPULAR.phrase(grounds)
    return line[:1].upper() + line[1:]


def spoken(scored: Mapping[str, float], grounds: Grounds, parts: Iterable[Part] = PARTS) -> str:
    """The reason as a person would say it to the shopper: "You bought it 5 times; due again". Arguments as `reason`.

    How well the query is answered is said once, by the part that says most of it.
    """
    total = sum(value for value in scored.values() if value > 0)
    strong = [part for part in parts if scored.get(part.name, 0.0) >= max(SHARE_WORTH_SAYING * total, TINY)]
    said: list[str] = []
    answered = False
    for part in sorted(strong, key=lambda part: -scored[part.name]):
        of_query = part.answers or part.second_look is not None
        words = "" if of_query and answered else part.spoken(grounds)
        answered |= of_query and bool(words)
        said += [words] if words else []
    if scored.get(REPEAT.name, 0.0) > 0 and scored.get(DUE.name, 0.0) > 0 and REPEAT.spoken(grounds) in said[:1]:
        said[1:] = [words] if (words := DUE.spoken(grounds)) else said[1:]
    line = "; ".join(said[:2]) or POPULAR.spoken(grounds)
    return line[:1].upper() + line[1:]


def habit(scored: Mapping[str, float], grounds: Grounds, parts: Iterable[Part] = PARTS) -> str:
    """Why a shopper's habits speak for a product: the largest of the parts of habit that has something to say."""
    habits = sorted((part for part in parts if part.habit), key=lambda part: -scored.get(part.name, 0.0))
    return next((words for part in habits if (words := part.phrase(grounds))), "")
