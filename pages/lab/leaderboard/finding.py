"""What a run found, in one sentence: who ranks best, by how much over whom, and whether that is more than luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.lab.leaderboard.wording import metric_label
from pages.shared.finding import lead, within
from pages.shared.wording import plain
from recsys.evaluation import reading

if TYPE_CHECKING:
    import pandas as pd

    from recsys.evaluation.reading import Lead


def sentence(report: dict[str, Any], names: dict[str, str]) -> str:
    """The finding as Markdown; `names` are the recommenders in plain words.

    A trained winner is set against the best simple baseline, a simple one against the best that was trained: that is
    what one wants to know. Where only one kind ran it is set against the runner-up.
    """
    found = reading.verdict(report)
    table = reading.standings(report, report["compared_by"])
    best = table.iloc[0]
    winner, figure = (
        f"{plain(names[found.winner])}",
        f"{metric_label(report['compared_by'])} {best['mean']:.3f}",
    )
    if found.runner_up is None:
        others = "the others were not compared with it" if len(table) > 1 else "nothing ran beside it"
        return f"{winner} reaches {figure}; {others}, so whether that is good cannot be said."
    rival = _rival(report, table, found.winner) or found.runner_up
    level = [name for name in found.level if name != rival.against][:1]
    also = f"; {plain(within(names[level[0]]))} may do as well" if level else ""
    against, beaten = plain(within(names[rival.against])), best["mean"] - rival.difference
    by = lead(against, rival.difference, rival.low, rival.high, rival.p, beaten)
    if found.winner in reading.SIMPLE and rival.against not in reading.SIMPLE:
        return f"A simple baseline wins: {winner} with {figure}, {by}{also}."
    return f"{winner} ranks best: {figure}, {by}{also}."


def _rival(report: dict[str, Any], table: pd.DataFrame, winner: str) -> Lead | None:
    """How far the winner is ahead of the best of the other kind; None where none ran or was compared."""
    simple = winner in reading.SIMPLE
    others = table.loc[table["simple"] != simple, "model"].tolist()
    return reading.lead(report, winner, others[0]) if others else None
