"""A learned ranker over the candidates of all recommenders: what each says, weighed by what was really taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError, ModelError
from recsys.progress import Progress, silent
from recsys.ranking.blend.choosing import Choice, Ranker, choose, learned
from recsys.ranking.blend.describing import Describer, families_for
from recsys.ranking.blend.earlier import earlier_visits
from recsys.ranking.blend.examples import Examples, joined
from recsys.ranking.blend.explaining import Best, best_of_chunks, named_parts, placed
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.keeping import load, save
from recsys.ranking.blend.settings import BlendSettings
from recsys.ranking.blend.table import START, Choices, FeatureTable
from recsys.ranking.weighted_parts import Parts, on_grain
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.schema import Floats, Rows

BEYOND: Final = "Beyond the candidates"
"""The part of an item that no recommender proposes: its place in the order of the fallback."""

THINNED: Final = 150  # candidates of an earlier visit that are kept to learn from: memory, a third of all


class Blend:
    """Candidates of all recommenders, described by many features, ordered by a learned ranker.

    `fit` fits the recommenders and what features are made of, `learn` trains the ranker on visits whose outcome is
    known and that `fit` has not seen. A later `fit` on more data keeps the ranker. Before `learn` it ranks as its first
    recommender. A two-stage recommender as in Covington et al., "Deep neural networks for YouTube recommendations",
    RecSys 2016.

    `bases` are recommenders by name. With `refit_bases=False` they are taken as they are, fitted by the caller.
    """

    name = "blend"
    label = "Everything together (learned blend)"

    def __init__(
        self, bases: Mapping[str, Recommender], settings: BlendSettings | None = None, *, refit_bases: bool = True
    ) -> None:
        if not bases:
            raise ModelError("the blend got no recommenders", allowed="at least one", remedy="give it one by name")
        self.bases = dict(bases)
        self.blending = settings or BlendSettings()
        self.refit_bases = refit_bases
        self.families: list[Family] = []
        self.ranker: Ranker | None = None
        self.choice: Choice | None = None
        self.kept: tuple[str, ...] = ()  # the names of the features that differ between candidates
        self.seen = True  # whether what was taken before is offered again
        self._training: tuple[Interactions, SideInformation] | None = None

    def with_bases(self, bases: Mapping[str, Recommender]) -> Blend:
        """The same blend over recommenders of the same names that the caller has fitted, on other data perhaps."""
        if list(bases) != list(self.bases):
            raise ModelError(
                f"the blend got {list(bases)}",
                allowed=f"{list(self.bases)}, in this order",
                remedy="give recommenders of the same names, or learn a new blend",
            )
        other = Blend(bases, self.blending, refit_bases=False)
        other.families, other.ranker, other.choice = self.families, self.ranker, self.choice
        other.kept, other.seen, other._training = self.kept, self.seen, self._training
        return other

    @property
    def report(self) -> dict[str, Any]:
        """What was chosen and the cross-validated nDCG@10 of everything tried; empty before `learn`."""
        return {} if self.choice is None else asdict(self.choice)

    def settings(self) -> dict[str, Any]:
        """The settings in force, as plain data."""
        return {**asdict(self.blending), "bases": {name: base.settings() for name, base in self.bases.items()}}

    def fit(self, training: Interactions, side: SideInformation, progress: Progress = silent) -> Self:
        """Fit the recommenders and the features; a ranker that was learned stays. Returns itself."""
        if self.refit_bases:
            for number, (name, base) in enumerate(self.bases.items()):
                progress(number, len(self.bases), f"fitting {name}")
                base.fit(training, side)
        self.families = [family.fit(training, side) for family in families_for(training, side)]
        self._training = training, side
        return self

    def learn(self, visits: Visits, relevant: sparse.csr_array, progress: Progress = silent) -> Self:
        """Choose and train the ranker on what was taken, `relevant` (b, n_items), at visits `fit` has not seen.

        Raises ModelError before `fit`, DataError when nothing that was taken is among the candidates.
        """
        if self._training is None:
            raise ModelError("the blend has not been fitted", remedy="call fit first")
        if relevant.shape != (len(visits), visits.histories.n_items):
            shape = (len(visits), visits.histories.n_items)
            raise DataError(
                f"outcomes of shape {relevant.shape} were given for {len(visits):,} visits",
                allowed=f"{shape}",
                remedy="give one row per visit",
            )
        rows = _some(len(visits), self.blending.most_visits, self.blending.choosing.seed)
        visits, relevant = visits.take(rows), sparse.csr_array(relevant[rows])
        self.seen = _share_repeated(visits, relevant) >= self.blending.repeats
        examples = self._examples(visits, relevant, progress)
        if not examples.taken.any():
            raise DataError(
                "nothing that was taken is among the candidates",
                allowed="at least one item",
                remedy="give more visits, or recommenders that know the items",
            )
        examples = self._without_idle(examples)
        plain = self._plain_columns()
        self.choice = choose(examples, plain, self.blending.choosing, progress)
        progress(0, 1, "learning to rank")
        self.ranker = learned(examples, self.choice, plain, self.blending.choosing)
        progress(1, 1, "learning to rank")
        return self

    def _plain_columns(self) -> dict[str, int]:
        """Where each recommender's own score stands among the kept columns."""
        return {name: self.kept.index(f"{name}: score") for name in self.bases if f"{name}: score" in self.kept}

    def _without_idle(self, examples: Examples) -> Examples:
        """The examples without the features that are the same for all candidates; notes the names of the others."""
        table = examples.table
        differ = table.values.min(axis=0) < table.values.max(axis=0)
        columns = self._describer().columns
        self.kept = tuple(column.name for column, kept in zip(columns, differ, strict=True) if kept)
        return replace(examples, table=FeatureTable(table.choices, np.ascontiguousarray(table.values[:, differ])))

    def _kept_columns(self) -> Rows:
        """Where the features the ranker knows stand among all. Raises ModelError when one of them is not there."""
        where = {column.name: place for place, column in enumerate(self._describer().columns)}
        missing = [name for name in self.kept if name not in where]
        if missing:
            raise ModelError(
                f"the ranker learned from {missing[0]!r}, and the data has no such feature",
                allowed="the same kind of data as at learning",
                remedy="call learn again",
            )
        return np.array([where[name] for name in self.kept], np.int32)

    def _describer(self) -> Describer:
        names = list(self.bases)
        per_base = {name: self.blending.first if name == names[0] else self.blending.others for name in names}
        return Describer(self.bases, self.families, per_base, self.seen)

    def _examples(self, visits: Visits, relevant: sparse.csr_array, progress: Progress) -> Examples:
        """The validation visits and, where that is set, earlier ones, described by what has seen none of them."""
        back = self._earlier_baskets()
        if not back or self._training is None:
            return _described(self._describer(), [(visits, relevant)], progress)
        training, side = self._training
        older = Blend(deepcopy(self.bases), self.blending).fit(training.before_last(back), side, progress)
        older.seen = self.seen
        shoppers = np.unique(visits.shoppers[visits.shoppers >= 0])
        rounds = [(visits, relevant), *earlier_visits(training, shoppers, back)]
        return _described(older._describer(), rounds, progress)

    def _earlier_baskets(self) -> int:
        assert self._training is not None
        training = self._training[0]
        if self.blending.earlier_baskets is not None:
            return self.blending.earlier_baskets
        return 1 if training.n_baskets.sum() < len(training.items) else 0

    def candidates(self, visits: Visits) -> tuple[Choices, Floats, Floats]:
        """The candidates of some visits, their features (m, f), and the first recommender's scores (b, n_items)."""
        describer = self._describer()
        scores = describer.scores(visits)
        choices = describer.propose(scores, visits)
        values = describer.features(scores, visits, choices)[:, self._kept_columns()]
        return choices, np.ascontiguousarray(values), scores[self._fallback()]

    def chunks(self, visits: Visits) -> list[Rows]:
        """The rows of the visits, in chunks whose scores fit into memory."""
        return self._describer().chunks(visits)

    def _fallback(self) -> str:
        """The recommender that orders what is no candidate: the best one alone, or the first before `learn`."""
        if self.choice is None:
            return next(iter(self.bases))
        alone = self.choice.ndcg
        return max(self.bases, key=lambda name: alone.get(f"{name} alone", 0.0))

    def score(self, visits: Visits) -> Floats:
        """(b, n_items): candidates in the order of the ranker, all other items below them as the fallback has them."""
        if self.ranker is None:
            return next(iter(self.bases.values())).score(visits)
        out = np.empty((len(visits), visits.histories.n_items), np.float32)
        for rows in self.chunks(visits):
            choices, values, fallback = self.candidates(visits.take(rows))
            out[rows] = placed(choices, on_grain(self.ranker.score(values).astype(np.float64)), fallback)
        return out

    def explain(self, visits: Visits, rows: Rows) -> Parts:
        """The named parts of the scores of some items, `rows` (b, k): part -> (b, k), whose sum is exactly the score.

        An item that is no candidate has one part, `BEYOND`. Raises ModelError before `learn`.
        """
        if self.ranker is None:
            raise ModelError("the blend has learned no ranker", remedy="call learn first")
        parts: Parts = {name: np.zeros(rows.shape) for name in self.part_names}
        for some in self.chunks(visits):
            self._explain_chunk(visits.take(some), rows[some], some, parts)
        return parts

    @property
    def part_names(self) -> list[str]:
        """The parts a score can have, in the order of the features."""
        return [*dict.fromkeys(self.part_of_column), START, BEYOND]

    @property
    def part_of_column(self) -> list[str]:
        """The part of the score to which each feature that the ranker knows counts."""
        columns = self._describer().columns
        return [columns[place].part for place in self._kept_columns()]

    def _explain_chunk(self, visits: Visits, rows: Rows, where: Rows, parts: Parts) -> None:
        assert self.ranker is not None
        choices, values, fallback = self.candidates(visits)
        scores = on_grain(self.ranker.score(values).astype(np.float64))
        every = placed(choices, scores, fallback)
        entry = np.full(every.shape, -1, np.int64)
        entry[choices.visit, choices.items] = np.arange(len(choices.items))
        asked = np.take_along_axis(entry, rows.astype(np.int64), axis=1)  # (b, k)
        found = asked >= 0
        of_visit, position = np.nonzero(found)
        entries = asked[found]
        for name, share in named_parts(self.ranker, values[entries], scores[entries], self.part_of_column).items():
            parts[name][where[of_visit], position] = share
        beyond = np.take_along_axis(every, rows.astype(np.int64), axis=1)
        parts[BEYOND][where] = np.where(found, 0.0, beyond)

    def best(self, visits: Visits, k: int) -> Iterator[tuple[Rows, Best]]:
        """(rows of visits, their k best candidates with the parts of each score), chunk by chunk.

        Raises ModelError before `learn`.
        """
        if self.ranker is None:
            raise ModelError("the blend has learned no ranker", remedy="call learn first")
        yield from best_of_chunks(self, visits, k)

    def save(self, folder: Path) -> None:
        """Write all that `load` needs to an empty folder."""
        save(self, folder)

    @classmethod
    def load(cls, folder: Path, others: Mapping[str, type[Recommender]] | None = None) -> Self:
        """The blend as it was saved; `others` are the classes of recommenders that the registry does not list, by name.

        Raises ArtifactError when the files are not what they should be.
        """
        return load(cls, folder, others or {})


