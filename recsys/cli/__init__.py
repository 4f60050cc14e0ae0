"""The command line: `python -m recsys prepare | answer | tag | evaluate | train | adapt | compress | ...`."""

from __future__ import annotations

import argparse
import errno
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields

from recsys.cli import adapt, compress, evaluate, prepare, tag, train
from recsys.cli.parsing import BAD_USAGE, Parser, add_knobs, add_reranking, print_json, reranking_of
from recsys.errors import BadRequestError, ShelfLensError
from recsys.files.source import readable
from recsys.jobs import here
from recsys.schema import MAX_K, Knobs, Request
from recsys.settings import Settings, load_settings

FAILED = 1
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)  # of a disk that takes no more


def build_parser() -> Parser:
    """All verbs and options."""
    parser = Parser(
        prog="python -m recsys", description="ShelfLens: see an e-commerce search and recommendation system think."
    )
    verbs = parser.add_subparsers(
        dest="verb",
        required=True,
        metavar="prepare | answer | tag | evaluate | train | adapt | compress | benchmark | shops",
    )
    common = Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON on standard output, nothing else")
    common.add_argument(
        "--shop", "--dataset", metavar="NAME", help="the shop to open (default: the setting SHELFLENS_SHOP)"
    )
    prepare.add_verb(verbs, common)
    answer = verbs.add_parser(
        "answer",
        parents=[common],
        help="ranked products for a shopper, a query or both",
        description="Print the ranked products for a shopper, a query or both.",
    )
    answer.add_argument("--query", default="", help="what a person would type")
    answer.add_argument("--shopper", metavar="ID", help="a shopper id, or 'new' for a person with no history")
    answer.add_argument("--k", type=_whole_number, default=10, help=f"how many products, 1 to {MAX_K} (default 10)")
    answer.add_argument(
        "--department", action="append", default=[], metavar="NAME", help="only this department; may be repeated"
    )
    for name in ("category", "size"):
        answer.add_argument(
            f"--{name}", action="append", default=[], metavar="NAME",
            help=f"of what is found this {name} only; may be repeated",
        )  # fmt: skip
    add_knobs(answer)
    add_reranking(answer)
    answer.set_defaults(run=run_answer)
    tag.add_verb(verbs, common)
    evaluate.add_verb(verbs, common)
    train.add_verb(verbs, common)
    adapt.add_verb(verbs, common)
    compress.add_verb(verbs, common)
    benchmark = verbs.add_parser(
        "benchmark",
        parents=[common],
        help="measure speed and size beside peers",
        description="Measure answers, encoding and search beside their peers.",
    )
    benchmark.add_argument("--quick", action="store_true", help="fewer repetitions; for a first look, not for quoting")
    benchmark.set_defaults(run=run_benchmark)
    listed = verbs.add_parser(
        "shops",
        aliases=["datasets"],
        parents=[common],
        help="list the shops, or delete what was prepared of one",
        description="List the shops: what is prepared, and what each takes on disk.",
    )
    listed.add_argument(
        "--delete", metavar="NAME", help="remove everything that was prepared of that shop, and say how much that freed"
    )
    listed.set_defaults(run=run_shops)
    return parser


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number; allowed: 1 to {MAX_K}")
    return int(text)


