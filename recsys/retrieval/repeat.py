"""Products the shopper has bought before."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Grounds, Part
from recsys.schema import Candidates, Floats, Mask, Rows


class RepeatRetriever:
    """Faded purchase counts: what was bought often and lately comes first."""

    name = "repeat"

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The k products with the highest faded counts."""
        if signals.affinity is None or k < 1:
            return Candidates.nothing(self.name)
        rows, scores = signals.affinity.items, signals.affinity.weights
        if allowed is not None:
            rows, scores = rows[allowed[rows]], scores[allowed[rows]]
        return Candidates.best(rows, scores, k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The faded count of each row, 0 for what was never bought."""
        out = np.zeros(len(rows), np.float32)
        if signals.affinity is None or len(signals.affinity) == 0:
            return out
        position = np.searchsorted(signals.affinity.items, rows)
        position = np.minimum(position, len(signals.affinity) - 1)
        bought = signals.affinity.items[position] == rows
        out[bought] = signals.affinity.weights[position[bought]]
        return out


def _phrase(grounds: Grounds) -> str:
    if not grounds.taken_before:  # then the learned order says it, which knows the kinds of products too
        kind = int(grounds.fact("kind_times"))
        bought = grounds.voice.bought
        return (
            f"not {bought} itself, others of its kind {_times(kind)}" if kind else f"not {bought} before: new to them"
        )
    said = f"{grounds.voice.bought} {_times(int(grounds.fact('times')))}"
    return f"{said}, last {_days(int(grounds.fact('days_ago')))}" if grounds.voice.dated else said


def _spoken(grounds: Grounds) -> str:
    bought = grounds.voice.bought
    if grounds.taken_before:
        return f"you {bought} it {_times(int(grounds.fact('times')))}"
    return f"new to you, but you {bought} others of its kind" if grounds.fact("kind_times") else "new to you"


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _days(n: int) -> str:
    return {0: "on the last day", 1: "a day ago"}.get(n, f"{n} days ago")


REPEAT: Final = Part(
    name="repeat",
    label="Own purchases",
    colour="#0A9A6E",
    phrase=_phrase,
    spoken=_spoken,
    weight=lambda known: known.to_shopper * (1.0 - known.discovery),
    retriever=lambda prepared: RepeatRetriever(),
    stage="{Bought} before (old purchases fading)",
    damped=np.log1p,  # the weekly milk should not make everything else nothing
    habit=True,
    own=True,
)
