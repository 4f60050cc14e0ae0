"""`python -m recsys evaluate ads`: sponsored places against simple ways to sell them."""

from __future__ import annotations

import argparse
from typing import Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

STEPS: Final = 1  # bars
ALLOWED: Final = {"days": (2, 1_000), "visits": (50, 100_000), "places": (1, 4), "cap": (0, 1_000), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `ads` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "ads",
        parents=[common],
        help="sponsored places: money earned, relevance lost",
        description="Sell places of the shop's shelves to simulated advertisers, against simple ways to do it.",
    )
    verb.add_argument("--days", type=int, default=10, metavar="N", help="simulated days, one a seed (default 10)")
    verb.add_argument("--visits", type=int, default=1_000, metavar="N", help="of a day (default 1000)")
    verb.add_argument("--places", type=int, default=2, metavar="N", help="sponsored places of a shelf (default 2)")
    verb.add_argument("--floor", type=float, default=0.5, metavar="X", help="relevance floor, 0 to 1 (default 0.5)")
    verb.add_argument("--budget", type=float, default=20.0, metavar="X", help="middle bids a day (default 20)")
    verb.add_argument("--cap", type=int, default=3, metavar="N", help="showings to one shopper, 0: any (default 3)")
    verb.add_argument("--seed", type=int, default=0, help="of the first day (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_ads)


def run_ads(options: argparse.Namespace, settings: Settings) -> int:
    """Simulate the days, print the figures."""
    from recsys.evaluation.ads.data import of_shop
    from recsys.evaluation.ads.running import Effort, evaluated
    from recsys.preparation import Plan

    check_numbers(options, ALLOWED)
    for name, most in (("floor", 1.0), ("budget", 1e6)):
        if not 0 <= getattr(options, name) <= most:
            raise BadRequestError(
                f"--{name} {getattr(options, name)} cannot be", allowed=f"0 to {most:g}", remedy="leave it out"
            )
    plan = Plan.of(settings)
    data = of_shop(settings.shop, plan.open("dataset"), plan.open("order"))
    effort = Effort(
        options.days, options.visits, options.places, options.floor, options.budget, options.cap, options.seed
    )
    with bars(quiet=options.json) as (progress_of, _):
        report = evaluated(data, effort, here.following(progress_of, steps=STEPS))
    return finish(report, "ads", _print, options, settings)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    heads = ("way", "earned", "95 %", "relevance kept", "clicks", "true worth kept", "budget gone", "left to brands")
    table = Table(*heads, title="A thousand visits, money in cents", box=None)
    for line in report["ways"]:
        money, worth = line["money"], line["utility"]
        table.add_row(
            line["label"],
            f"{money['mean']:,.0f}",
            f"{money['low']:,.0f} {money['high']:,.0f}",
            f"{line['kept']['mean']:.1%}",
            f"{line['clicks']['mean']:.1%}",
            "-" if worth is None else f"{worth['mean']:.1%}",
            f"{line['ended']['mean']:.0%}",
            f"{line['surplus']['mean']:,.0f}",
        )
    console.print(table)
    console.print(report["finding"], markup=False)
    console.print(report["simulated"], markup=False)
