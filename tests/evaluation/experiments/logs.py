"""Logs of a shop whose figures can be told by hand."""

from __future__ import annotations

import numpy as np

from recsys.evaluation.experiments.own_data import Log

PEOPLE, LENGTH = 40, 84  # twelve weeks: the last four stand for the test


def log(*, visits: bool = True, prices: bool = True) -> Log:
    """Everybody comes on the first day of each week; even people buy each time for (their number + 1), odd ones never
    in the last four weeks, and once before."""
    who, days = [], []
    for person in range(PEOPLE):
        bought = range(0, LENGTH, 7) if person % 2 == 0 else (0,)
        who += [person] * len(bought)
        days += list(bought)
    came = np.repeat(np.arange(LENGTH // 7) * 7, PEOPLE), np.tile(np.arange(PEOPLE), LENGTH // 7)
    people, on = np.array(who, np.int32), np.array(days, np.int32)
    amounts = (people + 1).astype(np.float64) if prices else None
    return Log(
        "made", PEOPLE, people, on, amounts, (came[1].astype(np.int32), came[0].astype(np.int32)) if visits else None,
        LENGTH,
    )  # fmt: skip
