"""`python -m recsys evaluate queries --set NAME`: the shop's own systems over a query set of the Search lab."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, add_knobs, print_json
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.schema import Knobs
from recsys.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from recsys.evaluation.search.lab import System
    from recsys.evaluation.search.lab_sets import SetRun
    from recsys.feedback import GradeBook


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `queries` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "queries",
        parents=[common],
        help="the shop's ways of searching on a query set",
        description="Ask the shop's ways of searching every query of a set, and judge them by its grades.",
    )
    which = verb.add_mutually_exclusive_group(required=True)
    which.add_argument("--set", metavar="NAME", help="a set that was saved in the Search lab")
    which.add_argument("--graded", action="store_true", help="all queries with a grade")
    verb.add_argument("--systems", default="", metavar="A,B", help="only these, by name (default: all that suit)")
    verb.add_argument("--shopper", metavar="ID", help="whose taste the personal systems use (default: nobody's)")
    verb.add_argument("--visitor", default="", metavar="NAME", help="tells apart new shoppers who gave feedback")
    verb.add_argument(
        "--department", action="append", default=[], metavar="NAME", help="only this department; may be repeated"
    )
    verb.add_argument("--verbatim", action="store_true", help="take the words as they are typed")
    add_knobs(verb)
    verb.set_defaults(run=run_queries)


def run_queries(options: argparse.Namespace, settings: Settings) -> int:
    """Ask and judge; as a job, the answers are kept in its folder, from where it goes on."""
    from recsys.artifacts import fingerprint
    from recsys.engine import Engine
    from recsys.evaluation.search.lab import Scope, Twins, grade_book
    from recsys.evaluation.search.lab_sets import run_set
    from recsys.preparation import Plan

    book = grade_book(settings)
    name, queries = _asked(options, book)
    yours = Knobs(**{knob.name: getattr(options, knob.name) for knob in fields(Knobs)})
    chosen = _systems(options, yours)
    engine = Engine.open(settings)
    catalogue = engine.catalogue
    ids, titles = map(str, catalogue.ids.tolist()), map(str, catalogue.titles.tolist())
    with bars(quiet=options.json) as (progress_of, _):
        run = run_set(
            engine.answer,
            name,
            queries,
            chosen,
            scope=Scope(options.shopper, options.visitor, tuple(options.department), options.verbatim),
            twins=Twins() if yours.fold == "none" else Twins.of(list(ids), list(titles)),
            progress=here.following(progress_of)("Asking"),
            folder=here.folder(),
            version=fingerprint(Plan.of(settings).versions),
        )
    _say(run, book, as_json=options.json)
    return 0


def _asked(options: argparse.Namespace, book: GradeBook) -> tuple[str, list[str]]:
    """The set's name and queries. Raises BadRequestError for one that is not here, FeedbackError."""
    from recsys.evaluation.search.lab_sets import GRADED

    if options.graded:
        return GRADED, list(book.all())
    sets = book.sets()
    if options.set not in sets:
        raise BadRequestError(
            f"there is no query set {options.set[:40]!r}",
            allowed=", ".join(sets) or "none is saved yet",
            remedy="save it in the Search lab first",
        )
    return options.set, sets[options.set]


def _systems(options: argparse.Namespace, yours: Knobs) -> list[System]:
    from recsys.evaluation.search.lab import systems

    known = systems(yours)
    names = [name for name in options.systems.split(",") if name]
    if lost := [name for name in names if name not in known]:
        raise BadRequestError(f"there is no system {lost[0][:40]!r}", allowed=", ".join(known), remedy="pick some")
    # without a shopper the personal system is the same as the fusion
    names = names or [name for name in known if name != "personal" or options.shopper]
    return [known[name] for name in names]


def _say(run: SetRun, book: GradeBook, *, as_json: bool) -> None:
    from recsys.evaluation.search.lab_sets import measured, standings

    table = standings(run, measured(run, book.all()))
    if as_json:
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        print_json({"set": run.name, "queries": len(run.queries), "systems": rows})
    else:
        _print_table(run, table)


def _print_table(run: SetRun, standing: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    title = f"{run.name}: {int(standing['count'].max())} of {len(run.queries)} graded"
    table = Table("system", "ndcg@10", "95 %", "p50 ms", "p95 ms", box=None, header_style="bold", title=title)
    for row in standing.to_dict("records"):
        interval = f"{row['ndcg@10 low']:.3f}-{row['ndcg@10 high']:.3f}"
        table.add_row(row["system"], f"{row['ndcg@10']:.3f}", interval, f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}")
    Console().print(table)