def _trouble(error: OSError) -> str:
    """What the system refused, and what to do: a disk that is full, a file that has a name, or else what it says."""
    said = error.strerror or str(error) or type(error).__name__
    if error.errno in FULL:
        return f"{said}: the output cannot be written. what to do: free some space, or write it elsewhere."
    if error.filename is not None:
        path = readable(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else error.filename
        return f"{said}: {path}. what to do: check that it is there and that you may read and write it."
    return f"{said}. what to do: run it again; where it comes again, run it with fewer other programs beside."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit code: 0, or 1 or 2 after a one-line error on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no emoji shows a question mark instead
    options = build_parser().parse_args(arguments)
    try:
        settings = load_settings()
        if options.shop is not None:
            settings = settings.model_copy(update={"shop": options.shop})
        run: Callable[[argparse.Namespace, Settings], int] = options.run
        with here.stoppable():
            code = run(options, settings)
        sys.stdout.flush()  # a full disk is found out here and not after the last line
        return code
    except BadRequestError as error:
        print(f"error: {error.one_line()}", file=sys.stderr)
        return BAD_USAGE
    except ShelfLensError as error:
        print(f"error: {error.one_line()}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        kept = "; finished steps are kept" if options.verb == "prepare" else ""
        print(f"error: stopped. what to do: run it again{kept}.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except OSError as error:
        print(f"error: {_trouble(error)}", file=sys.stderr)
        return FAILED


# --- answer -------------------------------------------------------------------------------------------------


def run_answer(options: argparse.Namespace, settings: Settings) -> int:
    """Print an answer as a table, or as JSON."""
    from recsys.engine import Engine

    knobs = Knobs(**{knob.name: getattr(options, knob.name) for knob in fields(Knobs)})
    request = Request(
        shopper=options.shopper,
        query=options.query,
        k=options.k,
        knobs=knobs,
        reranking=reranking_of(options),
        departments=tuple(options.department),
        categories=tuple(options.category),
        sizes=tuple(options.size),
    )
    engine = Engine.open(settings)
    answer = engine.answer(request)
    if options.json:
        print_json(answer.as_json())
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table("#", "product", "price", "score", "why", box=None, header_style="bold")
    for item in answer.items:
        price = engine.shop.money.said(item.price) if item.price is not None else "unknown"
        table.add_row(str(item.rank), f"{item.icon} {item.title}", price, f"{item.score:.3f}", item.reason)
    console = Console()
    console.print(table)
    for note in answer.notes:
        console.print(f"note: {note}", markup=False)
    total = sum(stage.ms for stage in answer.stages)
    console.print(f"{total:.1f} ms: " + ", ".join(f"{st.name} {st.ms:.1f}" for st in answer.stages), markup=False)
    return 0


# --- benchmark and shops ------------------------------------------------------------------------------------


def run_benchmark(options: argparse.Namespace, settings: Settings) -> int:
    """Run the benchmarks that come with the project."""
    try:
        from benchmarks.suite import run_suite
    except ImportError as error:
        raise ShelfLensError(
            f"the benchmarks cannot be loaded: {error}",
            remedy="run it from the project's folder, after `make test` has installed its tools",
        ) from error
    results = run_suite(settings, quick=options.quick)
    if options.json:
        print_json(results)
    return 0


def run_shops(options: argparse.Namespace, settings: Settings) -> int:
    """List the shops with what is prepared and what it takes on disk, or delete what was prepared of one."""
    from recsys.engine.inventory import disk_use, shared_use
    from recsys.shops import registry

    if options.delete is not None:
        return _delete_shop(options, settings)
    registry.shop(settings.shop)  # an unknown name is said, not shown as "none selected"
    use = {each.shop: each for each in disk_use(settings)}
    rows = [
        {
            "name": d.name,
            "title": d.title,
            "description": d.description,
            "licence": d.licence,
            "prepared": use[d.name].prepared,
            "bytes": use[d.name].bytes,
            "selected": d.name == settings.shop,
        }
        for d in registry.shops()
    ]
    if options.json:
        print_json(rows)
        return 0
    for d in registry.shops():
        mark, state = "*" if d.name == settings.shop else " ", "prepared" if use[d.name].prepared else "not prepared"
        print(f"{mark} {d.name:<26} {state:<13} {_megabytes(use[d.name].bytes):>8}  {d.description}")
    for other in [each for name, each in use.items() if name not in registry.shop_names()]:
        print(f"  {other.shop:<26} {'':<13} {_megabytes(other.bytes):>8}  a catalogue that was judged")
    print(f"  {'shared by all':<26} {'':<13} {_megabytes(shared_use(settings)):>8}  the text encoder")
    return 0


def _delete_shop(options: argparse.Namespace, settings: Settings) -> int:
    from recsys.engine.inventory import delete_prepared

    freed = delete_prepared(settings, options.delete)
    if options.json:
        print_json({"shop": options.delete, "freed_bytes": freed})
    else:
        print(f"{_megabytes(freed)} freed: {options.delete} is no longer prepared.")
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
