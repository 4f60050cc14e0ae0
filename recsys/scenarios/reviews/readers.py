"""Encoders that were adapted to a file's reviews and kept: found, told by their cards, and asked about other reviews.

<state>/review_encoders/<name>/            a sentence-transformers folder with `head.npy` and `bias.npy` of a `Grader`
<state>/review_encoders/<name>/beside_*    the head over words and sentence vectors of the same reviews, where it counts
<state>/review_encoders/<name>/card.json   what it was made from, what it adds to that head, what a review costs

Importing this file is light: torch is loaded when a reader is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError, ModelError
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import heads, judging, vectors, weighing
from recsys.scenarios.reviews.analysing import Read
from recsys.scenarios.reviews.heads import Head
from recsys.scenarios.reviews.joining import Joined
from recsys.scenarios.reviews.judging import part_of
from recsys.scenarios.reviews.texts import pieces
from recsys.scenarios.reviews.transfer import Transferred

if TYPE_CHECKING:
    from recsys.encoders.adapting.grading import Grader

KEPT, CARD, BESIDE = "review_encoders", "card.json", "beside"  # folder of the state, file and arrays in a reader's
SENTIMENT: Final = "sentiment"  # the task whose figures say how well it reads
MOST: Final = 4  # readers that are offered, the latest
LARGEST: Final = 100_000  # bytes of a card
LOADING: Final = 6.0  # seconds until the first review is read
SECONDS_A_PIECE: Final = 0.0027  # of a review whose vector the head beside reads
# One keeps what was promised. Where two processors had other work, two threads waited for each other: 400 reviews took
# 89 s and 30 s of the processors, on one thread 6 s and 3.4 s.
THREADS: Final = 1
LOOKED_AT, UNKNOWN = 500, 0.3  # reviews whose pieces are looked up, share of them that may be unknown
AGAIN: Final = "adapt it again with `python -m recsys evaluate reviews --adapt`, or read the file in another way"
TROUBLE: Final = (OSError, KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)  # of a card
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of reviews that are told right, and its 95 % interval."""

    value: float
    ci95: tuple[float, float]

    @classmethod
    def of(cls, said: Any) -> Self:
        """From a line of a report. Raises KeyError, TypeError, ValueError for what is none."""
        low, high = said["ci95"]
        return cls(_number(said["value"], -1), (_number(low, -1), _number(high, -1)))


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a reader: `milliseconds` of one processor a review of `characters` on average.

    `right` is what both tell of the reviews of its file that nothing was learned from, `head` what the head beside it
    tells of them alone, `adds` the paired difference. `weights` are those of the head's and of its own log-odds, `bias`
    is added to both: rare grades are drawn more often than they stand, so that its own odds part good and bad elsewhere
    than at 0 (balanced accuracy 0.897 on reviews of clothes, 0.940 with the bias, 0.951 with the head).
    """

    folder: Path
    encoder: str
    made_from: str
    learned_from: int
    milliseconds: float
    characters: float
    made: datetime
    right: Figure
    head: Figure
    adds: Figure
    weights: tuple[float, float]
    bias: float

    @property
    def name(self) -> str:
        """That of its folder."""
        return self.folder.name

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The card of a folder. Raises OSError, KeyError, TypeError, ValueError where there is none, or another one."""
        path = folder / CARD
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        said = json.loads(path.read_text(encoding="utf-8"))
        reading, figures = said["reading"], said["figures"][SENTIMENT]
        return cls(
            folder,
            str(said["encoder"]),
            str(said["made_from"]),
            round(_number(said["learned_from"], 1)),
            _number(said["processor_ms_a_review"]),
            _number(said["characters_a_review"], 1),
            datetime.fromtimestamp(_number(said.get("made", path.stat().st_mtime)), UTC),  # else when it was written
            Figure.of(figures["both"]),
            Figure.of(figures["head"]),
            Figure.of(figures["adds"]),
            (_number(reading["head"]), _number(reading["encoder"])),
            _number(reading["bias"], -math.inf),
        )

    def parts(self, texts: Sequence[str]) -> tuple[float, float, float]:
        """About how many seconds loading, its own reading and the head beside take, on a processor like its maker's."""
        worded = [text for text in texts if text]
        longer = sum(map(len, worded)) / (len(worded) * self.characters) if worded else 1.0
        beside = sum(len(pieces(text, vectors.PIECE)) for text in worded) if self.weights[0] else 0
        own = self.milliseconds / 1000 * len(worded) * min(max(longer, 0.2), 5.0)
        return LOADING, own, SECONDS_A_PIECE * beside

    def seconds(self, texts: Sequence[str]) -> float:
        """All of it."""
        return sum(self.parts(texts))


