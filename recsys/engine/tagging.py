"""Any list of labels on all products of a shop, by their titles or their pictures, without training."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.encoders import zero_shot
from recsys.encoders.contract import TextEncoder
from recsys.engine.turns import Turns
from recsys.errors import BadRequestError
from recsys.progress import Progress, silent
from recsys.schema import Floats, Rows

TITLE: Final = "title"
PICTURE: Final = "picture"
WAYS: Final = (TITLE, PICTURE)
TEMPLATES: Final = zero_shot.TEMPLATES
MOST_LABELS: Final = 500
LONGEST_LABEL: Final = 80  # characters; a label is a few words
MOST_TEMPLATES: Final = 20
LONGEST_TEMPLATE: Final = 120  # characters
AT_ONCE: Final = 64  # texts encoded before somebody else gets a turn: less than a tenth of a second
TAGGED_AT_ONCE: Final = 2048  # texts: with 500 labels their scores take 4 MB
MOST_KEPT: Final = 100_000  # vectors of texts, two bytes a number: 77 MB of MiniLM's
RESULTS_KEPT: Final = 8  # eight bytes a product each
NOT_TAGGED: Final = -1


@dataclass(frozen=True, slots=True)
class TagRequest:
    """Labels, the prompts they stand in, and what of a product is looked at. Made by `read`, which checks them."""

    labels: tuple[str, ...]
    templates: tuple[str, ...] = TEMPLATES
    by: str = TITLE

    @classmethod
    def read(cls, labels: Iterable[str], templates: Iterable[str] = TEMPLATES, by: str = TITLE) -> Self:
        """What was typed, blank lines left out. Raises BadRequestError for what cannot be used."""
        if by not in WAYS:
            raise BadRequestError(f"products cannot be tagged by {by[:40]!r}", allowed=" or ".join(WAYS))
        return cls(_labels(_lines(labels)), _templates(_lines(templates)), by)


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """The label of every product, as a place in `labels`, and how sure that is, 0 to 1.

    A product that could not be looked at, one without a picture, has NOT_TAGGED and NaN.
    """

    labels: tuple[str, ...]
    best: Rows  # (n_items,)
    confidence: Floats  # (n_items,)

    @property
    def there(self) -> npt.NDArray[np.bool_]:
        """(n_items,) which products have a label."""
        found: npt.NDArray[np.bool_] = self.best >= 0
        return found


class RememberedTexts:
    """The vectors of texts, each encoded once for all who ask, in turns of a few; any thread may ask."""

    def __init__(self, encoder: TextEncoder, turns: Turns, most: int = MOST_KEPT) -> None:
        self._encoder, self._turns, self._most = encoder, turns, most
        self._row: dict[str, int] = {}
        self._vectors = np.empty((0, encoder.dimension), np.float16)
        self._lock = Lock()

    def missing(self, texts: Iterable[str]) -> int:
        """How many different texts are still to be encoded."""
        return len({text for text in texts if text not in self._row})

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """(n, d) of length 1 but for rounding. `progress` may end it by raising; what was encoded is kept."""
        found = np.empty((len(texts), self._encoder.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # equal lengths make full batches
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            found[places] = self._some([texts[place] for place in places], progress)
        return found

    def _some(self, texts: list[str], progress: Progress) -> Floats:
        with self._lock:
            fresh = [text for text in dict.fromkeys(texts) if text not in self._row]
            vectors = self._fresh(fresh) if fresh else self._vectors[:0]
            here = {text: place for place, text in enumerate(fresh)}
            rows = [vectors[here[text]] if text in here else self._vectors[self._row[text]] for text in texts]
            self._keep(fresh, vectors)
        if fresh:
            progress(len(fresh), len(fresh))
        return np.asarray(rows, np.float32)

    def _fresh(self, texts: list[str]) -> npt.NDArray[np.float16]:
        with self._turns.turn():
            return np.asarray(self._encoder.encode(texts), np.float16)

    def _keep(self, texts: list[str], vectors: npt.NDArray[np.float16]) -> None:
        """As many of them as there is room for."""
        begin = len(self._row)
        end = min(begin + len(texts), self._most)
        if end > len(self._vectors):
            grown = np.empty((min(max(2 * end, 1024), self._most), self._vectors.shape[1]), np.float16)
            grown[:begin] = self._vectors[:begin]
            self._vectors = grown
        self._vectors[begin:end] = vectors[: end - begin]
        self._row.update({text: begin + place for place, text in enumerate(texts[: end - begin])})


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """The pictures of the products in the space that they share with words."""

    pictures: Floats  # (n_items, d) of length 1, 0 where there is none
    from_texts: Callable[[Floats], Floats]  # vectors of texts -> (n, d), as queries of that space


class Tagging:
    """Tags the products of one shop; any thread may ask. Titles are encoded at the first request and remembered."""

    def __init__(self, titles: Sequence[str], encoder: TextEncoder, turns: Turns, sight: Sight | None = None) -> None:
        self._titles, self._sight = titles, sight
        self._texts = RememberedTexts(encoder, turns)
        self._done: OrderedDict[TagRequest, Tagged] = OrderedDict()

    def tag(self, request: TagRequest, progress: Progress = silent) -> Tagged:
        """The label of every product. `progress` counts texts; it may end the work by raising, and work goes on there.

        Raises BadRequestError for pictures that cannot be compared.
        """
        if request in self._done:
            return self._done[request]
        found = self._by_picture(request, progress) if request.by == PICTURE else self._by_title(request, progress)
        self._done[request] = found
        while len(self._done) > RESULTS_KEPT:
            self._done.popitem(last=False)
        return found

    def _by_title(self, request: TagRequest, progress: Progress) -> Tagged:
        texts = list(dict.fromkeys(self._titles))
        whole, last = zero_shot.read_as(texts)
        encode = self._counted([*whole, *last], request, progress)
        best, confidence = np.empty(len(texts), np.int32), np.empty(len(texts), np.float32)
        for start in range(0, len(texts), TAGGED_AT_ONCE):
            some = slice(start, start + TAGGED_AT_ONCE)
            tags = zero_shot.tag(texts[some], request.labels, encode, request.templates)
            best[some], confidence[some] = zero_shot.nearest(tags.scores)
        row = {text: place for place, text in enumerate(texts)}
        rows = [row[title] for title in self._titles]
        return Tagged(request.labels, best[rows], confidence[rows])

    def _by_picture(self, request: TagRequest, progress: Progress) -> Tagged:
        sight = self._sight
        if sight is None:
            remedy = "tag by title, or prepare the shop if it has pictures"
            raise BadRequestError("this shop has no pictures that can be compared", allowed=TITLE, remedy=remedy)
        encode = self._counted([], request, progress)
        rows = np.flatnonzero(sight.pictures.any(axis=1))
        best = np.full(len(self._titles), NOT_TAGGED, np.int32)
        confidence = np.full(len(self._titles), np.nan, np.float32)
        named = zero_shot.label_vectors(
            request.labels, lambda texts: sight.from_texts(encode(texts)), request.templates
        )
        for start in range(0, len(rows), TAGGED_AT_ONCE):
            some = rows[start : start + TAGGED_AT_ONCE]
            best[some], confidence[some] = zero_shot.nearest(sight.pictures[some] @ named.T)
        return Tagged(request.labels, best, confidence)

    def _counted(self, texts: list[str], request: TagRequest, progress: Progress) -> zero_shot.Encode:
        """The encoder, telling `progress` how many of these texts and of the prompts are done."""
        everything = self._texts.missing([*zero_shot.prompts(request.labels, request.templates), *texts])
        so_far = 0

        def more(done: int, total: int, note: str = "") -> None:
            nonlocal so_far
            so_far = min(so_far + done, everything)
            progress(so_far, everything, note)

        return lambda some: self._texts.encode(some, more)


# --- what was typed -----------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """The text as it is compared: without a difference of case or blanks."""
    return " ".join(text.casefold().split())


def _lines(typed: Iterable[str]) -> list[str]:
    return [line for each in typed if (line := " ".join(each.split()))]


def _labels(labels: list[str]) -> tuple[str, ...]:
    allowed = f"2 to {MOST_LABELS} different labels of at most {LONGEST_LABEL} characters"
    if len(labels) < 2:
        seen = f"there is one label only, “{labels[0][:40]}”" if labels else "there are no labels"
        raise BadRequestError(seen, allowed=allowed, remedy="add another one, or start from what the shop says")
    if len(labels) > MOST_LABELS:
        raise BadRequestError(f"there are {len(labels):,} labels", allowed=allowed, remedy="leave some out")
    if long := next((label for label in labels if len(label) > LONGEST_LABEL), ""):
        seen = f"the label “{long[:40]}…” has {len(long):,} characters"
        raise BadRequestError(seen, allowed=allowed, remedy="shorten it; if it is several labels, write them apart")
    first: dict[str, str] = {}
    for label in labels:
        before = first.get(folded(label))
        first[folded(label)] = label
        if before is not None:
            seen = f"the label “{label}” is there twice" + (f", once as “{before}”" if before != label else "")
            raise BadRequestError(seen, allowed=allowed, remedy="remove one of them")
    return tuple(labels)


def _templates(templates: list[str]) -> tuple[str, ...]:
    allowed = f"1 to {MOST_TEMPLATES} prompts of at most {LONGEST_TEMPLATE} characters, each with {{}} for the label"
    if not templates:
        raise BadRequestError("there are no prompts", allowed=allowed, remedy="write {} for the bare label")
    if len(templates) > MOST_TEMPLATES:
        raise BadRequestError(f"there are {len(templates):,} prompts", allowed=allowed, remedy="leave some out")
    for template in templates:
        if len(template) > LONGEST_TEMPLATE:
            seen = f"the prompt “{template[:40]}…” has {len(template):,} characters"
            raise BadRequestError(seen, allowed=allowed, remedy="shorten it")
        if "{}" not in template:
            remedy = "write {} where the label belongs, as in “a photo of a {}”"
            raise BadRequestError(f"the prompt “{template}” has no {{}}", allowed=allowed, remedy=remedy)
    return tuple(dict.fromkeys(templates))
