"""`python -m recsys evaluate cold-start`: new shoppers and new products against popularity."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

    from recsys.evaluation.cold_start.data import ColdData

STEPS: Final = 5  # bars, one after another
ALLOWED: Final = {"visits": (100, 1_000_000), "answering": (10, 100_000), "days": (0, 10_000), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `cold-start` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "cold-start",
        parents=[common],
        help="new shoppers and new products, against popularity",
        description="Rank products nobody took yet, and for shoppers nobody knows: content, graph, cohort, popularity.",
    )
    verb.add_argument("--interactions", type=Path, metavar="FILE", help="a file of histories (default: the shop's)")
    verb.add_argument("--attributes", type=Path, metavar="FILE", help='JSON {"item": [attribute, ...]}; .gz is read')
    verb.add_argument("--visits", type=int, default=3_000, metavar="N", help="of a test, at most (default 3000)")
    verb.add_argument("--answering", type=int, default=500, metavar="N", help="who answer questions (default 500)")
    verb.add_argument("--days", type=int, default=0, metavar="N", help="window of cold items (default: a quarter)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_cold_start)


def run_cold_start(options: argparse.Namespace, settings: Settings) -> int:
    """Choose on the validation, ask the test, print the figures."""
    from recsys.evaluation.cold_start.running import Effort, evaluated

    check_numbers(options, ALLOWED)
    if bool(options.attributes) != bool(options.interactions):
        raise BadRequestError(
            "a file of histories and one of attributes belong together: a new item is known by its attributes alone",
            remedy="give --interactions FILE and --attributes FILE, or neither",
        )
    effort = Effort(options.visits, answering=options.answering, days=options.days, seed=options.seed)
    with bars(quiet=options.json) as (progress_of, _):
        report = evaluated(_data(options, settings), effort, here.following(progress_of, steps=STEPS))
    return finish(report, "cold_start", _print, options, settings, of_shop=not options.interactions)


def _data(options: argparse.Namespace, settings: Settings) -> ColdData:
    from recsys.evaluation.cold_start import data
    from recsys.preparation import Plan

    if options.interactions:
        return data.of_file(options.interactions, options.attributes)
    plan = Plan.of(settings)
    return data.of_dataset(plan.open("dataset"), plan.open("vectors"))


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    for name, title in (("items", "Cold items"), ("shoppers", "Cold shoppers"), ("choices", "Answers instead")):
        console.print(_table(title, report[name]))
    for goal in report["goals"]:
        reached = "no baseline found anything" if goal["ndcg_change"] is None else f"{goal['ndcg_change']:+.0%} nDCG"
        told = f"{goal['task']}, {goal['known']} known: {reached}, goal {goal['goal']:+.0%}"
        console.print(f"{told} {'met' if goal['met'] else 'missed'}; best alone: {goal['best_method']}", markup=False)


def _table(title: str, lines: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    heads = ("known", "visits", "method", "hit@10", "ndcg@10", "95 %", "change", "95 %", "p")
    table = Table(*heads, title=title, box=None)
    for line in lines:
        low, high = line["ndcg_ci95"]
        least, most = line["ndcg_change_ci95"]
        change = line["ndcg_change"]
        table.add_row(
            str(line["known"]),
            str(line["visits"]),
            line["method"] + (" (best baseline)" if line["best"] else ""),
            f"{line['hit']:.4f}",
            f"{line['ndcg']:.4f}",
            f"{low:.4f} {high:.4f}",
            "-" if change is None else f"{change:+.0%}",
            "-" if change is None else f"{least:+.0%} {most:+.0%}",
            "-" if line["p"] is None else f"{line['p']:.4f}",
        )
    return table
