"""What a picture that somebody brings shows: its vector in the space of the products, and what those near it are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.encoders.unit_rows import unit_rows
from recsys.engine.one_space import OneSpace
from recsys.files.pictures import ENDINGS as ENDINGS
from recsys.files.pictures import MAX_MB as MAX_MB
from recsys.files.pictures import jpeg, read_picture, squared
from recsys.retrieval.contract import Signals
from recsys.retrieval.looks import LooksRetriever
from recsys.schema import Candidates, Floats, Looks, Rows

if TYPE_CHECKING:
    from recsys.encoders.pictures.encoder import PictureEncoder
    from recsys.encoders.pictures.things import Things

THREADS: Final = 2  # of the processor, for one picture: more wait for each other
NEIGHBOURS: Final = 15  # products whose kind and colour are what the picture is said to show
ALIKE: Final = 0.8  # cosine of the nearest from which it is said what the picture shows: of 1,000 photographs of things
# that the demo store has too, three of four were named right from there on, and one of four from .7 to .8
NAMED: Final = 0.3  # of such a picture is what the network takes it for by name; from .3 to .5 makes no difference
THINGS: Final = "things"  # the artefact of these names
AGREED: Final = 0.5  # of the neighbours' weight: less is not said
SEEN_ATTRIBUTES: Final = ("colour", "color", "material", "pattern")  # attributes that are seen, as shops call them
ENOUGH: Final = 512  # pixels a side, for the encoder: a photo of 12 million is unpacked four times as fast
THUMBNAIL: Final = 128  # pixels a side


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture looked at. The picture itself is in it as a small copy alone."""

    looks: Looks
    sentence: str  # what it shows, as far as products near it agree
    notes: tuple[str, ...]  # what was left out of the file, or turned into something else
    thumbnail: bytes  # JPEG


class Looking:
    """Looks at pictures; any thread may ask. The encoder is opened at the first one."""

    def __init__(
        self,
        folder: Callable[[str], Path],
        space: OneSpace,
        retriever: LooksRetriever,
        items: pd.DataFrame,
        attributes: Callable[[], pd.DataFrame | None],
        named: bool = False,
    ) -> None:
        """`named` is whether it is written down what the network calls things."""
        self._folder, self._space, self._retriever = folder, space, retriever
        self._categories = items[s.CATEGORY].astype(str).to_numpy() if s.CATEGORY in items else None
        self._load_attributes, self._is_named = attributes, named

    @cached_property
    def _encoder(self) -> PictureEncoder:
        from recsys.encoders.pictures.encoder import PictureEncoder

        return PictureEncoder.load(self._folder("picture_encoder"), THREADS)

    @cached_property
    def _things(self) -> Things | None:
        from recsys.encoders.pictures.things import Things

        things = Things.load(self._folder(THINGS)) if self._is_named else None
        return things or None  # a network that somebody brought knows none

    @property
    def pictures(self) -> Floats:
        """(n_items, d) the products' pictures in the space, 0 where there is none."""
        return self._retriever.vectors

    @cached_property
    def _attributes(self) -> pd.DataFrame | None:
        table = self._load_attributes()
        return None if table is None else _wide(table)

    def look(self, data: bytes) -> Seen:
        """Decode and encode a picture. Raises DataError for what is none."""
        picture = read_picture(data, "the file", ENOUGH)
        features = self._encoder.encode([picture.pixels])  # (1, d)
        vector = self._space.fusion.encode(picture=features, query=True)[0]
        near, called = self._near(vector), None
        if not (alike := _alike(near.scores)) and self._things is not None:
            vector, called = self._by_name(self._things, features, vector)
            near = self._near(vector)
        looks = Looks(vector=tuple(float(each) for each in vector))
        said = self._said(near.rows, near.scores, alike, called)
        return Seen(looks, said, picture.notes, jpeg(squared(picture.pixels, THUMBNAIL)))

    def _near(self, vector: Floats) -> Candidates:
        return self._retriever.retrieve(Signals(looks=np.asarray(vector, np.float32)), NEIGHBOURS)

    def _by_name(self, things: Things, features: Floats, vector: Floats) -> tuple[Floats, str]:
        """((d,) the place of a picture unlike any here: drawn towards what it is called, that name, "" if unsure)."""
        likely = things.likely(features)[0]
        called = self._space.fusion.encode(text=things.words(features), query=True)[0]
        mixed: Floats = unit_rows((NAMED * called + (1 - NAMED) * vector)[None])[0]
        return mixed, things.names[int(likely.argmax())] if likely.max() >= AGREED else ""

    def _said(self, rows: Rows, scores: Floats, alike: bool, called: str | None = None) -> str:
        """What most of the products near it are, nearer ones counting more: "It shows: evening dress, red".

        `alike` is whether any is near enough to say a kind; `called` what the network calls it, "" where it is unsure,
        None where it was not asked.
        """
        votes = np.maximum(scores - 0.9 * scores.min(), 1e-6) if len(scores) else scores
        agreed = [self._most(self._categories[rows], votes)] if self._categories is not None and alike else []
        if self._attributes is not None:
            agreed += [self._most(self._values(name, rows), votes) for name in SEEN_ATTRIBUTES]
        said = [value for value in dict.fromkeys(agreed) if value]
        if not alike:
            named = {None: "", "": "; what such photographs are called counts too"}.get(
                called, f"; what it may be called counts too: {called}"
            )
            nearest = f" The nearest are: {', '.join(said)}." if said else ""
            return f"Nothing here looks much like it{named}.{nearest}"
        return f"It shows, as the products nearest to it: {', '.join(said)}." if said else ""

    def _values(self, attribute: str, rows: Rows) -> npt.NDArray[np.object_]:
        """The value of an attribute of each row, "" where it has none."""
        of = self._attributes
        if of is None or attribute not in of:
            return np.full(len(rows), "", dtype=object)
        return np.asarray(of[attribute].reindex(rows).fillna("").to_numpy(dtype=object))

    @staticmethod
    def _most(values: npt.NDArray[np.object_], votes: Floats) -> str:
        """The value that has at least AGREED of the votes, "" where none has."""
        if not len(values):
            return ""
        counted = pd.Series(votes).groupby(pd.Series(values)).sum()
        best = str(counted.idxmax())
        return best.lower() if best and counted.max() >= AGREED * votes.sum() else ""


def _alike(scores: Floats) -> bool:
    """Whether the nearest is near enough to say what a picture shows."""
    return len(scores) > 0 and float(scores.max()) >= ALIKE


def _wide(attributes: pd.DataFrame) -> pd.DataFrame:
    """A row per item row and a column per attribute that can be seen; of several values the first."""
    seen = attributes[attributes[s.ATTRIBUTE].isin(SEEN_ATTRIBUTES)]
    return seen.pivot_table(index=s.ITEM, columns=s.ATTRIBUTE, values=s.VALUE, aggfunc="first")
