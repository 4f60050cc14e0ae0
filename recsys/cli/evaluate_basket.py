"""`python -m recsys evaluate basket`: baskets completed, complements and substitutes found."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.evaluation.basket.running import BasketData

STEPS: Final = 4  # bars, one after another
SEED: Final = 2  # of the figures that came along: measured again they come out the same
ALLOWED: Final = {"baskets": (20, 1_000_000), "days": (0, 10_000), "seed": (0, 2**31 - 2)}


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `basket` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "basket",
        parents=[common],
        help="one product of each basket hidden, against bestsellers, own favourites and association rules",
        description="Complete baskets; or, with --relations, find complements and substitutes of items.",
    )
    verb.add_argument(
        "--relations", type=Path, metavar="FOLDER", help="item_meta.csv.gz and train.csv.gz (default: the shop)"
    )
    verb.add_argument("--baskets", type=int, default=2_000, metavar="N", help="of the test, at most (default 2000)")
    verb.add_argument("--days", type=int, default=0, metavar="N", help="of the test (default: a fifth of the data)")
    verb.add_argument("--seed", type=int, default=SEED, help=f"of everything that is drawn (default {SEED})")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_basket)


def run_basket(options: argparse.Namespace, settings: Settings) -> int:
    """Choose on the validation, ask the test, print the figures."""
    check_numbers(options, ALLOWED)
    with bars(quiet=options.json) as (progress_of, _):
        following = here.following(progress_of, steps=STEPS)
        if options.relations:
            from recsys.evaluation.basket import relations

            report = relations.evaluated(relations.read(options.relations), options.seed, following)
        else:
            from recsys.evaluation.basket.running import Effort, evaluated

            effort = Effort(options.baskets, days=options.days, seed=options.seed)
            report = evaluated(_data(settings), effort, following)
    return finish(report, "basket", _print, options, settings, of_shop=not options.relations)


def _data(settings: Settings) -> BasketData:
    from recsys import schema as s
    from recsys.datasets import storage
    from recsys.evaluation.basket.running import BasketData
    from recsys.index.shared_rows import SharedRowsIndex
    from recsys.preparation import Plan
    from recsys.scenarios.basket.preparing import categories
    from recsys.schema.capabilities import Capability

    plan = Plan.of(settings)
    dataset = plan.open("dataset")
    if not storage.capabilities(dataset).has(Capability.VISITS):
        raise BadRequestError(
            Capability.VISITS.missing, allowed="a shop that says what was bought in one visit", remedy="choose another"
        )
    items = storage.load_items(dataset.path)
    info = dataset.json("dataset.json")
    source = {"dataset": settings.shop, "version": dataset.manifest["version"], "items": len(items)}
    return BasketData(
        str(info["name"]),
        source | {"shoppers": info["shoppers"], "baskets": info["baskets"], s.LINES: info["events"]},
        storage.load_interactions(dataset, len(items)),
        categories(items),
        SharedRowsIndex.load(plan.open("vectors").path),
        _space(plan, len(items)),
    )


def _space(plan: Any, n_items: int) -> Any:
    """(n_items, d) the space of pictures and words; None where the shop has none or it was not made yet."""
    import numpy as np

    if "fusion" in plan.waiting():
        return None
    space = np.asarray(plan.open("fusion").array("fused"), np.float32)
    return space if len(space) == n_items else None


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    figures = [name for name in report["methods"][0] if f"{name}_ci95" in report["methods"][0] and name != "change"]
    heads = ("group", "asked", "method", *(part for name in figures for part in (name, "95 %")), "change", "95 %", "p")
    table = Table(*heads, title=f"Baskets of {report['dataset']}", box=None)
    for line in report["methods"]:
        cells = [line["group"], str(line["questions"]), line["label"] + (" (best simple way)" if line["best"] else "")]
        for name in figures:
            cells += [f"{line[name]:.4f}", " ".join(f"{end:.4f}" for end in line[f"{name}_ci95"])]
        low, high = line["change_ci95"]
        told = line["change"] is not None and low is not None
        cells += [f"{line['change']:+.0%}", f"{low:+.0%} {high:+.0%}", f"{line['p']:.4f}"] if told else ["-"] * 3
        table.add_row(*cells)
    Console().print(table)
