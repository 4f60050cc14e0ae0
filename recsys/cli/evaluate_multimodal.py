"""`python -m recsys evaluate multimodal`: text, pictures and attributes in one space, on products with pictures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, command, print_json
from recsys.errors import BadRequestError
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.artifacts import Artifact
    from recsys.encoders.fusion.fusion import Fusion
    from recsys.evaluation.multimodal.spaces import Known
    from recsys.preparation import Plan

LEAST_PRODUCTS = 32


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `multimodal` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "multimodal",
        parents=[common],
        help="pictures, titles and attributes in one space",
        description="Train the fusion on three quarters of a folder of products with pictures, and ask the others.",
    )
    verb.add_argument(
        "--pictures",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder with styles.csv and images.tar, or images/ with <id>.jpg",
    )
    verb.add_argument(
        "--train-products", type=int, metavar="N", help=f"learn from N of them, {LEAST_PRODUCTS} or more (default: all)"
    )
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument(
        "--part",
        choices=("test", "validation"),
        default="test",
        help="who is asked; settings are chosen on the validation (default test)",
    )
    verb.add_argument(
        "--of-shop",
        action="store_true",
        help="learn nothing from the folder: ask the space that the prepared shop has learned",
    )
    verb.set_defaults(run=run_multimodal)


def add_spaces(protocols: Any, common: Parser) -> None:
    """Add `spaces` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "spaces",
        parents=[common],
        help="text, pictures and all of it, by the truth of a simulated shop",
        description="What the nearest products by text, by picture and by everything are truly worth to shoppers.",
    )
    verb.add_argument("--days", type=int, default=30, metavar="N", help="after the cut in time (default 30)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.set_defaults(run=run_spaces)


def run_spaces(options: argparse.Namespace, settings: Settings) -> int:
    """Rank by each way of knowing products, and ask the truth what the lists are worth."""
    if options.seed < 0:
        raise BadRequestError(f"--seed {options.seed} cannot be used", allowed="0 or more")
    from recsys.evaluation.multimodal import spaces

    known = _spaces(options, settings)
    with bars(quiet=options.json) as (progress_of, _):
        report = spaces.evaluated(known, progress_of("Learning the Transformer"))
    report["command"] = "python -m recsys " + " ".join(sys.argv[1:])
    if options.json:
        print_json(report)
    else:
        _print_spaces(report)
    return 0


def _spaces(options: argparse.Namespace, settings: Settings) -> Known:
    """What the prepared files know. Raises BadRequestError for a shop without truth or without pictures."""
    from recsys import schema as s
    from recsys.datasets import storage
    from recsys.evaluation import problems, truth
    from recsys.evaluation.multimodal.spaces import SPACES, Known
    from recsys.evaluation.protocol import Protocol
    from recsys.preparation import Plan
    from recsys.shops import registry

    shop, plan = registry.shop(settings.shop), Plan.of(settings)
    if shop.truth is None:
        simulated = [each.name for each in registry.shops() if each.truth]
        raise BadRequestError(
            f"nobody knows what the products of {shop.name} are truly worth",
            allowed=f"a simulated shop: {', '.join(simulated)}",
            remedy="set SHELFLENS_SHOP",
        )
    space = _space(shop.name, plan)
    protocol = Protocol(name="temporal", variant="refit", keep_seen=False, cutoffs=(10,), days=options.days)
    dataset = plan.open("dataset")
    problem = problems.of_dataset(protocol, dataset, plan.open("vectors"))
    items = [str(item) for item in storage.load_items(dataset.path)[s.ITEM_ID]]
    worth = truth.aligned(shop.truth(), problem.shopper_ids, items)
    return Known(problem, {name: space.array(file) for name, file in SPACES.items()}, worth, options.seed)


def _print_spaces(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("products", "system", "utility", "95 %", "log", "95 %", box=None, header_style="bold")
    for row in report["rows"]:
        cells = [row["group"], row["system"]]
        for metric in ("utility", "log"):
            low, high = row[f"{metric}_ci95"]
            cells += ["-", "-"] if row[metric] is None else [f"{row[metric]:.3f}", f"{low:.3f}-{high:.3f}"]
        table.add_row(*cells)
    console = Console()
    console.print(table)
    for key, rule in report["protocol"].items():
        console.print(f"{key}: {rule}", markup=False)


def run_multimodal(options: argparse.Namespace, settings: Settings) -> int:
    """Encode, train, ask, and print the figures."""
    if options.train_products is not None and options.train_products < LEAST_PRODUCTS:
        raise BadRequestError(
            f"--train-products {options.train_products} is too few", allowed=f"{LEAST_PRODUCTS} or more"
        )
    if options.seed < 0:
        raise BadRequestError(f"--seed {options.seed} cannot be used", allowed="0 or more")
    from recsys.evaluation.multimodal import running

    fusion = _of_shop(settings) if options.of_shop else None
    with bars(quiet=options.json) as (progress_of, say):
        data = running.encoded(options.pictures, settings, progress_of)
        for note in data.notes:
            say(note)
        progress = progress_of("Learning the fusion")
        report = running.evaluated(data, options.seed, options.train_products, options.part, progress, fusion)
    report |= {"shop": settings.shop} if fusion else {}
    report["command"] = command()
    if options.json:
        print_json(report)
    else:
        _print_table(report)
    return 0


def _of_shop(settings: Settings) -> Fusion:
    """What the shop in force has learned. Raises BadRequestError where it has no pictures."""
    from recsys.encoders.fusion.fusion import Fusion
    from recsys.preparation import Plan

    return Fusion.load(_space(settings.shop, Plan.of(settings)).path)


def _space(shop: str, plan: Plan) -> Artifact:
    space = plan.open("fusion")
    if not space.info.get("items"):
        raise BadRequestError(f"{shop} has no pictures", allowed="a shop with pictures", remedy="set SHELFLENS_SHOP")
    return space


def _print_table(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    title = f"{report['folder']}: {report['asked']:,} asked, learned from {report['learned_from']:,}"
    table = Table("task", "system", "value", "95 %", "goal", box=None, header_style="bold", title=title)
    for row in report["rows"]:
        low, high = row["ci95"]
        table.add_row(row["what"], row["system"], f"{row['value']:.3f}", f"{low:.3f}-{high:.3f}", f"{row['goal']:.3f}")
    console.print(table)
    console.print(f"by chance a title finds its picture in the best 10 in {report['chance']:.3f}")
    for key, rule in report["protocol"].items():
        console.print(f"{key.replace('_', ' ')}: {rule}", markup=False)
    for note in report["notes"]:
        console.print(f"note: {note}", markup=False)
