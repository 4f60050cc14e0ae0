"""`python -m recsys evaluate reviews`: how well reviews are read, and how well stars of unseen ones are foretold."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from recsys.cli.bars import bars
from recsys.cli.measured import finish
from recsys.cli.parsing import Parser
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.settings import Settings


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `reviews` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "reviews",
        parents=[common],
        help="sentiment and stars of reviews, against TF-IDF; ratings nobody has given yet",
        description="Learn from four fifths of the reviews and read the rest; without a file, a shop's ratings, and "
        "whether a shelf that lets reviews count is worth it.",
    )
    verb.add_argument(
        "--reviews", type=Path, metavar="FILE", help="delimited text, packed or not (default: the shop's)"
    )
    verb.add_argument("--text", action="append", default=[], metavar="COLUMN", help="of the words; may be given twice")
    verb.add_argument("--stars", metavar="COLUMN", help="of the stars, 1 to 5")
    verb.add_argument("--label", metavar="COLUMN", help="of good and bad: 1 and 0, positive and negative")
    verb.add_argument("--words-only", action="store_true", help="without sentence vectors: much quicker")
    verb.add_argument("--careful", action="store_true", help="transfer by the slower encoder too: 50 ms a review")
    verb.add_argument("--kept", metavar="NAME", help="transfer by an encoder too that --adapt kept for other reviews")
    verb.add_argument(
        "--adapt",
        action="store_true",
        help="adapt the encoder of SHELFLENS_ENCODER to the reviews too, ten minutes of two threads, and keep it",
    )
    verb.add_argument("--steps", type=int, metavar="N", help="corrections of --adapt (default: 450)")
    verb.add_argument("--minutes", type=float, metavar="N", help="after which --adapt ends at the latest (default: 10)")
    verb.add_argument("--forget", action="store_true", help="do not keep it for the page")
    verb.set_defaults(run=run_reviews)


def run_reviews(options: argparse.Namespace, settings: Settings) -> int:
    """Learn, look once at the test, print the figures. Raises BadRequestError, DataError."""
    if not options.reviews and (options.text or options.stars or options.label):
        raise BadRequestError("columns are named, and no file", remedy="give --reviews FILE, or no column")
    if options.adapt and not options.reviews:
        raise BadRequestError("--adapt is asked for, and no file", remedy="give --reviews FILE to adapt an encoder to")
    if options.kept is not None and (not options.reviews or options.words_only):
        raise BadRequestError(
            "--kept is asked for without a file whose sentences are read", remedy="give --reviews FILE, no --words-only"
        )
    if not options.adapt and (options.steps is not None or options.minutes is not None):
        raise BadRequestError("--steps and --minutes are those of --adapt", remedy="give --adapt too, or neither")
    with bars(quiet=options.json) as (progress_of, _):
        progress = here.following(progress_of, steps=1)("reviews")
        report = _of_file(options, settings, progress) if options.reviews else _of_shop(settings, progress)
    return finish(report, "reviews", _print, options, settings, of_shop=not options.reviews)


def _of_file(options: argparse.Namespace, settings: Settings, progress: Any) -> dict[str, Any]:
    from recsys.evaluation.reviews import adapted
    from recsys.evaluation.reviews.sentiment import evaluated
    from recsys.scenarios.reviews import readers
    from recsys.scenarios.reviews.reading import of_path

    file = of_path(options.reviews, options.text, options.stars, options.label)
    root = settings.state_dir / readers.KEPT
    ways = {
        "sentence_vectors": not options.words_only,
        "careful": options.careful,
        "taught": None if options.kept is None else readers.find(root, options.kept),
    }
    if not options.adapt:
        return evaluated(file, progress, **ways)
    with adapted.kept_in(root, options.reviews.name) as folder:
        asked = adapted.Asked.of(settings.encoder, folder, options.steps, options.minutes)
        report = evaluated(file, progress, adapting=asked, **ways)
        adapted.write_card(folder, report["card"])
    return report


def _of_shop(settings: Settings, progress: Any) -> dict[str, Any]:
    from recsys.datasets import storage
    from recsys.errors import ShelfLensError
    from recsys.evaluation.reviews import shelf
    from recsys.evaluation.reviews.ratings import evaluated
    from recsys.preparation import Plan
    from recsys.scenarios.reviews.kept import as_read

    plan = Plan.of(settings)
    dataset = plan.open("dataset")
    report = evaluated(dataset, settings.shop, progress)
    try:
        read = as_read(plan.open("reviews").path, storage.load_table(dataset.path, "reviews"))
        task = shelf.evaluated(dataset, plan.open("vectors"), read, progress)
    except ShelfLensError as error:  # a shop without dates or texts has ratings all the same
        return report | {"notes": [*report["notes"], f"the shelf was not measured: {error.one_line()}"]}
    return report | {"protocol": report["protocol"] | shelf.PROTOCOL, "tasks": [*report["tasks"], task]}


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for task in report["tasks"]:
        measure = f"{task['metric']} ({task['better']} is better)"
        title = f"{report['dataset']}: {task['task']}, {measure}, {task['test']:,} reviews"
        table = Table("method", task["metric"], "95 %", title=title, box=None)
        for line in task["methods"]:
            table.add_row(line["label"], f"{line['value']:.3f}", "{:.3f} to {:.3f}".format(*line["ci95"]))
        console.print(table)
        for name, change in task.get("changes", {}).items():
            low, high = change["ci95"]
            console.print(f"{name}: {change['value']:+.4f} ({low:+.4f} to {high:+.4f})", markup=False)
    for name, rule in report["protocol"].items():
        console.print(f"{name}: {rule}", markup=False)
    for said in report.get("card", {}).get("adds", []):
        console.print(said, markup=False)
    for note in report["notes"]:
        console.print(f"note: {note}", markup=False)
