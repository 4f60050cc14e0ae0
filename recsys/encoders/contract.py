"""What every text encoder promises, and how a text is made ready for its tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from recsys.progress import Progress, silent
from recsys.schema import Floats

# A token is rarely longer than 20 characters and a WordPiece word never longer than 100: what lies past 200 characters
# for each token the model reads is cut before the tokenizer spends time on it.
CHARACTERS_PER_TOKEN: Final = 200


class TextEncoder(Protocol):
    """Turns texts into unit vectors: equal texts get equal vectors, whatever else is in the batch."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """The vectors of the texts, in their order: (n, d) float32, each of length 1."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a model wants its texts: a prefix in front, lower case or not, and at most so many tokens."""

    max_tokens: int
    lowercase: bool = False
    prefix: str = ""

    def prepare(self, text: str) -> str:
        """The text as the tokenizer gets it: valid Unicode, of bounded length."""
        text = text[: self.max_tokens * CHARACTERS_PER_TOKEN]
        if not text.isascii():
            text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text to a tokenizer
        text = self.prefix + text
        return text.lower() if self.lowercase else text


def by_length(tokens: Sequence[Sequence[int]], most_tokens: int) -> list[list[int]]:
    """Positions of the texts in batches of equal token count, shortest first, at most `most_tokens` a batch.

    Equal lengths need neither padding nor an attention mask: no work is wasted, and a vector does not depend on what
    else is in its batch. A single text longer than `most_tokens` is a batch of its own.
    """
    order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
    batches: list[list[int]] = []
    for i in order:
        length = len(tokens[i])
        last = batches[-1] if batches else []
        if last and len(tokens[last[0]]) == length and (len(last) + 1) * length <= most_tokens:
            last.append(i)
        else:
            batches.append([i])
    return batches
