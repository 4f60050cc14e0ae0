"""`python -m recsys evaluate diversity`: what diversity costs, and who is shown and served."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

    from recsys.evaluation.diversity.rules import Known
    from recsys.evaluation.problems import Problem

STEPS = 5  # bars, one after another
ALLOWED = {"visits": (100, 1_000_000), "candidates": (20, 500), "seed": (0, 2**31)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `diversity` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "diversity",
        parents=[common],
        help="relevance against diversity, exposure and cohorts",
        description="Re-rank held-out visits at several strengths: what diversity costs, who is shown and served.",
    )
    verb.add_argument("--interactions", type=Path, metavar="FILE", help="a file of histories (default: the shop's)")
    verb.add_argument("--attributes", type=Path, metavar="FILE", help='JSON {"item": [attribute, ...]}; .gz is read')
    verb.add_argument("--model", default="", metavar="NAME", help="what ranks (default: one that suits)")
    verb.add_argument("--visits", type=int, default=5_000, metavar="N", help="visits, drawn by seed (default 5000)")
    verb.add_argument("--candidates", type=int, default=200, metavar="N", help="of each visit (default 200)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_diversity)


def run_diversity(options: argparse.Namespace, settings: Settings) -> int:
    """Choose on the validation, ask the test, print the figures."""
    from recsys.evaluation.diversity.running import Effort, evaluated
    from recsys.ranking.models import chosen_names, model_of

    check_numbers(options, ALLOWED)
    if options.attributes and not options.interactions:
        raise BadRequestError("--attributes belong to a file of histories", remedy="give --interactions FILE too")
    problem, known = _problem(options, settings)
    name = options.model or ("tifu-knn" if problem.dated else "pctm")
    chosen_names(problem, [name])  # raises where it does not suit
    if model_of(name).make_blend:
        raise BadRequestError(f"{name} rests on others", allowed="a recommender that is fitted alone")
    effort = Effort(options.visits, options.candidates, options.seed)
    with bars(quiet=options.json) as (progress_of, _):
        report = evaluated(problem, model_of(name), effort, known, here.following(progress_of, steps=STEPS))
    return finish(report, "diversity", _print, options, settings, of_shop=not options.interactions)


def _problem(options: argparse.Namespace, settings: Settings) -> tuple[Problem, Known]:
    from recsys.datasets import storage
    from recsys.evaluation import problems
    from recsys.evaluation.diversity.grouping import labels_of, of_histories, of_items
    from recsys.evaluation.diversity.rules import Known
    from recsys.evaluation.protocol import Protocol
    from recsys.preparation import Plan

    if options.interactions:
        protocol = Protocol(name="sequences", variant="strict", keep_seen=False, seed=options.seed)
        problem = problems.of_file(protocol, options.interactions, options.attributes)
        return problem, Known(of_histories(problem))
    plan = Plan.of(settings)
    dataset = plan.open("dataset")
    protocol = Protocol(name="next-basket", variant="strict", keep_seen=True, seed=options.seed)
    problem = problems.of_dataset(protocol, dataset, plan.open("vectors"))
    items, info = storage.load_items(dataset.path), dataset.json("dataset.json")
    has = storage.capabilities(dataset)
    groups = of_histories(problem) | of_items(items, str(info["last_day"]), has)
    return problem, Known(groups, labels_of(items, has))


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console

    console, goal = Console(), report["goal"]
    console.print(_costs(report["rows"]))
    console.print(
        f"best on the validation: {report['best']['way']}; on the test {goal['ndcg_change']:+.1%} nDCG for "
        f"{goal['diversity_change']:+.1%} diversity: goal {'met' if goal['met'] else 'missed'}",
        markup=False,
    )
    console.print(_exposed(report["exposure"]))
    console.print(_ruled(report["rules"]))


def _costs(rows: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    heads = ("way", "relevance", "strength", "ndcg@20", "change", "95 %", "diversity@20", "change", "95 %", "")
    table = Table(*heads, box=None)
    for row in rows:
        cells = [row["way"], row["relevance"], f"{row['strength']:.1f}"]
        for metric in ("ndcg", "diversity"):
            low, high = row[f"{metric}_change_ci95"]
            cells += [f"{row[f'{metric}@20']:.4f}", f"{row[f'{metric}_change']:+.1%}", f"{low:+.1%} {high:+.1%}"]
        table.add_row(*cells, "chosen" if row["chosen"] else "")
    return table


def _exposed(rows: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table("lists", "by", "group", "exposure", "merit", "ratio", box=None)
    for row in rows:
        if "exposure" in row:
            figures = [row["exposure"], row["merit"], row["ratio"]]
            cells = ["-" if figure is None else f"{figure:.3f}" for figure in figures]
            table.add_row(row["lists"], row["by"], row["group"], *cells)
    return table


def _ruled(rows: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(
        "rule", "amount", "ndcg change", "95 %", "what it moves", "before", "after", "lists that keep it", box=None
    )
    for row in rows:
        low, high = row["ndcg_change_ci95"]
        figures = ["-" if row[name] is None else f"{row[name]:.3g}" for name in ("before", "after")]
        cells = [f"{row['amount']:g}", f"{row['ndcg_change']:+.1%}", f"{low:+.1%} {high:+.1%}", row["effect"], *figures]
        table.add_row(row["rule"], *cells, f"{row['kept']:.0%}")
    return table
