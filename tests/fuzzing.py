"""What fuzz tests share: two seeds, and that whatever is given is taken or refused in words.

One seed is fixed, so that a fault once found is found again; the other is fresh with every run, and said when it finds
something: `FUZZ_SEED=<seed> pytest <file>` finds it again.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import pytest

from recsys.errors import ShelfLensError

FIXED: Final = 20_261
FRESH: Final = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
SLOW: Final = 5.0  # seconds of the processor for one input, which takes some hundredths: something is not linear

T = TypeVar("T")
seeded = pytest.mark.parametrize("seed", [FIXED, FRESH], ids=["fixed", "fresh"])


def taken_or_refused(take: Callable[[], T], told: str, check: Callable[[T], object] = lambda taken: None) -> None:
    """Fail, saying what was `told`, unless the input is taken and checked, or refused in words, and neither is slow."""
    began = time.process_time()
    try:
        taken = take()
    except ShelfLensError as error:
        said = error.one_line()
        assert said.isprintable(), told
        assert len(said) < 1_500, told
    except BaseException as error:
        pytest.fail(f"{type(error).__name__}: {str(error)[:200]}\n{told}")
    else:
        check(taken)
    assert time.process_time() - began < SLOW, told
