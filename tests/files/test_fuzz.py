"""Every reader of files takes or refuses in words whatever bytes it is given: for a bounded time, from two seeds."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import time
from pathlib import Path
from typing import Final

import pytest

from tests.files.readers import READERS
from tests.fuzzing import seeded, taken_or_refused

AT_MOST: Final = 250  # contents for each reader and seed
SECONDS: Final = 1.5  # for each reader and seed: 21 in all
WORDS: Final = [
    b"", b"\0", b"\n", b"\r", b"\r\n" * 50, b"\t", b" ", b",", b";", b"|", b"::", b'"', b'""', b"'", b"%", b"%20", b"#",
    b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u2028\u0085\u202e".encode(), b"[", b"]" * 30, b"{" * 992,
    b"[" * 992, b"NaN", b"Infinity", b"-1e999", b"1e400", b"9" * 40, b"9" * 5_000, b"0.0", b"007", b"null", b"true",
    b"user,item,time", b"query,docid,rating", b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"&uuml;", b"&#x110000;", b"<style>",
    b"<!--", b"<![CDATA[", b"<a b='", b"sep=;", b"0001-01-01", b"9999-99-99", b"32.13.2026", b"1700000000",
]  # fmt: skip


def mutated(content: bytes, random_: random.Random) -> bytes:
    """A content with a few faults: bits flipped, pieces cut, doubled, moved or put in, the whole packed and damaged."""
    data = bytearray(content)
    for _ in range(random_.randint(1, 6)):
        place, other = random_.randint(0, len(data)), random_.randint(0, len(data))
        low, high = min(place, other), max(place, other)
        kind = random_.randrange(6)
        if kind == 0 and data:
            data[place % len(data)] ^= 1 << random_.randrange(8)
        elif kind == 1:
            del data[low : min(high, low + 40)]
        elif kind == 2:
            data[place:place] = data[low : min(high, low + 200)]
        elif kind == 3:
            data[place:place] = random_.choice(WORDS)
        elif kind == 4:
            data[place:place] = random_.randbytes(random_.randint(1, 8))
        elif random_.random() < 0.2:
            data = bytearray(random_.choice([gzip.compress, bz2.compress, lzma.compress])(bytes(data)))
    return bytes(data)


@seeded
@pytest.mark.parametrize("name", READERS)
def test_any_content_is_read_or_refused_in_words(name: str, seed: int, tmp_path: Path) -> None:
    read, file_name, contents = READERS[name]
    random_, path, ends = random.Random(f"{name} {seed}"), tmp_path / file_name, time.monotonic() + SECONDS
    for content in contents:
        path.write_bytes(content)
        read(path)  # what the faults are put into is right
    for number in range(AT_MOST):
        if time.monotonic() > ends:
            break
        content = mutated(random_.choice(contents), random_)
        path.write_bytes(content)
        taken_or_refused(
            lambda: read(path), f"{name}, seed {seed} (FUZZ_SEED={seed}), content {number}: {content[:300]!r}"
        )
