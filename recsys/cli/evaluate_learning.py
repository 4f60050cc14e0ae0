"""`python -m recsys evaluate learning`: what learning from each page is worth, where the truth is known."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers, names_in
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

ALLOWED: Final = {"interactions": (1_000, 10_000_000), "seeds": (1, 100), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `learning` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "learning",
        parents=[common],
        help="learners against a ranker that never learns, on people nobody knew",
        description="People of a simulated shop, unknown to it, look at pages; learners see what they do. Of a shop "
        "where nobody answers, the last month of its dated purchases is gone through once more.",
    )
    verb.add_argument(
        "--interactions", type=int, default=100_000, metavar="N", help="of all people of a seed (default 100000)"
    )
    verb.add_argument("--seeds", type=int, default=10, metavar="N", help="folds of people (default 10)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument(
        "--learners", default="", metavar="NAMES", help="which, with commas between; bestsellers always (default: all)"
    )
    verb.add_argument("--replay", action="store_true", help="go through the last month of a simulated shop instead")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_learning)


def run_learning(options: argparse.Namespace, settings: Settings) -> int:
    """Choose settings on the validation's people, let the others look, print the figures."""
    from recsys.evaluation.learning import data
    from recsys.evaluation.learning.replay import replayed
    from recsys.evaluation.learning.running import GRIDS, Effort, evaluated
    from recsys.preparation import Plan
    from recsys.shops import registry

    check_numbers(options, ALLOWED)
    plan, shop = Plan.of(settings), settings.shop
    replay = options.replay or registry.shop(shop).crowd is None
    if replay and options.learners:
        raise BadRequestError(
            "--learners says who answers people of a simulated shop; the last month knows its own ways",
            allowed="--replay without --learners, or --learners on a simulated shop",
            remedy="leave --learners out, or open a simulated shop: `--shop NAME`",
        )
    with bars(quiet=options.json) as (progress_of, _):
        dataset, vectors = plan.open("dataset"), plan.open("vectors")
        if replay:
            report = replayed(data.log_of_shop(shop, dataset, vectors), here.following(progress_of, steps=2))
        else:
            effort = Effort(
                options.interactions, options.seeds, options.seed, names_in(options.learners) or tuple(GRIDS)
            )
            report = evaluated(data.of_shop(shop, dataset, vectors), effort, here.following(progress_of, steps=1))
    if replay:
        return finish(report, "replay", _print_replay, options, settings)
    return finish(report, "learning", _print, options, settings)


def _print_replay(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("way", "nDCG@10", "95 %", "change", "95 %", "p", title="The last month once more", box=None)
    for line in report["replay"]:
        (low, high), (least, most) = line["ndcg_ci95"], line["change_ci95"]
        p = "-" if line["p"] is None else f"{line['p']:.3f}"
        told = (line["label"], f"{line['ndcg']:.4f}", f"{low:.4f} {high:.4f}", f"{line['change']:+.1%}")
        table.add_row(*told, f"{least:+.1%} {most:+.1%}", p)
    Console().print(table)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    console.print(_table("After so many interactions of each person", report["each"], "after"))
    console.print(_table("After so many interactions of all", report["all"], "interactions"))
    for goal in report["goals"]:
        told = f"{goal['learner']}: {goal['change']:+.0%} utility after {goal['after']}, goal {goal['goal']:+.0%}"
        console.print(f"{told} {'met' if goal['met'] else 'missed'}", markup=False)
    update = report["update_ms"]
    console.print(f"one step: p50 {update['p50']:.2f} ms, p95 {update['p95']:.2f} ms", markup=False)


def _table(title: str, lines: list[dict[str, Any]], after: str) -> Table:
    from rich.table import Table

    table = Table("after", "learner", "utility@10", "95 %", "change", "95 %", "regret", title=title, box=None)
    for line in sorted(lines, key=lambda line: (line[after], -line["utility"])):
        low, high = line["utility_ci95"]
        change = line.get("change_ci95")
        table.add_row(
            f"{line[after]:,}",
            line["learner"],
            f"{line['utility']:.4f}",
            f"{low:.4f} {high:.4f}",
            f"{line['change']:+.0%}" if change else "-",
            f"{change[0]:+.0%} {change[1]:+.0%}" if change else "-",
            f"{line['regret']:.4f}" if "regret" in line else "-",
        )
    return table
