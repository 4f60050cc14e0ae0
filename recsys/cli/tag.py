"""`python -m recsys tag --labels A,B,C`: any list of labels on all products of a shop, without training."""

from __future__ import annotations

import argparse
import csv
from typing import TYPE_CHECKING, Any

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, print_json
from recsys.errors import BadRequestError
from recsys.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from recsys.engine import Engine
    from recsys.engine.given import Agreement, Given
    from recsys.engine.tagging import Tagged

SHOWN = 20  # labels in the table of a terminal; JSON has all


def add_verb(verbs: Any, common: Parser) -> None:
    """Add `tag` to the verbs."""
    verb = verbs.add_parser(
        "tag",
        parents=[common],
        help="any list of labels on all products, without training",
        description="Give every product the label that its title, or its picture, is nearest to.",
    )
    verb.add_argument(
        "--labels", default="", metavar="A,B,C", help="the labels; one with a comma in quotes: 'A,\"B, C\"'"
    )
    verb.add_argument(
        "--labels-of", default="", metavar="NAME", help="the values of an attribute, or of category, as labels"
    )
    verb.add_argument(
        "--templates",
        action="append",
        default=[],
        metavar="TEXT",
        help="a prompt, {} for the label; may be repeated",
    )
    verb.add_argument("--by", choices=["title", "picture"], default="title", help="what is looked at (default title)")
    verb.add_argument(
        "--compare-with", default="", metavar="NAME",
        help="an attribute, or category, that tags are held against (default: that of --labels-of)",
    )  # fmt: skip
    verb.set_defaults(run=run_tag)


def run_tag(options: argparse.Namespace, settings: Settings) -> int:
    """Tag all products; print how many each label has, or as JSON every product with its tag."""
    from recsys.engine import Engine
    from recsys.engine.given import agreement, by_label
    from recsys.engine.tagging import TEMPLATES, TagRequest

    engine = Engine.open(settings)
    start = _given(engine, options.labels_of)
    labels = [*_split(options.labels), *(start.labels() if start is not None else ())]
    request = TagRequest.read(labels, options.templates or TEMPLATES, options.by)
    given = _given(engine, options.compare_with or options.labels_of)
    with bars(quiet=options.json) as (progress_of, _):
        tagged = engine.tag(request, progress_of("Reading"))
    found = None if given is None else agreement(tagged, given)
    if options.json:
        print_json(_as_json(engine, tagged, given, found))
    else:
        _print(by_label(tagged, found, given), found)
    return 0


def _split(text: str) -> list[str]:
    """Labels between commas or on lines, as CSV has them."""
    try:
        return [cell for row in csv.reader(text.splitlines(), skipinitialspace=True) for cell in row]
    except csv.Error as error:
        raise BadRequestError(f"the labels cannot be read: {error}", remedy="write them as A,B,C") from error


def _given(engine: Engine, name: str) -> Given | None:
    """What the shop says under that name. Raises BadRequestError where it says nothing of the kind."""
    if not name:
        return None
    if name not in engine.given.values:
        raise BadRequestError(
            f"this shop says nothing under {name[:40]!r}",
            allowed=", ".join(engine.given.values) or "nothing: it has neither categories nor attributes",
            remedy="name one of these, or leave it out",
        )
    return engine.given.of(name)


def _as_json(engine: Engine, tagged: Tagged, given: Given | None, found: Agreement | None) -> dict[str, Any]:
    said = None if given is None else given.said()
    rows = [
        {
            "item_id": str(engine.catalogue.id(row)),
            "title": str(engine.catalogue.titles[row]),
            "tag": tagged.labels[best] if best >= 0 else None,
            "confidence": round(float(tagged.confidence[row]), 4) if best >= 0 else None,
            **({} if said is None else {"given": said[row]}),
        }
        for row, best in enumerate(tagged.best.tolist())
    ]
    judged = {} if found is None else {"compared": int(found.compared.sum()), "agree": int(found.agrees.sum())}
    return {"shop": engine.shop.name, "labels": list(tagged.labels), **judged, "products": rows}


def _print(table: pd.DataFrame, found: Agreement | None) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    judged = ("agree", "the shop says") if found is not None else ()
    shown = Table("label", "products", *judged, box=None, header_style="bold")
    for row in table.head(SHOWN).to_dict("records"):
        counts = [row["products"], *([row["agree"], row["given"]] if found is not None else [])]
        shown.add_row(escape(str(row["label"])), *(f"{count:,}" for count in counts))
    console = Console()
    console.print(shown)
    if len(table) > SHOWN:
        console.print(f"and {len(table) - SHOWN:,} labels more; --json has everything")
    if found is not None and found.compared.any():
        agree, compared = int(found.agrees.sum()), int(found.compared.sum())
        console.print(f"{agree:,} of {compared:,} products ({agree / compared:.1%}) are tagged as the shop says")
