"""`python -m recsys compress`: what a smaller text encoder saves, and what it costs in answers."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser, check_numbers, names_in
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.training.encoders.compressing import Ground
    from recsys.training.encoders.texts import Texts

FULLER: Final = (
    "the page goes on to show the earlier measurement of this shop, which has more ways; without --methods it is "
    "measured anew"
)
ALLOWED: Final = {"products": (300, 1_000_000), "seed": (0, 2**31)}


def add_verb(verbs: Any, common: Parser) -> None:
    """Add `compress` to the verbs of the command line."""
    verb = verbs.add_parser(
        "compress",
        parents=[common],
        help="smaller text encoders, measured beside the full one",
        description="Make the text encoder smaller in every way there is, and measure what that costs in answers.",
    )
    add_ground(verb)
    verb.add_argument("--methods", metavar="A,B", help="only these, by name (default: all)")
    verb.add_argument(
        "--keep", metavar="A,B", help="keep these, so that SHELFLENS_ENCODER can name them; 'all' for all"
    )
    verb.add_argument("--products", type=int, default=4_000, metavar="N", help="products searched (default 4000)")
    verb.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default 0)")
    verb.add_argument("--forget", action="store_true", help="do not keep the report for the page")
    verb.set_defaults(run=run_compress)


def add_ground(verb: argparse.ArgumentParser) -> None:
    """The options that name a catalogue and judgments of one's own."""
    verb.add_argument("--catalogue", type=Path, metavar="DIR", help="a folder of product files in place of a shop")
    verb.add_argument("--judgments", type=Path, metavar="FILE", help="judged queries of that catalogue")


def run_compress(options: argparse.Namespace, settings: Settings) -> int:
    """Make and measure; print the figures."""
    from recsys.encoders import weights
    from recsys.encoders.compressing.methods import FULL, METHODS
    from recsys.training.encoders import compressing

    check_numbers(options, ALLOWED)
    names = _smaller(options.methods, "--methods") or [name for name in METHODS if name != FULL]
    kept = names if (options.keep or "").strip() == "all" else _smaller(options.keep, "--keep")
    names += [name for name in kept if name not in names]
    with bars(quiet=options.json) as (progress_of, say), made_in(settings.encoders_dir) as made:
        source, ground = ground_of(options, settings, say)
        steps = here.following(progress_of, steps=len(names) + 4)
        model = weights.locate(settings.encoder)
        report = compressing.measured(model, ground, names, made, steps, options.seed)
        facts = {"made_from": source, "encoder": model.name}
        prefix = str(source["dataset"] or source["catalogue"])
        report["kept"] = compressing.keep_made(made, kept, settings.encoders_dir, prefix, facts)
        if fuller_is_shown(report, settings) and not (options.catalogue or options.forget):
            options.forget = True
            say(FULLER)
    report["source"] = source
    return finish(report, "compression", _print, options, settings, of_shop=not options.catalogue)


@contextmanager
def made_in(root: Path) -> Iterator[Path]:
    """A folder for what is made, beside the kept ones; gone at the end, and swept away later if this is killed."""
    from recsys.artifacts import remove_leftovers, storage_errors

    made = root / f".made.{os.getpid()}.tmp"
    with storage_errors(root):
        root.mkdir(parents=True, exist_ok=True)
    remove_leftovers(root)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _smaller(text: str | None, option: str) -> list[str]:
    """The ways that an option names, none where it was not given.

    Raises BadRequestError for a way that there is none of, and where it names no smaller encoder.
    """
    from recsys.encoders.compressing.methods import FULL, METHODS, method_of

    if text is None:
        return []
    found = [method_of(name).name for name in dict.fromkeys(names_in(text)) if name != FULL]
    if not found:
        raise BadRequestError(
            f"{option} names no smaller encoder",
            allowed=", ".join(name for name in METHODS if name != FULL),
            remedy=f"name some, or leave {option} out; the full model is measured beside them anyway",
        )
    return found


def fuller_is_shown(report: dict[str, Any], settings: Settings) -> bool:
    """Whether the page of the shop shows more ways already, of the same encoder: a few must not take their place."""
    from recsys.training.encoders import reports

    earlier = [each.report for each in reports.kept(settings.shop, settings.measured_dir) if each.shop == settings.shop]
    if not earlier or earlier[0]["encoder"] != report["encoder"]:
        return False
    now, before = ({each["name"] for each in one["variants"]} for one in (report, earlier[0]))
    return not before <= now


def ground_of(options: argparse.Namespace, settings: Settings, say: Any) -> tuple[dict[str, Any], Ground]:
    """(what is measured on, in words; the ground): a shop, or a catalogue with its judgments."""
    from recsys.evaluation.search import judgments as reading
    from recsys.training.encoders.compressing import Ground

    if options.judgments and not options.catalogue:
        raise BadRequestError("--judgments without --catalogue", remedy="name the products that were judged, too")
    source, ids, texts = texts_of(options.catalogue, settings, say)
    judged = None
    if options.judgments:
        judged = reading.load(options.judgments).known(frozenset(ids))
        source["judged_by"] = judged.name
    return source, Ground.of(texts, ids, judged, options.products, options.seed or 0)


def texts_of(catalogue: Path | None, settings: Settings, say: Any) -> tuple[dict[str, Any], list[str], Texts]:
    """(where the texts come from, the products' ids, their texts) of a catalogue, else of the shop."""
    from recsys import schema as s
    from recsys.datasets import storage
    from recsys.preparation import Plan
    from recsys.progress import silent
    from recsys.schema.capabilities import Capability
    from recsys.shops.imported import catalogue as reading_products
    from recsys.shops.imported.shop import shop_of
    from recsys.training.encoders.texts import Texts

    if catalogue is not None:
        products = reading_products.load(catalogue).by_id()
        for note in (products.said, *products.notes):
            say(note)
        data = shop_of(products).load(silent)
        items, attributes = data.items, data.tables.get("attributes")
        source = {"dataset": "", "catalogue": products.name}
    else:
        artifact = Plan.of(settings).open("dataset")
        items = storage.load_items(artifact.path)
        has = storage.capabilities(artifact).has(Capability.ATTRIBUTES)
        attributes = storage.load_table(artifact.path, "attributes") if has else None
        source = {"dataset": settings.shop, "catalogue": ""}
    return source | {"products": len(items)}, items[s.ITEM_ID].astype(str).tolist(), Texts.of(items, attributes)


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    metrics = list(report["variants"][0]["figures"])
    table = Table(
        "way", "MB", "bytes/product", "texts/s", "times", "p50 ms", "p95 ms", "MB held", "same ten", *metrics, box=None
    )
    for each in report["variants"]:
        figures = [each["figures"].get(metric) for metric in metrics]
        table.add_row(
            each["label"],
            f"{each['size_mb']:.1f}",
            f"{each['index_bytes']:,}",
            f"{each['texts_per_second']:,.0f}",
            f"{each['speed']:.2f}",
            f"{each['query_ms']['p50']:.2f}",
            f"{each['query_ms']['p95']:.2f}",
            f"{each['memory_mb']:.0f}",
            f"{each['agreement']:.2f}",
            *("-" if figure is None else f"{figure['mean']:.3f}" for figure in figures),
        )
    console.print(table)
    console.print(f"instructions: {', '.join(report['instructions']) or 'not known'}", markup=False)
    for name, rule in report["protocol"].items():
        console.print(f"{name}: {rule}", markup=False)
    for name in report["kept"]:
        console.print(f"kept: start the app with SHELFLENS_ENCODER={name}", markup=False)
