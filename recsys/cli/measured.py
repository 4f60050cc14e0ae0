"""How a command that measures a shop ends: what it found is kept for the page, told to whoever waits, and printed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from recsys.cli.parsing import command, print_json
from recsys.jobs import here
from recsys.settings import Settings


def finish(
    report: dict[str, Any],
    name: str,
    show: Callable[[dict[str, Any]], None],
    options: argparse.Namespace,
    settings: Settings,
    *,
    of_shop: bool = True,
) -> int:
    """Add the command to the report, keep it, print it; the exit status.

    It is kept as `name` and the shop, but with `--forget` and where it is none `of_shop`: a page shows what was
    measured on its shop. `show` prints it for people.
    """
    from recsys.evaluation.kept_reports import keep

    report["command"] = command()
    if of_shop and not options.forget:
        keep(report, settings.measured_dir, f"{name}_{settings.shop}")
    here.finish_with(settings.shop)
    if options.json:
        print_json(report)
    else:
        show(report)
    return 0
