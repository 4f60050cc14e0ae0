"""`python -m recsys prepare`: all of it, only what a shelf needs, or what is missing in a process beside the app."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from recsys.cli.bars import bars
from recsys.cli.parsing import Parser, print_json
from recsys.jobs import JobQueue, here
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.preparation import StepResult


def add_verb(verbs: argparse._SubParsersAction[Parser], common: Parser) -> None:
    """Add `prepare` with its options."""
    verb = verbs.add_parser(
        "prepare",
        parents=[common],
        help="make what is missing or stale",
        description="Make every prepared file that is missing, stale or damaged.",
    )
    way = verb.add_mutually_exclusive_group()
    way.add_argument(
        "--first-shelf",
        action="store_true",
        help="only what a shelf needs; maps and words of other languages are left for later",
    )
    way.add_argument(
        "--behind",
        action="store_true",
        help="put what is missing into the queue of work beside the app, and return at once",
    )
    verb.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Make what is missing; a bar with the time left per step, on standard error."""
    if options.behind:
        return _behind(options, settings)
    from recsys.preparation import FIRST_SHELF, STEPS, prepare

    chosen = FIRST_SHELF if options.first_shelf else STEPS
    started = time.perf_counter()
    with bars(quiet=options.json) as (progress_of, say):
        steps = prepare(settings, here.following(progress_of, steps=len(chosen)), say, chosen)
    seconds = time.perf_counter() - started
    left = _missing(settings) if options.first_shelf else []
    if options.json:
        made = {"shop": settings.shop, "seconds": seconds, "steps": [asdict(step) for step in steps]}
        print_json(made | {"left": left})
    else:
        print(_said(settings.shop, steps, seconds, left))
    return 0


def _said(shop: str, steps: list[StepResult], seconds: float, left: list[str]) -> str:
    if any(step.made for step in steps):
        said = f"Prepared {shop} in {seconds:.0f} s."
    else:
        said = f"What a shelf of {shop} needs is prepared already." if left else f"{shop} is prepared already."
    return f"{said} Left for later: {_labels(left)}." if left else said


def _behind(options: argparse.Namespace, settings: Settings) -> int:
    """Queue a preparation where something is missing and none is at work or waits; one line says which it was."""
    from recsys.shops import registry

    title = registry.shop(settings.shop).title  # an unknown name is said here, not in a process that nobody hears
    missing, job = _missing(settings), None
    if missing:
        queue = JobQueue.of(settings)
        active = (each for each in queue.listed("prepare", settings.shop) if each.active)
        job = next(active, None) or queue.start(
            "prepare", [f"--shop={settings.shop}"], label=f"Preparation of {title}", subject=settings.shop
        )
    said = f"Made beside the app: {_labels(missing)}." if missing else f"{settings.shop} is prepared already."
    if options.json:
        print_json({"shop": settings.shop, "missing": missing, "job": job.id if job else None, "said": said})
    else:
        print(said)
    return 0


def _missing(settings: Settings) -> list[str]:
    """The steps whose artefact is not there whole, by name. Every byte of the others is checked."""
    from recsys.preparation import Plan

    plan = Plan.of(settings)
    return [name for name in plan.steps if plan.find(name) is None]


def _labels(names: list[str]) -> str:
    from recsys.preparation import LABELS

    return ", ".join(LABELS[name][0].lower() + LABELS[name][1:] for name in names)
