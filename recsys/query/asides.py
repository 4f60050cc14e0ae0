"""What the words beside a product's name say of it: "keto" is a claim, "super bowl" an occasion, "lysol" a name.

Only a claim can be wanting on a label; an occasion colours the order; a name that no product bears is not carried. What
words are is learned at preparation from lists of each role, as a linear discriminant (Fisher, "The use of multiple
measurements in taxonomic problems", 1936) over the word vectors, and kept word by word: what a phrase is, is the mean
of its words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from recsys.query.label_words import LabelWords
from recsys.query.word_vectors import WordVectors
from recsys.query.wording import Arrays, WordList, content_words, load_arrays, save_arrays, words_of
from recsys.schema import Floats

CLAIM: Final = "claim"
NAME: Final = "name"
OCCASION: Final = "occasion"
THING: Final = "thing"
ROLES: Final = (CLAIM, NAME, OCCASION, THING)
SHRINKAGE: Final = 0.2  # of the covariance towards a sphere: the lists are short beside the vectors
NEAR_A_NAME: Final = 0.42  # the cosine with the nearest make of the list: "paleo" is no adjective of food, but no make
CLEAR: Final = 2.5  # log odds: halal, paleo and ketogenic stand at 0.2 to 1.8, glue, kimchi and ceviche at 2.2 to 5.6
EVERYDAY: Final = 1_000  # uses in film subtitles: "puppy" has 10,774, "suave" 627, "nestle" 248
_WORD: Final = re.compile(r"[a-z]{2,}")
_ADJECTIVE: Final = re.compile(
    r"[a-z]+(?:ic|ical|ial|al|able|ible|ian|arian|ive|ous|ful|less|free|friendly|ed|(?<!f)ish)"
)
_LETTERS: Final = re.compile(r"[a-z]+")


class Asides:
    """A table of words and what each speaks for; nothing in it changes, any thread may ask.

    Arrays: `aside_`, the words; `role` float16 (n, 4), how much each speaks for each of ROLES; `begin` float16 (4),
    what each has before any word; `near` float16 (n), how near each is to a make: the cosine with the nearest one.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self._words = WordList(arrays, "aside_")

    @classmethod
    def of(
        cls, spaces: Sequence[WordVectors], labels: LabelWords, occasions: Collection[str], english: Mapping[str, int]
    ) -> Asides:
        """From two spaces of words and lists of what plays each role; without them, the table is empty.

        `english` says how often words are used: what is said every day is no name, unless it is one in the list.
        """
        lists = {CLAIM: labels.qualifiers, NAME: labels.makes, OCCASION: sorted(occasions), THING: labels.foods}
        if len(spaces) < 2 or not all(lists.values()):
            return cls(_table([], *(np.zeros(shape, np.float32) for shape in ((0, len(ROLES)), len(ROLES), 0))))
        weights, begin = _discriminant(lists, spaces)
        words = sorted((word for word in spaces[0].row if _WORD.fullmatch(word)), key=str.encode)
        vectors = np.hstack([_rows(space, words) for space in spaces])  # (n, d1 + d2)
        single = [word for make in labels.makes for word in content_words(make)]
        makes = _rows(spaces[0], single)
        near = (_rows(spaces[0], words) @ makes.T).max(axis=1, initial=0.0)
        near[[english.get(word, 0) > EVERYDAY for word in words]] = 0.0
        near[np.isin(words, list(labels.proper))] = 1.0
        return cls(_table(words, vectors @ weights, begin, near))

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own."""
        save_arrays(self.arrays, folder)

    @classmethod
    def load(cls, folder: Path) -> Asides:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        return cls(load_arrays(folder))

    def __len__(self) -> int:
        return len(self._words)

    def role(self, phrase: str, *, new: bool = True) -> str:
        """CLAIM, NAME or OCCASION of words beside a thing; what nothing is known of is a claim: none is passed over.

        `new` says that no product holds any of its words, as of a name that is not carried.
        """
        return self._role(phrase, ROLES[:-1], new=new)

    def alone(self, phrase: str, *, clear: float = CLEAR) -> str:
        """The same of words that are all there is, and that no product holds: they may be a THING, too.

        A thing is told by so much more than a claim, as log odds: whoever asks for a claim is to hear of it.
        """
        adjective = any(map(_ADJECTIVE.fullmatch, words_of(phrase)))
        return self._role(phrase, ROLES[:-1] if adjective else ROLES, new=True, clear=clear)

    def _role(self, phrase: str, roles: Sequence[str], *, new: bool, clear: float = 0.0) -> str:
        words = _telling(phrase)
        found = [at for at in map(self._words.find, words) if at >= 0]
        if not len(self._words) or not words:
            return CLAIM
        if not found:
            return NAME if new and self._unheard(words) else CLAIM
        said = self.arrays["begin"] + self.arrays["role"][found].astype(np.float32).sum(axis=0) / np.sqrt(len(words))
        if not (new and self._may_name(words, found)):
            said[ROLES.index(NAME)] = -np.inf
        said[ROLES.index(THING)] -= clear
        return roles[int(said[: len(roles)].argmax())]

    def _may_name(self, words: Sequence[str], found: Sequence[int]) -> bool:
        return self._unheard(words) and float(self.arrays["near"][found].max()) >= NEAR_A_NAME

    @staticmethod
    def _unheard(words: Sequence[str]) -> bool:
        """Whether the words look like a name's: letters alone, and no adjective by its ending."""
        return all(map(_LETTERS.fullmatch, words)) and not any(map(_ADJECTIVE.fullmatch, words))


def _telling(phrase: str) -> list[str]:
    """The words of a phrase that carry meaning, all of them where none does."""
    return content_words(phrase) or words_of(phrase)


def _rows(space: WordVectors, words: Sequence[str]) -> Floats:
    """The vectors of words, (n, d), zeros for those that the space has not."""
    at = np.array([space.find(word) for word in words], np.int64)
    found = space.vectors[np.maximum(at, 0)]
    return np.where((at >= 0)[:, None], found, np.float32(0.0)).astype(np.float32)


def _mean(phrase: str, spaces: Sequence[WordVectors]) -> Floats:
    words = _telling(phrase)
    total: Floats = np.concatenate([_rows(space, words).sum(axis=0) for space in spaces])
    return total / np.float32(len(words) ** 0.5)


def _discriminant(lists: Mapping[str, Sequence[str]], spaces: Sequence[WordVectors]) -> tuple[Floats, Floats]:
    """Linear discriminants of the roles, each as likely beforehand: weights (d, 4) and what each begins with (4)."""
    groups = [np.stack([_mean(phrase, spaces) for phrase in lists[role]]) for role in ROLES]
    means = np.stack([group.mean(axis=0) for group in groups])  # (4, d)
    within = np.concatenate([group - mean for group, mean in zip(groups, means, strict=True)])
    covariance = within.T @ within / len(within)
    sphere = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * sphere
    weights = np.linalg.solve(covariance, means.T)  # (d, 4)
    return weights.astype(np.float32), (-0.5 * np.sum(means.T * weights, axis=0)).astype(np.float32)


def _table(words: Sequence[str], roles: Floats, begin: Floats, near: Floats) -> Arrays:
    return {
        **WordList.arrays(words, "aside_"),
        "role": np.asarray(roles, np.float16),
        "begin": np.asarray(begin, np.float16),
        "near": np.asarray(near, np.float16),
    }
