"""Queries of any language: each by the encoder that reads it best, beside products that both have read.

The universal sentence encoder reads sixteen languages, multilingual-e5-small a hundred and each of them less well. A
product has the vectors of both, one behind the other; a query has one of them and nothing in the other's place, so that
the inner product of the two is that of the encoder which read the query. Where a machine has one encoder, it reads all.

Letters tell who reads. Words of Swedish, Finnish or Czech without letters of their own go to the universal encoder,
which does not know them. No better rule was found: on 160 words of five of its languages that were not looked at
before, the right name is first for .72 (multilingual-e5-small: .30), and by the encoder that is surer .52, by a
language identifier (py3langid) .34; of 256 words of eight languages beyond, where e5 has .24, the letters have .18. An
identifier that is heeded only when nearly certain costs the former nothing and brings the latter .02 (.00 to .03) at
most; one of 96 MB (lingua) no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recsys.encoders import multilingual, universal
from recsys.encoders.contract import TextEncoder
from recsys.progress import Progress, silent
from recsys.schema import Floats


class AnyLanguage:
    """The encoders that there are; the first reads what it can, and the last all else."""

    def __init__(self, encoders: Sequence[TextEncoder]) -> None:
        self.encoders = tuple(encoders)
        self.name = " beside ".join(encoder.name for encoder in encoders)
        self.dimension = sum(encoder.dimension for encoder in encoders)

    @classmethod
    def here(cls, threads: int = 1) -> AnyLanguage:
        """Those that run on this machine; `threads` as MultilingualEncoder takes them. Raises ModelError for none."""
        found: list[TextEncoder] = [] if universal.obstacle() else [universal.UniversalEncoder()]
        if not (found and multilingual.obstacle()):
            found.append(multilingual.MultilingualEncoder(threads))
        return cls(found)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """The vectors of products' texts, (n, d) float32: of each encoder one of length 1, one behind the other."""
        whole = len(texts) * len(self.encoders)
        found = []
        for place, encoder in enumerate(self.encoders):
            before = place * len(texts)

            def shown(done: int, total: int, note: str = "", before: int = before) -> None:
                progress(before + done, whole, note)

            found.append(encoder.encode(texts, shown))
        return np.hstack(found)

    def query(self, text: str) -> Floats:
        """The vector of a query, (d,): that of the encoder which reads it, 0 in the places of the other."""
        which = 0 if universal.reads(text) else len(self.encoders) - 1
        start = sum(encoder.dimension for encoder in self.encoders[:which])
        vector = np.zeros(self.dimension, np.float32)
        vector[start : start + self.encoders[which].dimension] = self.encoders[which].encode([text])[0]
        return vector


class LazyEncoder:
    """The vector of one query, by encoders that are made for the first: half a second, for which no screen should wait.

    Safe under threads. Raises ModelError as the encoders do.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._encoder: AnyLanguage | None = None

    def __call__(self, query: str) -> Floats:
        """(d,) float32."""
        if self._encoder is None:  # two threads may both make one; what they share is loaded once
            self._encoder = AnyLanguage.here(self._threads)
        return self._encoder.query(query)


def missing() -> list[str]:
    """What each of the encoders lacks on this machine, in the order they are asked; "" where it lacks nothing."""
    return [universal.obstacle(), multilingual.obstacle()]


def obstacle() -> str:
    """Why queries in other languages cannot be encoded on this machine, in one sentence; "" when they can."""
    return "; ".join(lacking) if all(lacking := missing()) else ""
