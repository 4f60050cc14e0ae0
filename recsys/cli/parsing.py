"""What all verbs share: a parser whose errors are one line, and JSON that any terminal can show."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from recsys.errors import BadRequestError
from recsys.schema import Knobs, Reranking
from recsys.schema.reranking import read_setting

BAD_USAGE = 2


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line with a remedy."""

    def error(self, message: str) -> Any:
        """One line on standard error, exit code 2."""
        print(f"error: {message}. what to do: see `{self.prog} --help`.", file=sys.stderr)
        sys.exit(BAD_USAGE)


def command() -> str:
    """The command that was given, as it can be repeated elsewhere: files by their names."""
    return "python -m recsys " + " ".join(Path(a).name if "/" in a or "\\" in a else a for a in sys.argv[1:])


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list with commas between; blank ones are none."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def check_numbers(options: argparse.Namespace, allowed: Mapping[str, tuple[int, int]]) -> None:
    """Raise BadRequestError for an option that is out of its (least, most)."""
    for name, (low, high) in allowed.items():
        if not low <= getattr(options, name) <= high:
            raise BadRequestError(f"--{name} {getattr(options, name)} cannot be used", allowed=f"{low} to {high}")


def print_json(data: Any) -> None:
    """Print plain data as JSON; escaped where the terminal knows no UTF-8, null for what is no finite number."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(_finite(data), indent=1, ensure_ascii=not utf8, allow_nan=False))


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, Mapping):
        return {name: _finite(value) for name, value in data.items()}
    return [_finite(value) for value in data] if isinstance(data, list | tuple) else data


def add_knobs(parser: argparse.ArgumentParser) -> None:
    """An option for every knob."""
    for knob in fields(Knobs):
        meta = knob.metadata
        range_ = ", ".join(meta["choices"]) if "choices" in meta else f"{meta['low']:g} to {meta['high']:g}"
        parser.add_argument(
            f"--{knob.name.replace('_', '-')}",
            type=str if "choices" in meta else float,
            default=knob.default,
            metavar="X",
            help=f"{meta['label']}: {meta['help']} {range_} (default {knob.default})",
        )


def add_reranking(parser: argparse.ArgumentParser) -> None:
    """An option for every setting of re-ranking; `reranking_of` reads them."""
    group = parser.add_argument_group("re-ranking", "What is done to the whole shelf after ranking (default: nothing).")
    for setting in fields(Reranking):
        meta, option = setting.metadata, f"--{setting.name.replace('_', '-')}"
        if "low" in meta:
            allowed = f" {meta['low']:g} to {meta['high']:g}."
        else:
            allowed = f" One of {', '.join(meta['choices'])}." if "choices" in meta else " Commas between them."
        group.add_argument(option, metavar="X", help=f"{meta['label']}: {meta['help']}{allowed}")


def reranking_of(options: argparse.Namespace) -> Reranking:
    """The settings of re-ranking that the options say. Raises BadRequestError for what cannot be used."""
    given = {setting.name: getattr(options, setting.name) for setting in fields(Reranking)}
    return Reranking(**{name: read_setting(name, text) for name, text in given.items() if text is not None})
