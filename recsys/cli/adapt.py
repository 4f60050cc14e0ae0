"""`python -m recsys adapt`: the text encoder learns a shop's own texts, and is kept to start the app with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys.cli.bars import bars
from recsys.cli.compress import ground_of, made_in, texts_of
from recsys.cli.parsing import Parser, check_numbers, command, names_in, print_json
from recsys.errors import BadRequestError
from recsys.jobs import here
from recsys.jobs.progress import following
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.encoders.adapting.settings import Adapting
    from recsys.training.encoders.texts import Texts
    from recsys.training.records import Data, Training

STOPPED = 130  # 128 + SIGINT, as a shell says it
SAID: Final = {
    "steps": "most steps of learning, ",
    "minutes": "most minutes of learning, ",
    "pairs_per_step": "pairs that are told from each other in one step, ",
    "max_tokens": "pieces of words of a text that are read, ",
    "learning_rate": "reached after the first tenth of the steps, ",
    "rank": "of the added matrices (LoRA), ",
    "scale": "what cosines are multiplied by before the softmax, ",
    "same_category": "share of a step that is drawn from few categories, so that pairs are hard to tell apart, ",
    "every": "steps from one look at names kept apart to the next; the best look is kept, ",
    "misspelt": "share of pairs that are a name and the same name with a slip of the keyboard, ",
    "respelt": "share of pairs that are a name and the same in other words, order or spelling, ",
    "mlm": "steps of a first stage that guesses hidden words of the texts; 0: none, ",
    "matryoshka": "so many first numbers of a vector must do alone, then twice as many and so on; 0: none, ",
}


def add_verb(verbs: Any, common: Parser) -> None:
    """Add `adapt` to the verbs of the command line."""
    from recsys.encoders.adapting.settings import WAYS, Adapting

    verb = verbs.add_parser(
        "adapt",
        parents=[common],
        help="make the text encoder fit for a shop's own texts",
        description="Adapt the text encoder to a shop's texts. Ctrl-C stops it; --resume goes on from its latest look. "
        "It is listed on the Models page.",
    )
    verb.add_argument("way", nargs="?", metavar="|".join(WAYS), help="how (default: lora)")
    verb.add_argument("--catalogue", type=Path, metavar="DIR", help="a folder of product files in place of a shop")
    for each in fields(Adapting):
        meta, kind = each.metadata, type(each.default)
        allowed = f"{_plain(meta['low'])} to {_plain(meta['high'])}"
        option, told = f"--{each.name.replace('_', '-')}", SAID.get(each.name, "")
        verb.add_argument(option, type=kind, metavar="N", help=f"{told}{allowed} (default {each.default:g})")
    verb.add_argument(
        "--compare", metavar="NAME", help="adapt nothing: a kept encoder against SHELFLENS_ENCODER, with intervals"
    )
    verb.add_argument(
        "--trials",
        metavar="NAMES",
        help="keep nothing: judge ways and options beside each other; all, or names",
    )
    verb.add_argument(
        "--judgments", type=Path, metavar="FILE", help="judged queries of the catalogue, for --compare and --trials"
    )
    verb.add_argument(
        "--products", type=int, default=2_000, metavar="N", help="searched by --compare and --trials (default 2000)"
    )
    verb.add_argument("--resume", metavar="ID", help="go on with one that was stopped or has failed")
    verb.set_defaults(run=run_adapt)


def _plain(bound: float) -> str:
    """2147483647 and 1e-07, each as one would type it."""
    return f"{bound:.0f}" if bound == int(bound) else f"{bound:g}"


def run_adapt(options: argparse.Namespace, settings: Settings) -> int:
    """Adapt, or go on with it; print what it reached."""
    from recsys.training.encoders import adapting

    _check_together(options)
    if options.compare is not None:
        return _compare(options, settings)
    if options.trials is not None:
        return _try(options, settings)
    training, read = _asked(options, settings)
    try:
        with here.stoppable(), bars(quiet=options.json) as (progress_of, say):
            say(f"adaptation {training.id}: {training.model} on {training.data.words}")
            steps = following(training.path, progress_of)
            training = adapting.work(training, read, settings.encoders_dir, steps)
    except KeyboardInterrupt:
        again = f"`python -m recsys adapt --resume {training.id}`"
        print(f"error: stopped. what to do: go on with {again}; finished looks are kept.", file=sys.stderr)
        return STOPPED
    report = {name: value for name, value in asdict(training).items() if name not in ("path", "owner")}
    report |= {"encoder": adapting.encoder_name(training), "command": command()}
    report["data"] |= {"interactions": Path(training.data.interactions).name}  # where it lies says nothing elsewhere
    if options.json:
        print_json(report)
    else:
        _print(training, report["encoder"])
    return 0


def _check_together(options: argparse.Namespace) -> None:
    """Raise BadRequestError for options of which one would go unheard beside the other."""
    judging = [f"--{name}" for name in ("compare", "trials") if getattr(options, name) is not None]
    if not judging:
        if options.judgments is not None:
            raise BadRequestError(
                "--judgments beside an adaptation, which learns from no judgment",
                allowed="--judgments with --compare or --trials",
                remedy="adapt first, then judge it by --compare NAME --judgments FILE",
            )
        return
    unheard = [f"--{name.replace('_', '-')}" for name in _settings_given(options) if name != "seed"]
    unheard += ["--resume"] * (options.resume is not None) + [f"the way {options.way!r}"] * bool(options.way)
    if unheard or len(judging) > 1:
        raise BadRequestError(
            f"{judging[0]} beside {(judging[1:] + unheard)[0]}",
            allowed=f"{judging[0]} with a catalogue, judgments, products and a seed",
            remedy="leave one of them out: judging adapts nothing by settings of its own",
        )


def _settings_given(options: argparse.Namespace) -> dict[str, Any]:
    """The settings of an adaptation that were given, by name."""
    from recsys.encoders.adapting.settings import Adapting

    names = [each.name for each in fields(Adapting)]
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    """Judge a kept encoder beside the one in the settings; print the figures."""
    from recsys.encoders import weights
    from recsys.training.encoders import kept
    from recsys.training.encoders.comparing import compared

    check_numbers(options, {"products": (300, 1_000_000)})
    after = kept.find(settings.encoders_dir, options.compare)
    with bars(quiet=options.json) as (progress_of, say), made_in(settings.encoders_dir) as made:
        source, ground = ground_of(options, settings, say)
        model = weights.locate(str(after.path))
        report = compared(weights.locate(settings.encoder), model, ground, made, here.following(progress_of))
    report |= {"source": source, "card": after.card, "command": command()}
    if options.json:
        print_json(report)
        return 0
    for name, both in report["figures"].items():
        low, high = both["after"]["change_ci95"]
        told = f"{both['before']['mean']:.4f} -> {both['after']['mean']:.4f} ({both['after']['change']:+.4f}, "
        print(f"{name}: {told}95 % {low:+.4f} to {high:+.4f}, {both['after']['queries']} queries)")
    for name, rule in report["protocol"].items():
        print(f"{name}: {rule}")
    return 0


def _try(options: argparse.Namespace, settings: Settings) -> int:
    """Judge ways and options beside each other; print the figures. Finished trials are kept and not done again."""
    from recsys.encoders import weights
    from recsys.training.encoders import trials

    check_numbers(options, {"products": (300, 1_000_000)})
    names = list(trials.TRIALS) if options.trials.strip() == "all" else list(names_in(options.trials))
    steps = len(trials.trials_of(names))
    with here.stoppable(), bars(quiet=options.json) as (progress_of, say):
        source, ground = ground_of(options, settings, say)
        model, folder = weights.locate(settings.encoder), settings.adaptations_dir / "trials"
        report = trials.tried(model, ground, names, folder, here.following(progress_of, steps=steps))
    report |= {"source": source, "command": command()}
    if options.json:
        print_json(report)
        return 0
    for each in report["trials"]:
        for name, figure in each["figures"].items():
            low, high = figure.get("change_ci95", (0.0, 0.0))
            print(f"{each['label']}: {name} {figure['mean']:.4f} ({figure.get('change', 0.0):+.4f}, 95 % {low:+.4f} to "
                  f"{high:+.4f})")  # fmt: skip
    return 0


def _asked(options: argparse.Namespace, settings: Settings) -> tuple[Training, Callable[[Data], Texts]]:
    """The adaptation to work on, and how its texts are read: an earlier one, or a new one that can be worked on.

    What cannot be adapted (a setting, texts that are not there) is refused before a record is made.
    """
    from recsys.encoders.adapting.settings import LORA, Adapting, way_of
    from recsys.training import records
    from recsys.training.encoders import adapting

    given = _settings_given(options)
    if options.resume is not None:
        if options.way or given or options.catalogue:
            raise BadRequestError(
                "--resume beside a way, a catalogue or a setting",
                allowed="--resume ID alone",
                remedy="an adaptation goes on as it was begun; start another one instead",
            )
        return records.find(settings.adaptations_dir, options.resume), partial(_texts, settings)
    chosen: Adapting = replace(Adapting(), **given)
    way = way_of(options.way or LORA)
    data = _data(options.catalogue, settings)
    texts = _texts(settings, data)
    return adapting.create(settings.adaptations_dir, way, data, settings.encoder, chosen), lambda _: texts


def _data(catalogue: Path | None, settings: Settings) -> Data:
    from recsys.training.records import Data

    if catalogue is None:
        return Data(settings.shop)
    if not catalogue.exists():
        raise BadRequestError(f"there is no catalogue {catalogue}", remedy="check the path")
    return Data(interactions=str(catalogue.resolve()))


def _texts(settings: Settings, data: Data) -> Texts:
    """The texts to learn from, with the synonyms that the shop knows."""
    from recsys.query.words import ShopWords
    from recsys.shops import registry

    if data.interactions:
        return texts_of(Path(data.interactions), settings, lambda note: None)[2]
    texts = texts_of(None, settings.model_copy(update={"shop": data.dataset}), lambda note: None)[2]
    known = ShopWords.of(registry.shop(data.dataset)).synonyms
    return replace(texts, synonyms=tuple((" ".join(asked), shop) for asked, shop in sorted(known.items())))


def _print(training: Training, name: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("look", "loss", "watched nDCG@10", "seconds", box=None, header_style="bold")
    for epoch in training.epochs:
        loss, ndcg = (("-" if value is None else f"{value:.4f}") for value in (epoch.loss, epoch.ndcg))
        table.add_row(f"{epoch.number}", loss, ndcg, f"{epoch.seconds:.1f}")
    console.print(table)
    for number, (own, others, spent) in enumerate(training.masked, start=1):
        said = f"hidden words, look {number}: loss {own:.4f}, of watched products {others:.4f}, {spent:.1f} seconds"
        console.print(said, markup=False, highlight=False)
    for name_of, value in training.metrics.items():
        console.print(f"{name_of}: {value:.4f}", markup=False, highlight=False)
    for rule, words in training.protocol.items():
        console.print(f"{rule}: {words}", markup=False, highlight=False)
    console.print(f"start the app with it: SHELFLENS_ENCODER={name} make demo", markup=False, highlight=False)
