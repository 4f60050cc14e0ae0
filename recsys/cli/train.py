"""`python -m recsys train MODEL`: train a recommender, judge it on the validation, keep it for the Models page."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, print_json
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.jobs.progress import following
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.evaluation.problems import Problem
    from recsys.evaluation.protocol import Protocol
    from recsys.training.records import Data, Training

STOPPED = 130  # 128 + SIGINT, as a shell says it


def add_verb(verbs: Any, common: Parser) -> None:
    """Add `train` to the verbs of the command line."""
    verb = verbs.add_parser(
        "train",
        parents=[common],
        help="train a recommender and judge it on the validation",
        description="Train a recommender. Ctrl-C stops it; --resume goes on from its latest "
        "epoch. It is listed on the Models page.",
    )
    verb.add_argument("model", nargs="?", metavar="MODEL", help="its short name; see --list-models")
    verb.add_argument(
        "--interactions",
        type=Path,
        metavar="FILE",
        help="learn from a file: a line per user (user item item ...), or a row per event, CSV, parquet or JSON lines "
        "(user,item[,time][,event]); .gz is read",
    )
    verb.add_argument("--attributes", type=Path, metavar="FILE", help='JSON {"item": [attribute, ...]}; .gz is read')
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="given",
        help="a setting of the model, may be repeated; see --list-models",
    )
    verb.add_argument("--seed", type=int, help="of everything that is drawn (default 0)")
    verb.add_argument("--resume", metavar="ID", help="go on with a training that was stopped or has failed")
    verb.add_argument("--list-models", action="store_true", help="print the models with their settings and stop")
    verb.set_defaults(run=run_train)


def run_train(options: argparse.Namespace, settings: Settings) -> int:
    """Train, or go on with a training; print what it reached."""
    from recsys.training import fitting

    if options.list_models:
        print_json(_models())
        return 0
    training = _asked(options, settings)
    try:
        with here.stoppable(), bars(quiet=options.json) as (progress_of, say):
            say(f"training {training.id}: {training.model} on {training.data.words}")
            training = fitting.work(training, partial(_problem, settings), following(training.path, progress_of))
    except KeyboardInterrupt:
        again = f"`python -m recsys train --resume {training.id}`"
        print(f"error: stopped. what to do: go on with {again}; finished epochs are kept.", file=sys.stderr)
        return STOPPED
    if options.json:
        print_json({name: value for name, value in asdict(training).items() if name != "path"})
    else:
        _print_figures(training)
    return 0


def _asked(options: argparse.Namespace, settings: Settings) -> Training:
    """The training to work on: an earlier one, or a new one whose settings and files were looked at."""
    from recsys.training import choices, records

    if options.resume is not None:
        if options.model or options.given or options.interactions or options.attributes or options.seed is not None:
            raise BadRequestError(
                "--resume beside a model, a file, a setting or a seed",
                allowed="--resume ID alone",
                remedy="a training goes on as it was begun; start another one instead",
            )
        return records.find(settings.trainings_dir, options.resume)
    if not options.model:
        raise BadRequestError(
            "no model is named",
            allowed=", ".join(choices.trainable()),
            remedy="write `python -m recsys train transformer`, say",
        )
    choices.model_of(options.model)
    files = {name: str(path) if (path := getattr(options, name)) else "" for name in ("interactions", "attributes")}
    data = choices.checked_data(records.Data("" if files["interactions"] else settings.shop, **files))
    seed = options.seed or 0
    given = choices.checked(options.model, choices.read_settings(options.model, options.given), seed)
    return records.create(settings.trainings_dir, options.model, data, given, seed)


def _problem(settings: Settings, data: Data, protocol: Protocol) -> Problem:
    from recsys.evaluation import problems
    from recsys.preparation import Plan

    if data.interactions:
        return problems.of_file(protocol, Path(data.interactions), Path(data.attributes) if data.attributes else None)
    plan = Plan.of(settings.model_copy(update={"dataset": data.dataset}))
    return problems.of_dataset(protocol, plan.open("dataset"), plan.open("vectors"))


def _models() -> list[dict[str, Any]]:
    from recsys.training import choices

    return [
        {
            "name": m.name,
            "label": m.label,
            "about": m.about,
            "needs": sorted(m.needs),
            "settings": {
                s.name: {"default": s.default, "low": s.low, "high": s.high} for s in choices.settings_of(m.name)
            },
        }
        for m in choices.trainable().values()
    ]


def _print_figures(training: Training) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if training.epochs:
        table = Table("epoch", "loss", "watched nDCG@10", "seconds", box=None, header_style="bold")
        for epoch in training.epochs:
            loss, ndcg = (("-" if value is None else f"{value:.4f}") for value in (epoch.loss, epoch.ndcg))
            table.add_row(f"{epoch.number}", loss, ndcg, f"{epoch.seconds:.1f}")
        console.print(table)
    reached = ", ".join(f"{name} {value:.4f}" for name, value in training.metrics.items())
    console.print(f"validation: {reached} ({training.worked:.0f} s)", markup=False, highlight=False)
    for name, words in training.protocol.items():
        console.print(f"{name}: {words}", markup=False, highlight=False)
    console.print(f"training {training.id}: keep or discard it on the Models page", markup=False, highlight=False)
