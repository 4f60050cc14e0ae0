"""Results for people (a table on standard error) and for programs (JSON, on standard output or in results/)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks import machine
from benchmarks.measurement import Measurement, Row, Workbench, rounded, workbench
from recsys.artifacts import write_whole
from recsys.errors import ShelfLensError, StorageError
from recsys.settings import PROJECT, Settings, load_settings

RESULTS: Final = PROJECT / "benchmarks" / "results"
WHOLE_CATALOGUE: Final = "complete_journey"


def envelope(bench: Workbench, command: str) -> dict[str, Any]:
    """What makes a number worth reading later: the command, the day, the machine, the versions and the data."""
    return {
        "command": command + (" --quick" if bench.quick else ""),
        "date": datetime.now(UTC).date().isoformat(),
        "quick": bench.quick,
        "machine": machine.described(),
        "versions": machine.versions(),
        "dataset": bench.settings.shop,
    }


def show(measurement: Measurement, console: Console) -> None:
    """The table of one benchmark, its bars and what was left out."""
    console.print(f"\n[bold]{escape(measurement.name)}[/]  {escape(measurement.question)}")
    if measurement.rows:
        console.print(_table(measurement.rows))
    for bar in measurement.bars:
        said = bar.as_json()
        mark = "[green]holds[/]" if bar.holds else "[bold red]MISSED[/]"
        console.print(f"  {mark}  {escape(said['what'])}: {_number(said['measured'])} (bar: {escape(said['bar'])})")
    for why in measurement.skipped:
        console.print(f"  [yellow]left out[/]  {escape(why)}")


def _table(rows: Any) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    first: Row = rows[0]
    for key, value in first.items():
        table.add_column(key.replace("_", " "), justify="left" if isinstance(value, str) else "right", overflow="fold")
    for row in rows:
        table.add_row(*(escape(_number(rounded(value))) for value in row.values()))
    return table


def _number(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,.10g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def keep(document: dict[str, Any], name: str, console: Console) -> None:
    """Write results/<name>.json. Only full runs over the whole catalogue are worth keeping."""
    if document["quick"] or document["dataset"] != WHOLE_CATALOGUE:
        return
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    try:
        RESULTS.mkdir(exist_ok=True)
        write_whole(RESULTS / f"{name}.json", text.encode())
    except (StorageError, OSError) as error:  # what took minutes to measure is still printed
        console.print(f"the results were not kept in benchmarks/results: {error}", style="yellow", markup=False)


def stderr() -> Console:
    """Where tables go, so that standard output holds JSON alone."""
    return Console(stderr=True, width=None if sys.stderr.isatty() else 140)


def run_alone(name: str, measure: Callable[[Workbench], Measurement]) -> int:
    """The command line of one benchmark, `python -m benchmarks.<name> [--quick] [--json]`; returns the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=sys.modules["__main__"].__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions; for a first look, not for quoting")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output")
    options = parser.parse_args()
    try:
        settings: Settings = load_settings()
        with workbench(settings, quick=options.quick) as bench:
            document = envelope(bench, f"python -m benchmarks.{name}")
            found = measure(bench)
    except ShelfLensError as error:
        print(f"error: {error.one_line()}", file=sys.stderr)
        return 1
    document |= found.as_json()
    show(found, stderr())
    keep(document, name, stderr())
    if options.json:
        print(json.dumps(document, indent=1, ensure_ascii=False))
    return 0
