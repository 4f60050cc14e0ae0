"""What a run found, in one sentence: who ranks best, by how much over whom, and whether that is more than luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pages.lab.leaderboard.wording import metric_label
from pages.shared.finding import ahead, within
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
        f"**{plain(names[found.winner])}**",
        f"{metric_label(report['compared_by'])} **{best['mean']:.3f}**",
    )
    if found.runner_up is None:
        others = "the others were not compared with it" if len(table) > 1 else "nothing ran beside it"
        return f"{winner} reaches {figure}; {others}, so whether that is good cannot be said."
    rival = _rival(report, table, found.winner) or found.runner_up
    level = [name for name in found.level if name != rival.against][:1]
    also = f"; {plain(within(names[level[0]]))} may do as well" if level else ""
    lead = _lead(rival, plain(within(names[rival.against])), best["mean"])
    if found.winner in reading.SIMPLE and rival.against not in reading.SIMPLE:
        return f"A simple baseline wins: {winner} with {figure}, {lead}{also}."
    return f"{winner} ranks best: {figure}, {lead}{also}."


def _rival(report: dict[str, Any], table: pd.DataFrame, winner: str) -> Lead | None:
    """How far the winner is ahead of the best of the other kind; None where none ran or was compared."""
    simple = winner in reading.SIMPLE
    others = table.loc[table["simple"] != simple, "model"].tolist()
    return reading.lead(report, winner, others[0]) if others else None


def _lead(lead: Lead, against: str, mean: float) -> str:
    """ "6 % ahead of own favourites, more than luck (95 % interval 4 % to 8 %)"."""
    if lead.difference == 0:
        return f"level with {against}"
    share, interval = ahead(lead.difference, lead.low, lead.high, mean - lead.difference)
    if math.isnan(lead.p):
        return f"{share} ahead of {against}, not tested"
    if lead.more_than_luck:
        return f"{share} ahead of {against}, more than luck (95 % interval {interval})"
    return f"but its lead of {share} over {against} may be luck (95 % interval {interval})"
