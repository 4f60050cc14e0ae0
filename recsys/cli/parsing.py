"""What all verbs share: a parser whose errors are one line, and JSON that any terminal can show."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields
from typing import Any

from recsys.schema import Knobs

BAD_USAGE = 2


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line with a remedy."""

    def error(self, message: str) -> Any:
        """One line on standard error, exit code 2."""
        print(f"error: {message}. what to do: see `{self.prog} --help`.", file=sys.stderr)
        sys.exit(BAD_USAGE)


def print_json(data: Any) -> None:
    """Print plain data as JSON; escaped where the terminal knows no UTF-8."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(data, indent=1, ensure_ascii=not utf8))


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
