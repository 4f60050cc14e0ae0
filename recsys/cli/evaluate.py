"""`python -m recsys evaluate next-basket | sequences | temporal | search | ... | learning | reinforcement`: compare."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys import schema as s
from recsys.cli import (
    evaluate_ads,
    evaluate_basket,
    evaluate_cold_start,
    evaluate_diversity,
    evaluate_experiments,
    evaluate_learning,
    evaluate_multimodal,
    evaluate_off_policy,
    evaluate_offers,
    evaluate_queries,
    evaluate_reinforcement,
    evaluate_reviews,
    evaluate_search,
    evaluate_stock,
)
from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, command, print_json
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.evaluation.problems import Problem
    from recsys.evaluation.protocol import Protocol
    from recsys.schema import Floats

MAX_CUTOFF = 100
WIDE = 110  # columns of a terminal on which all figures fit
SHOWN = ("ndcg@10", "recall@10", "hit@10", "mrr@10", "coverage@10")


def add_verb(verbs: Any, common: Parser) -> None:
    """Add `evaluate` with its protocols to the verbs of the command line."""
    verb = verbs.add_parser(
        "evaluate",
        help="compare recommenders, full ranking, intervals",
        description="Compare recommenders: full ranking, every rule written out.",
    )
    protocols = verb.add_subparsers(
        dest="protocol_name",
        required=True,
        metavar="next-basket | sequences | temporal | search | queries | multimodal | spaces | diversity",
    )
    shared = _shared(common)
    basket = protocols.add_parser(
        "next-basket",
        parents=[shared],
        help="the last basket of every shopper",
        description="Foretell every shopper's last basket.",
    )
    _add_variant(basket, "refit")
    _add_seen(basket, "--drop-seen", "leave out what the shopper bought before (default: ranked like the rest)")
    files = protocols.add_parser(
        "sequences",
        parents=[shared],
        help="the last item of every user of a file",
        description="Foretell every user's last item in a file.",
    )
    files.add_argument(
        "--interactions",
        type=Path,
        required=True,
        metavar="FILE",
        help="a line per user (user item item ...), or a row per event, CSV, parquet or JSON lines "
        "(user,item[,time][,event]); "
        "ids of any kind; packed files are read",
    )
    files.add_argument("--attributes", type=Path, metavar="FILE", help='JSON {"item": [attribute, ...]}; .gz is read')
    _add_variant(files, "strict")
    _add_seen(files, "--keep-seen", "rank items of the history too (default: left out)")
    temporal = protocols.add_parser(
        "temporal",
        parents=[shared],
        help="one cut in time for everybody",
        description="Foretell what everybody buys after one day.",
    )
    temporal.add_argument("--days", type=int, default=30, help="length of the test, and of the validation (default 30)")
    _add_seen(temporal, "--drop-seen", "leave out what the shopper bought before (default: ranked like the rest)")
    evaluate_search.add_protocol(protocols, common)
    evaluate_queries.add_protocol(protocols, common)
    evaluate_multimodal.add_protocol(protocols, common)
    evaluate_multimodal.add_spaces(protocols, common)
    evaluate_diversity.add_protocol(protocols, common)
    evaluate_basket.add_protocol(protocols, common)
    evaluate_cold_start.add_protocol(protocols, common)
    evaluate_reviews.add_protocol(protocols, common)
    evaluate_stock.add_protocol(protocols, common)
    evaluate_learning.add_protocol(protocols, common)
    evaluate_off_policy.add_protocol(protocols, common)
    evaluate_experiments.add_protocol(protocols, common)
    evaluate_reinforcement.add_protocol(protocols, common)
    evaluate_ads.add_protocol(protocols, common)
    evaluate_offers.add_protocol(protocols, common)
    for protocol in (basket, files, temporal):
        protocol.set_defaults(run=run_evaluate)


def _shared(common: Parser) -> Parser:
    shared = Parser(add_help=False, parents=[common])
    shared.add_argument("--models", metavar="A,B", default="", help="only these, by name (default: all that suit)")
    shared.add_argument("--cutoffs", metavar="K,K", default="10,20", help="list lengths to judge (default 10,20)")
    shared.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    shared.add_argument("--forget", action="store_true", help="do not keep the run for the leaderboard page")
    shared.add_argument("--list-models", action="store_true", help="print the names of the recommenders and stop")
    return shared


def _add_variant(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--protocol",
        choices=("strict", "refit"),
        default=default,
        help=f"before the test, fitted without or with the validation (default {default})",
    )


def _add_seen(parser: argparse.ArgumentParser, option: str, help: str) -> None:
    parser.add_argument(option, action="store_true", help=help)


def run_evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Run the recommenders, print their figures and keep the run."""
    from recsys.evaluation import runs
    from recsys.evaluation.results import summed_up
    from recsys.evaluation.running import Run
    from recsys.ranking.models import MODELS, chosen_names

    if options.list_models:
        print_json(
            [{"name": m.name, "label": m.label, "about": m.about, "needs": sorted(m.needs)} for m in MODELS.values()]
        )
        return 0
    problem = _problem(options, settings)
    names, notes = chosen_names(problem, [name for name in options.models.split(",") if name])
    notes = [*problem.notes, *filter(None, [problem.out_of_reach()]), *notes]
    with bars(quiet=options.json) as (progress_of, say):
        for note in notes:
            say(note)
        run = Run(problem, here.following(progress_of, steps=len(names)))
        entrants = run.entrants(names)
        evaluation = summed_up(problem, entrants, _truth(options, settings, problem))  # looked at when all is ranked
    evaluation.report["notes"] = notes
    evaluation.report["command"] = command()
    if not options.forget:
        evaluation.report["run"] = runs.keep(evaluation, settings.runs_dir, here.owner()).id
        here.finish_with(evaluation.report["run"])
    if options.json:
        print_json(evaluation.report)
    else:
        _print_table(evaluation.report)
    return 0


