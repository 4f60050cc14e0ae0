"""`python -m recsys evaluate stock`: weekly demand against last week again and moving averages."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.scenarios.stock.series import check_horizon
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

    from recsys.schema import Floats

STEPS: Final = 3  # bars, one after another
ALLOWED: Final = {"series": (1, 30_000), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `stock` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "stock",
        parents=[common],
        help="demand of the next weeks, against last week again",
        description="Foretell weekly demand from several weeks: simple ways, libraries, a combination, new products.",
    )
    verb.add_argument("--series", type=int, default=1_000, metavar="N", help="best sellers (default 1000)")
    verb.add_argument(
        "--horizon", type=int, metavar="N", help="weeks ahead, 1 to 8 (default: as many as can be tested)"
    )
    verb.add_argument("--seed", type=int, default=0, help="of the intervals (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_stock)


def run_stock(options: argparse.Namespace, settings: Settings) -> int:
    """Choose on earlier weeks, ask the test weeks, print the figures."""
    from recsys.evaluation.stock.running import Effort, evaluated
    from recsys.index.shared_rows import SharedRowsIndex
    from recsys.preparation import Plan
    from recsys.scenarios.stock.sales import sales_of, why_not

    check_numbers(options, ALLOWED)
    if options.horizon is not None:
        check_horizon(options.horizon)
    plan = Plan.of(settings)
    dataset = plan.open("dataset")
    if why := why_not(dataset):
        raise BadRequestError(why.rstrip("."), remedy="choose a shop with more weeks of dated purchases: --shop=NAME")

    def vectors() -> Floats:
        index = SharedRowsIndex.load(plan.open("vectors").path)
        return index.vectors_at(range_of(index.size))

    with bars(quiet=options.json) as (progress_of, _):
        effort = Effort(options.series, options.horizon or 0, options.seed)
        sales = sales_of(dataset, plan.open("promotions"))
        report = evaluated(sales, vectors, dataset, effort, here.following(progress_of, steps=STEPS))
    return finish(report, "stock", _print, options, settings)


def range_of(n: int) -> Any:
    """The rows of all products."""
    import numpy as np

    return np.arange(n, dtype=np.int32)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    for name, title in (("products", "Products"), ("categories", "Categories")):
        console.print(_table(title, report[name]))
        for kind, said in report[f"{name}_held"].items():
            console.print(f"{kind}: intervals meant for {said['meant']:.0%} held {said['held']:.1%}", markup=False)
    for each in report["newcomers"]:
        console.print(f"first month, {each['label']}: off by {each['mae']:.2f} ({each['change']:+.0%})", markup=False)
    goal = report["goals"][0]
    told = f"WAPE {goal['change']:+.1%} against {goal['against']}, goal {goal['goal']:+.0%}"
    console.print(f"{told}: {'met' if goal['met'] else 'missed'}; {report['seconds']['combination']} s", markup=False)


def _table(title: str, lines: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table("method", "WAPE", "95 %", "MASE", "change", "95 %", "bias", "earlier", title=title, box=None)
    for line in lines:
        low, high = line["wape_ci95"]
        least, most = line["change_ci95"]
        table.add_row(
            line["label"] + (" (base)" if line["base"] else ""),
            f"{line['wape']:.4f}",
            f"{low:.4f} {high:.4f}",
            "-" if line["mase"] is None else f"{line['mase']:.3f}",
            f"{line['change']:+.1%}",
            f"{least:+.1%} {most:+.1%}",
            f"{line['bias']:+.1%}",
            "-" if line["earlier_wape"] is None else f"{line['earlier_wape']:.4f}",
        )
    return table
