"""Single values as files hold them: ids as text, numbers with all of their digits, and what says that there is none."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

LONGEST: Final = 60  # digits of a number that is written out: more than any id has
NOTHING: Final = frozenset({"", "-", "--", "na", "n/a", "nan", "null", "none", "nil", "?", "#n/a", "<na>", "nat"})
_POINT_ZERO: Final = re.compile(r"([+-]?[0-9]+)\.0+")


def nothing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().lower() in NOTHING


def is_whole(cell: str) -> bool:
    """Whether a cell is a whole number in plain digits."""
    return cell.isascii() and cell.strip().isdigit()


def number_text(value: float | Decimal) -> str:
    """A number as text, all of its digits, without a point where it is whole: 10012345.0 is "10012345".

    "" for what is no finite number.
    """
    try:
        exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        if not exact.is_finite():
            return ""
        if exact == 0:
            return "0"
        if not -LONGEST < exact.adjusted() < LONGEST or len(exact.as_tuple().digits) > LONGEST:
            return str(exact)
        text = f"{exact:f}"
    except (InvalidOperation, ValueError, OverflowError):
        return ""
    return text.rstrip("0").rstrip(".") if "." in text else text


def without_point(cell: str) -> str:
    """The id that a float column wrote: "10012345.0" -> "10012345"; any other as it is."""
    found = _POINT_ZERO.fullmatch(cell)
    return found[1] if found else cell
