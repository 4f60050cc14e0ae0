"""`python -m recsys evaluate multimodal`: text, pictures and attributes in one space, on products with pictures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, print_json
from recsys.errors import BadRequestError
from recsys.settings import Settings

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
    verb.set_defaults(run=run_multimodal)


def run_multimodal(options: argparse.Namespace, settings: Settings) -> int:
    """Encode, train, ask, and print the figures."""
    if options.train_products is not None and options.train_products < LEAST_PRODUCTS:
        raise BadRequestError(
            f"--train-products {options.train_products} is too few", allowed=f"{LEAST_PRODUCTS} or more"
        )
    if options.seed < 0:
        raise BadRequestError(f"--seed {options.seed} cannot be used", allowed="0 or more")
    from recsys.evaluation.multimodal import running

    with bars(quiet=options.json) as (progress_of, say):
        data = running.encoded(options.pictures, settings, progress_of)
        for note in data.notes:
            say(note)
        report = running.evaluated(
            data, options.seed, options.train_products, options.part, progress_of("Learning the fusion")
        )
    report["command"] = "python -m recsys " + " ".join(Path(a).name if "/" in a else a for a in sys.argv[1:])
    if options.json:
        print_json(report)
    else:
        _print_table(report)
    return 0


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
