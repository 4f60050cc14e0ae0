"""`python -m recsys evaluate off-policy`: what another order would have earned, from logs alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

ALLOWED: Final = {"repeats": (2, 10_000), "rounds": (100, 1_000_000), "people": (2, 100_000), "truth": (100, 10**8),
                  "seed": (0, 2**31)}  # fmt: skip
OF_LOGS: Final = "off_policy_logs"  # the name under which what logs say is kept: they belong to no shop


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `off-policy` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "off-policy",
        parents=[common],
        help="what another order would have earned, from logs with propensities",
        description="Estimators of another policy's worth: against the truth of a simulated shop, or on logs of yours.",
    )
    verb.add_argument(
        "--logs",
        type=_path,
        metavar="FOLDER",
        help="CSV logs with columns item, position, reward (click), propensity; a file or a folder of them, in which "
        "logs of other policies are judged from each (default: the simulated shop)",
    )
    verb.add_argument("--repeats", type=int, default=100, metavar="N", help="simulated logs (default 100)")
    verb.add_argument("--rounds", type=int, default=10_000, metavar="N", help="pages of the longest (default 10000)")
    verb.add_argument("--people", type=int, default=200, metavar="N", help="people who are shown pages (default 200)")
    verb.add_argument("--truth", type=int, default=150_000, metavar="N", help="pages that tell the truth (150000)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_off_policy)


def _path(text: str) -> Path:
    """A path that says something: an empty one would mean the folder one stands in, which nobody asked for."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path is no log; allowed: a CSV file, or a folder of them")
    return Path(text)


def run_off_policy(options: argparse.Namespace, settings: Settings) -> int:
    """Judge the estimators by the truth of a simulated shop, or judge policies by the logs that were given."""
    check_numbers(options, ALLOWED)
    with bars(quiet=options.json) as (progress_of, _):
        progress = here.following(progress_of, steps=1)
        if options.logs is not None:
            from recsys.evaluation.off_policy.of_logs import of_logs

            report = of_logs(options.logs, options.seed, progress)
        else:
            from recsys.evaluation.learning.data import of_shop
            from recsys.evaluation.off_policy.running import Effort, evaluated
            from recsys.preparation import Plan

            plan = Plan.of(settings)
            data = of_shop(settings.shop, plan.open("dataset"), plan.open("vectors"))
            effort = Effort(options.repeats, options.rounds, options.people, options.truth, options.seed)
            report = evaluated(data, effort, progress)
    if options.logs is None:
        return finish(report, "off_policy", _print, options, settings)
    status = finish(report, "off_policy", _print_logs, options, settings, of_shop=False)
    if not options.forget:
        from recsys.evaluation.kept_reports import keep

        keep(report, settings.measured_dir, OF_LOGS)
    return status


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    for each in report["policies"]:
        note = " (logged)" if each["logged"] else ""
        console.print(f"{each['label']}{note}: {each['value']:.4f} a page, +- {each['error']:.4f}", markup=False)
    console.print(_table(report["lines"]))
    for goal in report["goals"]:
        low, high = goal["ratio_ci95"]
        told = (
            f"{goal['target']}: {goal['estimator']} has {goal['ratio']:.2f} ({low:.2f} to {high:.2f}) of the squared "
        )
        end = f"error of {goal['against']}, goal {goal['goal']}"
        console.print(f"{told}{end} {'met' if goal['met'] else 'missed'}{_least(goal)}", markup=False)


def _least(goal: dict[str, Any]) -> str:
    """The least possible ratio, where it is known."""
    if "least" not in goal:
        return ""
    low, high = goal["least_ci95"]
    return f"; the least possible, with the true click rates: {goal['least']:.2f} ({low:.2f} to {high:.2f})"


def _table(lines: list[dict[str, Any]]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    title = "Estimates against the truth"
    table = Table(
        "target", "pages", "estimator", "bias", "spread", "RMSE", "covered", "of IPS", "least", title=title, box=None
    )
    table.caption = "least: of IPS, with the true click rates as the model"
    for line in lines:
        table.add_row(
            escape(line["target"]),
            f"{line['rounds']:,}",
            escape(line["estimator"]),
            f"{line['bias']:+.4f}",
            f"{line['spread']:.4f}",
            f"{line['rmse']:.4f}",
            f"{line['coverage']['bootstrap']['share']:.0%}",
            f"{line['ratio']:.2f}" if "ratio" in line else "-",
            f"{line['least']:.2f}" if "least" in line else "-",
        )
    return table


def _print_logs(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    title = "Click rates of other policies, from each log"
    table = Table("place", "log", "policy", "estimator", "estimate", "95 %", "had", "95 %", title=title, box=None)
    for line in report["lines"]:
        low, high = line["estimate_ci95"]
        had = line.get("had_ci95")
        table.add_row(
            escape(line["place"]),
            escape(line["log"]),
            escape(line["target"]),
            escape(line["estimator"]),
            f"{line['estimate']:.5f}",
            f"{low:.5f} {high:.5f}",
            f"{line['had']:.5f}" if had else "-",
            f"{had[0]:.5f} {had[1]:.5f}" if had else "-",
        )
    console = Console()
    console.print(table)
    for note in report["notes"]:
        console.print(f"note: {note}", markup=False)