@dataclass(frozen=True, slots=True)
class Listed:
    """Readers that may be chosen, the latest first, and in words what lies beside them and may not."""

    cards: tuple[Card, ...] = ()
    left_out: tuple[str, ...] = ()


def listed(root: Path) -> Listed:
    """Those kept in a folder, by their cards alone: nothing of theirs is loaded. Never raises."""
    cards, left_out = list[Card](), list[str]()
    try:
        folders = sorted(each for each in root.iterdir() if each.is_dir() and not each.name.startswith("."))
    except OSError:  # nothing was ever kept
        return Listed()
    for folder in folders:
        try:
            cards.append(Card.of(folder))
        except FileNotFoundError:
            left_out.append(f"“{folder.name}” has no {CARD}")
        except TROUBLE:
            left_out.append(f"the {CARD} of “{folder.name}” is damaged or of an earlier form: adapt it again")
    cards.sort(key=lambda card: (card.made, card.name), reverse=True)
    if len(cards) > MOST:
        left_out.append(f"{len(cards) - MOST} made earlier")
    return Listed(tuple(cards[:MOST]), tuple(left_out))


def find(root: Path, name: str) -> Card:
    """The card of one of them, by its name. Raises BadRequestError for none of that name, or with no such card."""
    try:
        if Path(name).name != name:
            raise ValueError("a path")
        return Card.of(root / name)
    except TROUBLE as error:
        raise BadRequestError(
            f"no encoder is kept as {name[:40]!r} with a card that can be read",
            allowed=", ".join(card.name for card in listed(root).cards) or "none is kept yet",
            remedy="name one of these, or keep one with `evaluate reviews --adapt`",
        ) from error


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """An adapted encoder and, where it counts, the head beside it, weighed as its card says."""

    card: Card
    grader: Grader
    head: Head | None

    @classmethod
    def load(cls, card: Card) -> Self:
        """The reader of a card. Raises ModelError where a file is missing, damaged or does not fit the others."""
        from recsys.encoders.adapting.grading import Grader

        try:
            grader = Grader.load(card.folder)
            head = Head.load(card.folder, BESIDE) if card.weights[0] else None
            if len(grader.bias) not in (1, heads.STARS - 1) or (head is not None and head.middle.shape != (1,)):
                raise ModelError("its heads are none of good and bad, nor of stars")
            return cls(card, grader, head)
        except ModelError as error:
            path = str(card.folder.resolve())
            raise _refused(card, error.seen.replace(f"{path}/", "").replace(path, card.name)) from error
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise _refused(card, "a file is missing or damaged") from error

    def moods(self, texts: Sequence[str], progress: Progress = silent) -> Doubles:
        """(n,) how good plain texts are, -1 to 1; NaN of "". Raises ModelError for a language that it does not read."""
        found = np.full(len(texts), np.nan)
        rows = [row for row, text in enumerate(texts) if text]
        if rows:
            some = [texts[row] for row in rows]
            self._check_language(some)
            try:
                odds = self._odds(some, progress)
            except (ValueError, IndexError) as error:
                raise _refused(self.card, "the head beside it is of another form") from error
            if not np.isfinite(odds).all():
                raise _refused(self.card, "it computes numbers that are not finite")
            found[rows] = np.tanh(np.clip(odds, -80, 80) / 2)  # twice the chance, less 1
        return found

    def _odds(self, texts: Sequence[str], progress: Progress) -> Doubles:
        _, own, rest = self.card.parts(texts)
        turn = own / max(own + rest, 1e-9)
        scores = self.grader.scores(texts, part_of(progress, 0.0, turn), threads=THREADS)
        graded = side_of(np.asarray(scores, np.float64))
        beside = np.zeros_like(graded)
        if self.head is not None:
            wanted = self.head.reads_vectors
            beside = self.head.scores(texts, vectors.of_texts(texts, part_of(progress, turn, 1.0)) if wanted else None)
        return Joined(np.array([self.card.weights]), np.array([self.card.bias])).odds([beside, graded])[:, 0]

    def _check_language(self, texts: Sequence[str]) -> None:
        from tokenizers import Tokenizer

        try:
            tokens = Tokenizer.from_file(str(self.card.folder / "tokenizer.json"))
        except Exception as error:  # the library raises bare ones
            raise _refused(self.card, "its tokenizer cannot be read") from error
        nothing = tokens.token_to_id("[UNK]")
        ids = [each for found in tokens.encode_batch(texts[:LOOKED_AT]) for each in found.ids]
        unknown = float(np.mean(np.asarray(ids) == nothing)) if ids and nothing is not None else 0.0
        if unknown > UNKNOWN:
            raise ModelError(
                f"what “{self.card.name}” taught does not know {unknown:.0%} of what these reviews are written in",
                allowed=f"at most {UNKNOWN:.0%}",
                remedy="read the file in another way",
            )


