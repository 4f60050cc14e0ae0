"""Counts how often an engine reads a query, encodes it and looks it up in the index of words."""

from __future__ import annotations

from collections import Counter

import pytest

from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.engine.reading import QueryReader
from recsys.retrieval.fielded import FieldedIndex

ONCE = {"encoded": 1, "read": 1, "words": 1}


def readings(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each is done from now on, filled as it happens."""
    calls: Counter[str] = Counter()

    def count(of: type, method: str, name: str) -> None:
        before = getattr(of, method)

        def called(self: object, *given: object, **named: object) -> object:
            calls[name] += 1
            return before(self, *given, **named)

        monkeypatch.setattr(of, method, called)

    count(OnnxTextEncoder, "encode", "encoded")
    count(QueryReader, "read", "read")
    count(FieldedIndex, "look", "words")
    count(FieldedIndex, "scores", "words")
    return calls
