"""JSON whose numbers keep all of their digits, and whose faults are said without anything of the content."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from recsys.files.values import LONGEST


class JsonError(ValueError):
    """No JSON, or lists within lists beyond what can be taken apart."""


def parsed(text: str) -> Any:
    """What a JSON text holds; an id may be a number that no float holds. Raises JsonError, in words."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise JsonError(str(error)[:120]) from error
    except RecursionError as error:
        raise JsonError("it is nested too deeply") from error
    except (ValueError, ArithmeticError) as error:
        raise JsonError("it holds a number that is none") from error


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < LONGEST else Decimal(digits)  # Python refuses to read thousands of digits