def side_of(odds: Doubles) -> Doubles:
    """(n, 1) how far on the good side: of stars the mean of "more than 2" and "more than 3"."""
    return odds if odds.shape[1] == 1 else odds[:, 1:3].mean(axis=1, keepdims=True)


def judged(
    card: Card,
    texts: Sequence[str],
    stars: Doubles,
    items: Sequence[object],
    times: npt.NDArray[np.datetime64],
    other: Transferred | Head,
    progress: Progress = silent,
) -> Read:
    """The reviews as `judging.judged` reads them quickly, the moods of whole reviews by the reader of a card.

    Sentences are judged by the head beside it alone. On last sentences of reviews of clothes, the stars taken as
    their truth, other shops' sentences reach a balanced accuracy of 0.686, carefully 0.716, the head 0.791, and
    with the encoder 0.801, which would take longer than the reviews do. Of what it was not taught by, it is plain
    and wrong all the same: "the delivery was quick" is a complaint of whoever knows clothes. So a sentence is sure
    only where other shops' sentences say its side too. Raises ModelError where a reader is damaged or does not read
    the language.
    """
    loading, *rest = card.parts(texts)
    whole = loading + sum(rest) + judging.seconds(texts, stars)
    loaded, done = loading / whole, (loading + sum(rest)) / whole
    reader = Reader.load(card)
    moods = reader.moods(texts, part_of(progress, loaded, done))
    knows = other if reader.head is None else reader.head
    witness = None if reader.head is None else other
    read, by_stars = judging.judged(texts, stars, items, times, knows, part_of(progress, done, 1.0), witness=witness)
    return reread(read, moods, by_stars)


def reread(read: Read, moods: Doubles, by_stars: bool) -> Read:
    """Reviews that were read quickly, with these moods (n,) of the whole reviews; what their sentences say stays.

    `by_stars`: a mood becomes what it is worth in the reviews' own stars, as theirs were. Words stand against stars
    where what read them quickly and this reader put them on the same side.
    """
    said = np.isfinite(read.mood) & np.isfinite(moods)
    told = np.where(said, moods, 0.0)
    mood = weighing.as_stars(told, np.where(said, read.stars, np.nan)) if by_stars else told
    verdict = np.where(said & (np.sign(told) == np.sign(read.verdict)), told, 0.0)
    return replace(read, mood=np.where(said, mood, np.nan), verdict=verdict)


def _number(said: Any, least: float = 0.0) -> float:
    value = float(said)
    if not math.isfinite(value) or value < least:
        raise ValueError("no such number")
    return value


def _refused(card: Card, why: str) -> ModelError:
    return ModelError(f"what “{card.name}” taught cannot be read: {why}", remedy=AGAIN)
