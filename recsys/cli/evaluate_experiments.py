"""`python -m recsys evaluate experiments`: what tests take on the shop's data, and whether what is promised holds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

ALLOWED: Final = {"splits": (100, 100_000), "pages": (100, 1_000_000), "runs": (10, 100_000), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `experiments` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "experiments",
        parents=[common],
        help="what a test of two groups takes, and whether it may be looked at",
        description="Tests without a difference on the shop's own data, what CUPED saves, and, in a simulated shop, "
        "interleaving beside a test of two groups.",
    )
    verb.add_argument("--splits", type=int, default=2_000, metavar="N", help="random groups (default 2000)")
    verb.add_argument("--pages", type=int, default=6_000, metavar="N", help="answered for each ranking (default 6000)")
    verb.add_argument("--runs", type=int, default=500, metavar="N", help="tests that draw from them (default 500)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_experiments)


def run_experiments(options: argparse.Namespace, settings: Settings) -> int:
    """Try tests without a difference, ask the people of a simulated shop, print the figures."""
    from recsys.evaluation.experiments import own_data
    from recsys.evaluation.experiments.running import Effort, evaluated
    from recsys.evaluation.learning.data import of_shop
    from recsys.preparation import Plan
    from recsys.shops import registry

    check_numbers(options, ALLOWED)
    plan = Plan.of(settings)
    dataset, vectors = plan.open("dataset"), plan.open("vectors")
    log = own_data.of_shop(settings.shop, dataset)
    effort = Effort(options.splits, options.pages, options.runs, options.seed)
    source = {"dataset": settings.shop, "version": dataset.manifest["version"]}
    asked = registry.shop(settings.shop).crowd is not None
    with bars(quiet=options.json) as (progress_of, _):
        crowd = of_shop(settings.shop, dataset, vectors) if asked else None
        report = evaluated(log, crowd, source, effort, here.following(progress_of, steps=2 if asked else 1))
    return finish(report, "experiments", _print, options, settings)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    for table in (_sizes(report), _alarms(report), _saved(report), _pairs(report)):
        if table.row_count:
            console.print(table)


def _sizes(report: dict[str, Any]) -> Table:
    table = _table("People of a test", "metric", "change", "once", "CUPED", "any time, at most", "on average")
    for metric in report["metrics"]:
        for test in metric["tests"]:
            people = test["people"]
            figures = (people[name] for name in ("plain", "cuped", "looked", "looked_mean"))
            table.add_row(metric["name"], f"{test['lift']:+.0%}", *(f"{each:,}" for each in figures))
    return table


def _alarms(report: dict[str, Any]) -> Table:
    table = _table("Alarms without a difference", "metric", "looked at", "looks", "once", "usual test", "any time")
    for line in report["alarms"]:
        shares = (f"{line[name]['share']:.1%}" for name in ("once", "usual", "anytime"))
        table.add_row(line["metric"], line["looked"], f"{line['looks']:,}", *shares)
    return table


def _saved(report: dict[str, Any]) -> Table:
    table = _table("What CUPED saves", "metric", "days before", "saved", "95 %")
    for line in report["cuped"]:
        low, high = line["saved_ci95"]
        table.add_row(line["metric"], str(line["before"]), f"{line['saved']:.1%}", f"{low:.1%} {high:.1%}")
    return table


def _pairs(report: dict[str, Any]) -> Table:
    table = _table("Pages until 8 of 10 tests say so", "two rankings", "interleaving", "right", "two groups", "right")
    for line in report["interleaving"]:
        coin, groups = line["interleaving"], line["groups"]
        pages = [f"{each['pages_power']:,}" if each["pages_power"] else "-" for each in (coin, groups)]
        right = [f"{each['right']['share']:.0%}" for each in (coin, groups)]
        table.add_row(line["what"], pages[0], right[0], pages[1], right[1])
    return table


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    return Table(*columns, title=title, box=None)
