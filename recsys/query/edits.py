"""How far apart two spellings are, and which spellings lie one slip away."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

_VOWELS: Final = frozenset("aeiouy")
_KEYBOARD: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUND_ALIKE: Final = frozenset(map(frozenset, ("ck", "cs", "sz", "kq", "jg", "fv", "iy", "mn", "xs", "td")))
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

# What a slip costs beside a plain wrong letter (1). Doubled letters, vowels and swaps are the common slips of people
# who can spell; a wrong first letter is rare (Pollock & Zamora, "Automatic spelling correction", CACM 1984).
DOUBLED: Final = 0.35
VOWEL_FOR_VOWEL: Final = 0.6
ALIKE: Final = 0.7
SWAPPED: Final = 0.6
FIRST_LETTER: Final = 1.2  # on top


def _neighbours() -> frozenset[frozenset[str]]:
    across = [frozenset(pair) for row in _KEYBOARD for pair in pairwise(row)]
    down = [frozenset(pair) for a, b in pairwise(_KEYBOARD) for pair in zip(a, b, strict=False)]
    return frozenset([*across, *down])


_KEYS: Final = _neighbours()


def distance(a: str, b: str, limit: int = 2) -> int:
    """Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.

    Returns limit + 1 when it is larger than the limit. Bit-parallel (Hyyrö, "A bit-vector algorithm for computing
    Levenshtein and Damerau edit distances", 2003): one step per letter of b.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    if not a or not b:
        return len(a) or len(b)
    where: dict[str, int] = {}
    for at, char in enumerate(a):
        where[char] = where.get(char, 0) | 1 << at
    mask, top = (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, diagonal, before, score = mask, 0, 0, 0, len(a)
    for char in b:
        here = where.get(char, 0)
        swapped = (((~diagonal) & here) << 1) & before
        diagonal = ((((here & plus) + plus) ^ plus) | here | minus | swapped) & mask
        up, down = minus | ~(diagonal | plus) & mask, plus & diagonal
        score += bool(up & top) - bool(down & top)
        up = ((up << 1) | 1) & mask
        plus, minus = ((down << 1) | (~(diagonal | up) & mask)) & mask, up & diagonal
        before = here
    return min(score, limit + 1)


def cost(said: str, meant: str) -> float:
    """What the slips from `meant` to `said` cost: the alignment distance with common slips made cheaper."""
    rows = [[0.0] * (len(meant) + 1) for _ in range(len(said) + 1)]
    for i in range(len(said) + 1):
        for j in range(len(meant) + 1):
            if i == j == 0:
                continue
            ways = []
            if i:
                ways.append(rows[i - 1][j] + _extra(said, i - 1) + FIRST_LETTER * (i == 1 and j == 0))
            if j:
                ways.append(rows[i][j - 1] + _extra(meant, j - 1) + FIRST_LETTER * (j == 1 and i == 0))
            if i and j:
                ways.append(
                    rows[i - 1][j - 1]
                    + _wrong(said[i - 1], meant[j - 1])
                    + FIRST_LETTER * (i == j == 1 and said[0] != meant[0])
                )
            if i > 1 and j > 1 and said[i - 1] == meant[j - 2] and said[i - 2] == meant[j - 1]:
                ways.append(rows[i - 2][j - 2] + SWAPPED)
            rows[i][j] = min(ways)
    return rows[-1][-1]


def _extra(word: str, at: int) -> float:
    """A letter too many or too few: half of a doubled one costs little."""
    doubled = (at and word[at - 1] == word[at]) or (at + 1 < len(word) and word[at + 1] == word[at])
    return DOUBLED if doubled else (0.8 if word[at] in _VOWELS else 1.0)


def _wrong(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if a in _VOWELS and b in _VOWELS:
        return VOWEL_FOR_VOWEL
    pair = frozenset((a, b))
    return ALIKE if pair in _KEYS or pair in _SOUND_ALIKE else 1.0


def deletions(word: str, at_most: int) -> set[str]:
    """The word and everything it becomes when up to `at_most` letters are left out."""
    found, edge = {word}, {word}
    for _ in range(at_most):
        edge = {w[:i] + w[i + 1 :] for w in edge for i in range(len(w))}
        found |= edge
    return found


def one_slip_away(start: str) -> set[str]:
    """The beginnings of words that one slip after the first letter may have turned into `start`, itself left out."""
    out = {start[:i] + start[i + 1] + start[i] + start[i + 2 :] for i in range(len(start) - 1)}
    for i in range(1, len(start)):
        out.add(start[:i] + start[i + 1 :])
        out.update(start[:i] + c + start[i + 1 :] for c in _LETTERS)
        out.update(start[:i] + c + start[i:] for c in _LETTERS)
    return out - {start}