def _share_repeated(visits: Visits, relevant: sparse.csr_array) -> float:
    """The share of what was taken that the shopper had taken before."""
    before = visits.histories.matrix()
    return float((before.multiply(relevant) > 0).sum() / max((relevant > 0).sum(), 1))


def _some(n: int, most: int, seed: int) -> Rows:
    """At most so many of the rows 0 .. n - 1, ascending."""
    return np.sort(np.random.default_rng(seed).permutation(n)[:most]).astype(np.int32)


def _described(describer: Describer, rounds: list[tuple[Visits, sparse.csr_array]], progress: Progress) -> Examples:
    """The rounds one below the other; the first is the one rankers are compared by, the others are thinned at once."""
    described = []
    for number, (visits, relevant) in enumerate(rounds):
        table = describer.describe(visits, progress)
        taken, n_relevant = table.choices.taken(relevant), np.diff(relevant.indptr).astype(np.int32)
        asked = np.full(len(visits), number == 0)
        strangers = -1 - np.arange(len(visits), dtype=np.int32)  # each of them is somebody else
        shoppers = np.where(visits.shoppers < 0, strangers, visits.shoppers).astype(np.int32)
        examples = Examples(table, taken, n_relevant, shoppers, asked)
        described.append(examples if number == 0 else examples.to_learn_from(THINNED, seed=number))
    return joined(described)
