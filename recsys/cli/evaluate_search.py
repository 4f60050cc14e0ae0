"""`python -m recsys evaluate search`: compare search systems on a catalogue and judgments of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, command, names_in, print_json
from recsys.errors import BadRequestError
from recsys.settings import Settings


def add_protocol(protocols: Any, common: Parser) -> None:
    """Add `search` to the protocols of `evaluate`."""
    verb = protocols.add_parser(
        "search",
        parents=[common],
        help="search systems on a catalogue and judgments",
        description="Compare search systems by nDCG.",
    )
    verb.add_argument(
        "--catalogue",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder of product files, JSON or else CSV, plain, .gz or .zip; or one such file",
    )
    verb.add_argument(
        "--judgments",
        type=Path,
        required=True,
        metavar="FILE",
        help="a table query,docid,rating, or TREC qrels; told by itself",
    )
    verb.add_argument("--systems", default="", metavar="A,B", help="only these, by name (default: all)")
    verb.add_argument("--seed", type=int, default=0, help="of the resampling (default 0)")
    verb.add_argument(
        "--run-file",
        type=Path,
        metavar="FILE",
        help="also write the lists as a TREC run; with several systems a file each, FILE.NAME before the ending",
    )
    verb.set_defaults(run=run_search)


def run_search(options: argparse.Namespace, settings: Settings) -> int:
    """Judge the systems and print their figures."""
    from recsys.engine import imported
    from recsys.evaluation.search import judgments as reading
    from recsys.evaluation.search import searching as search
    from recsys.evaluation.search import systems as search_systems
    from recsys.shops.imported import catalogue as reading_products

    names = list(names_in(options.systems))
    search_systems.check_names(names)
    if options.run_file and not options.run_file.absolute().parent.is_dir():
        raise BadRequestError(
            f"--run-file names a folder that is not there: {options.run_file.parent}", remedy="make it, or name another"
        )
    judgments = reading.load(options.judgments)
    catalogue = reading_products.load(options.catalogue).by_id()
    judgments = judgments.known(frozenset(catalogue.ids))
    with bars(quiet=options.json) as (progress_of, say):
        for note in (catalogue.said, *catalogue.notes, judgments.said, *judgments.notes):
            say(note)
        engine = imported.open_catalogue(catalogue, settings, progress_of, say)
        found = [
            search.judge(system, catalogue.ids, judgments, progress_of(system.label))
            for system in search_systems.systems(imported.searched(engine), names)
        ]
    report = {"catalogue": catalogue.name, "products": len(catalogue), "judged_by": judgments.name}
    report |= search.summed_up(found, judgments, options.seed)
    report["read_as"] = [catalogue.said, judgments.said]
    report["notes"] = [*catalogue.notes, *judgments.notes]
    report["command"] = command()
    if options.run_file:
        report["run_files"] = _write_runs(options.run_file, found)
    if options.json:
        print_json(report)
    else:
        _print_table(report)
    return 0


def _write_runs(path: Path, found: list[Any]) -> list[str]:
    """A file for each system, and their names: tools that read a TREC run take all of a file for one system."""
    from recsys.artifacts import write_whole
    from recsys.evaluation.search.judgments import trec_run

    written = []
    for one in found:
        lists = {q: [(docid, 1 / (place + 1)) for place, docid in enumerate(ids)] for q, ids in one.lists.items()}
        own = path if len(found) == 1 else path.with_name(f"{path.stem}.{one.system.name}{path.suffix}")
        write_whole(own, trec_run(one.system.name, lists).encode())
        written.append(own.name)
    return written


def _print_table(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    title = f"{report['catalogue']}: {report['products']:,} products, {report['queries']} queries"
    table = Table(
        "system",
        "pooled",
        "95 %",
        "full",
        "95 %",
        "mrr",
        "recall@100",
        "p50 ms",
        "p95 ms",
        box=None,
        header_style="bold",
        title=title,
    )
    for system in report["systems"]:
        cells = [system["name"]]
        for metric in ("pooled_ndcg@10", "ndcg@10"):
            low, high = system["ci95"][metric]
            cells += [f"{system[metric]:.3f}", f"{low:.3f}-{high:.3f}"]
        cells += [f"{system[m]:.3f}" for m in ("mrr", "recall@100")]
        table.add_row(*cells, *(f"{system[m]:.1f}" for m in ("p50_ms", "p95_ms")))
    console.print(table)
    for key, rule in report["protocol"].items():
        console.print(f"{key}: {rule}", markup=False)
    for line in report["read_as"]:
        console.print(line, markup=False)
    if written := report.get("run_files"):
        console.print(f"runs written: {', '.join(written)}", markup=False)
    for note in report["notes"]:
        console.print(f"note: {note}", markup=False)
