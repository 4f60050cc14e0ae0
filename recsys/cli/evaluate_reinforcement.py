"""`python -m recsys evaluate reinforcement`: whether planning ahead pays, where people tire and where they do not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from recsys import schema as s
from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

ALLOWED: Final = {"episodes": (8, 1_000_000), "seeds": (2, 100), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `reinforcement` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "reinforcement",
        parents=[common],
        help="planners against bandits and a greedy ranker, on people who tire",
        description="People of a simulated shop browse, tire, leave and come back; planners learn what to show them. "
        "One that was stopped goes on with the seeds not yet done.",
    )
    verb.add_argument("--episodes", type=int, default=300, metavar="N", help="of training, a seed (default 300)")
    verb.add_argument("--seeds", type=int, default=10, metavar="N", help="folds of people, at least 2 (default 10)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_reinforcement)


def run_reinforcement(options: argparse.Namespace, settings: Settings) -> int:
    """Train on some people, choose settings by others, let the rest browse, print the figures."""
    from recsys.datasets import storage
    from recsys.evaluation.learning.data import of_shop
    from recsys.evaluation.reinforcement.running import Effort, evaluated
    from recsys.preparation import Plan

    check_numbers(options, ALLOWED)
    plan = Plan.of(settings)
    effort = Effort(options.episodes, options.seeds, options.seed)
    with bars(quiet=options.json) as (progress_of, _):
        dataset = plan.open("dataset")
        data = of_shop(settings.shop, dataset, plan.open("vectors"))
        titles = [str(title) for title in storage.load_items(dataset.path)[s.TITLE]]
        report = evaluated(data, titles, effort, settings.state_dir, here.following(progress_of, steps=1))
    return finish(report, "reinforcement", _print, options, settings)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    for world in report["worlds"]:
        lines = [line for line in report["final"] if line["world"] == world["world"]]
        console.print(_table(world["label"], lines))
        console.print("planning pays" if world["pays"] else "planning does not pay", markup=False)
    for line in report["compared"]:
        low, high = line["difference_ci95"]
        told = f"{line['world']}: {line['method']} less {line['rival']} ({line['against']}): {line['difference']:+.2f}"
        console.print(f"{told} ({low:+.2f} to {high:+.2f}), p {line['p']:.3f}", markup=False)


def _table(title: str, lines: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table("method", "value", "95 %", "purchases", "pages", "utility", title=title, box=None)
    for line in sorted(lines, key=lambda line: -line["value"]):
        low, high = line["value_ci95"]
        figures = (f"{line['purchases']:.2f}", f"{line['pages']:.1f}", f"{line['utility']:.3f}")
        table.add_row(line["method"], f"{line['value']:.2f}", f"{low:.2f} {high:.2f}", *figures)
    return table
