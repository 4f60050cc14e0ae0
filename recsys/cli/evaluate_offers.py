"""`python -m recsys evaluate offers`: who redeems, against past redemption, recency and popularity."""

from __future__ import annotations

import argparse
from typing import Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.jobs import here
from recsys.settings import Settings

ALLOWED: Final = {"draws": (20, 100_000), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `offers` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "offers",
        parents=[common],
        help="who redeems coupons, on later campaigns",
        description="Foretell who redeems the coupons of later campaigns: lift, PR-AUC and calibration.",
    )
    verb.add_argument("--draws", type=int, default=1_000, metavar="N", help="of shoppers for intervals (default 1000)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_offers)


def run_offers(options: argparse.Namespace, settings: Settings) -> int:
    """Choose on earlier campaigns, ask the later ones, print the figures."""
    from recsys.evaluation.offers.running import Effort, evaluated
    from recsys.preparation import Plan

    check_numbers(options, ALLOWED)
    with bars(quiet=options.json) as (progress_of, _):
        progress = here.following(progress_of, steps=1)("evaluate")
        dataset = Plan.of(settings).open("dataset")
        report = evaluated(settings.shop, dataset, Effort(options.draws, options.seed), progress)
    return finish(report, "offers", _print, options, settings)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for level, title in (("pairs", "Shopper and campaign"), ("coupons", "Shopper and coupon")):
        part = report[level]
        table = Table("method", "PR-AUC", "95 %", "lift at 10 %", "95 %", title=title, box=None)
        for line in part["methods"]:
            auc, lift = line["pr_auc_ci95"], line["lift_ci95"]
            table.add_row(
                line["label"],
                f"{line['pr_auc']:.4f}",
                f"{auc[0]:.4f} {auc[1]:.4f}",
                f"{line['lift']:.2f}",
                f"{lift[0]:.2f} {lift[1]:.2f}",
            )
        console.print(table)
        told = part["calibration"]
        low, high = told["foretold_95"]
        console.print(
            f"calibration error {told['error']:.4f}, by luck alone {told['by_luck']:.4f}, less luck "
            f"{told['debiased']:.4f}; foretold {told['foretold']:.0f} ({low:.0f} to {high:.0f}), "
            f"came {part['redeemed']}",
            markup=False,
        )
    for goal in report["goals"]:
        word = "met" if goal["met"] else "missed"
        console.print(
            f"{goal['level']}: {goal['what']} {goal['reached']:.4f}, goal {goal['goal']:g}: {word}", markup=False
        )