def _problem(options: argparse.Namespace, settings: Settings) -> Problem:
    from recsys.evaluation import problems
    from recsys.preparation import Plan

    protocol = _protocol(options)
    if protocol.name == "sequences":
        return problems.of_file(protocol, options.interactions, options.attributes)
    plan = Plan.of(settings)
    return problems.of_dataset(protocol, plan.open("dataset"), plan.open("vectors"))


def _truth(options: argparse.Namespace, settings: Settings, problem: Problem) -> Floats | None:
    """The worth of every product to every shopper, of a simulated shop; None of any other and of a file."""
    from recsys.datasets import storage
    from recsys.evaluation.truth import aligned
    from recsys.preparation import Plan
    from recsys.shops import registry

    make = None if options.protocol_name == "sequences" else registry.shop(settings.shop).truth
    if make is None:
        return None
    items = storage.load_items(Plan.of(settings).open("dataset").path)
    return aligned(make(), problem.shopper_ids, [str(item) for item in items[s.ITEM_ID]])


def _protocol(options: argparse.Namespace) -> Protocol:
    from recsys.evaluation.protocol import Protocol

    keep_seen = options.keep_seen if options.protocol_name == "sequences" else not options.drop_seen
    return Protocol(
        name=options.protocol_name,
        variant=getattr(options, "protocol", "refit"),
        keep_seen=keep_seen,
        cutoffs=_cutoffs(options.cutoffs),
        days=getattr(options, "days", 30),
        seed=options.seed,
    )


def _cutoffs(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= MAX_CUTOFF for part in parts):
        allowed = f"whole numbers from 1 to {MAX_CUTOFF}"
        raise BadRequestError(f"--cutoffs {text[:40]!r} cannot be used", allowed=allowed, remedy="write 10,20 say")
    return tuple(sorted({10, *map(int, parts)}))  # 10 is what settings are chosen and models compared by


def _print_table(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    rules = report["protocol"]
    title = f"{report['dataset']}: {rules['name']}, {rules['variant']}, {rules['asked']}"
    console = Console()
    shown = SHOWN if console.width >= WIDE else SHOWN[:3]
    costs = ("fit s", "score s", "MB") if console.width >= WIDE else ("fit s", "score s")
    table = Table("model", "ndcg@10", "95 %", *shown[1:], *costs, box=None, header_style="bold", title=title)
    for model in sorted(report["models"], key=lambda m: -m["metrics"]["ndcg@10"]):
        low, high = model["ci95"]["ndcg@10"]
        figures = [f"{model['metrics'][metric]:.4f}" for metric in shown]
        cost = [f"{model['fit_s']:.1f}", f"{model['score_s']:.1f}", f"{model['peak_mb']:.0f}"][: len(costs)]
        table.add_row(model["name"], figures[0], f"{low:.4f}-{high:.4f}", *figures[1:], *cost)
    console.print(table)
    for key in ("split", "fitted_on", "candidates", "seen_items", "ideal", "interval"):
        console.print(f"{key.replace('_', ' ')}: {rules[key]}", markup=False)
    for note in report["notes"]:
        console.print(f"note: {note}", markup=False)
