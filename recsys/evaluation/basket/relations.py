"""Complements and substitutes of items, some of whose relations are hidden: found again, and told apart."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from recsys.errors import DataError
from recsys.evaluation.basket.judging import compared
from recsys.progress import Progress, silent
from recsys.scenarios.basket.together import Together
from recsys.scenarios.basket.vectors import basket_vectors
from recsys.scenarios.basket.weighing import choice, fitted
from recsys.schema import Floats, Mask, Rows

META, BOUGHT = "item_meta.csv.gz", "train.csv.gz"
COLUMNS: Final = {
    META: ("item_id", "i_category", "r_complement", "r_substitute"),
    BOUGHT: ("user_id", "item_id", "time"),
}
COMPLEMENT, SUBSTITUTE = "complement", "substitute"
KINDS: Final = (COMPLEMENT, SUBSTITUTE)
FOLDS: Final = 5  # the relations of one part are hidden
COLD: Final = "cold"  # items that nobody is known to have bought
SELDOM: Final = 5  # purchases up to which an item counts as seldom bought
NEIGHBOURS: Final = 30  # items bought by the same people, whose known relations are carried over
LEARNED_FROM: Final = 600  # items of the validation
K: Final = 10
AUC, PRECISION = "auc", "precision"
LISTED, POPULAR, SAME_VISIT, SAME_PEOPLE, VECTORS, CATEGORY, CARRIED = (
    "listed", "popular", "same-visit", "same-people", "vectors", "category", "carried",
)  # fmt: skip
PARTS: Final = (LISTED, POPULAR, SAME_VISIT, SAME_PEOPLE, VECTORS, CATEGORY, CARRIED)
MIX: Final = "mix"
BASELINES: Final = (LISTED, POPULAR, SAME_VISIT, SAME_PEOPLE)
LABELS: Final = {
    MIX: "All of it together",
    LISTED: "How often an item is listed as one",
    POPULAR: "Bestsellers",
    SAME_VISIT: "Bought on one day (shrunken lift)",
    SAME_PEOPLE: "Bought by the same people (cosine)",
    VECTORS: "Vectors learned from what people buy",
    CATEGORY: "Same category",
    CARRIED: "Known relations of items bought by the same people",
}


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """Items, who bought them on which day, and which are related."""

    name: str
    categories: Rows  # (n,)
    users: Rows  # (m,) of each purchase
    items: Rows  # (m,)
    days: Rows  # (m,)
    of_kind: dict[str, sparse.csr_array]  # (n, n) 1 where the row's item lists the column's

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.categories)


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """What purchases alone say of items."""

    popular: Floats  # (n,)
    visits: sparse.csr_array  # (n, n) evidence of one day
    people: sparse.csr_array  # (n, n) cosine of who bought them
    vectors: Floats  # (n, d)


def read(folder: Path) -> Related:
    """Items with relations (item_meta.csv.gz) and purchases (train.csv.gz), tab-separated, as ReChorus writes them.

    Raises DataError naming what is wrong.
    """
    meta, bought = (_table(folder / name, COLUMNS[name]) for name in (META, BOUGHT))
    place = {int(item): row for row, item in enumerate(meta["item_id"].tolist())}
    of_kind = {kind: _relations(meta[f"r_{kind}"], place, kind) for kind in KINDS}
    items = bought["item_id"].map(place)
    kept = items.notna().to_numpy()
    return Related(
        folder.name,
        np.asarray(pd.factorize(meta["i_category"])[0], np.int32),
        np.asarray(pd.factorize(bought["user_id"][kept])[0], np.int32),
        np.asarray(items[kept].to_numpy(), np.int32),
        np.asarray((bought["time"][kept] // 86_400).to_numpy(), np.int32),
        of_kind,
    )


def _table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, sep="\t", usecols=list(columns), compression="gzip")
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise DataError(
            f"{path.name} cannot be read: {str(error)[:120]}",
            allowed=f"a packed table with the columns {', '.join(columns)}, tabs between",
            remedy="give the folder that holds it",
        ) from error
    if not len(table):
        raise DataError(f"{path.name} has no rows", allowed="one at least", remedy="give a whole file")
    return table


def _relations(lists: pd.Series, place: dict[int, int], kind: str) -> sparse.csr_array:
    rows, columns = list[int](), list[int]()
    for row, text in enumerate(lists.astype(str).tolist()):
        try:
            listed = json.loads(text)
            found = sorted({place[int(each)] for each in listed if int(each) in place} - {row})
        except (ValueError, TypeError) as error:
            raise DataError(
                f"r_{kind} of row {row + 1:,} is no list of items: {text[:40]!r}",
                allowed="[12, 34]",
                remedy="put the row right",
            ) from error
        rows += [row] * len(found)
        columns += found
    n = len(lists)
    return sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(n, n))


def evaluated(
    data: Related, seed: int = 0, progress_of: Callable[[str], Progress] = lambda label: silent
) -> dict[str, Any]:
    """The report, as plain data: AUC and precision@10 of each kind of relation, and how well kinds are told apart."""
    rng = np.random.default_rng(seed)
    part = rng.permutation(data.n_items) % FOLDS  # 0: hidden at the test, 1: hidden to choose by
    test, chosen_by = part == 0, part == 1
    unbought = (test | chosen_by) & (rng.random(data.n_items) < 1 / 2)  # of these nobody bought anything, either
    cold = test & unbought
    behaviour = _behaviour(data, ~unbought)
    bought = np.bincount(data.items, minlength=data.n_items)
    groups = {
        "all": test & ~cold,
        "seldom bought": test & ~cold & (bought <= SELDOM),
        COLD: cold,
    }
    weights: dict[str, dict[str, float]] = {}
    lines: list[dict[str, Any]] = []
    apart: dict[str, Floats] = {}
    progress = progress_of("Relations")
    for number, kind in enumerate(KINDS):
        progress(number, len(KINDS), f"{kind}s")
        known = _known(data.of_kind[kind], test | chosen_by)
        for name, some in ((kind, chosen_by & ~unbought), (f"{kind}, {COLD}", chosen_by & unbought)):
            asked = rng.permutation(np.flatnonzero(some))[:LEARNED_FROM].astype(np.int32)
            weights[name] = _weights(data, behaviour, known, kind, asked, test, rng)
        known = _known(data.of_kind[kind], test)
        for group, inside in groups.items():
            rows = np.flatnonzero(inside & (data.of_kind[kind].sum(axis=1) > 0)).astype(np.int32)
            scores = _parts(data, behaviour, known, rows)
            mine = weights[f"{kind}, {COLD}" if group == COLD else kind]
            scores = {MIX: _summed(scores, mine)} | scores
            truth = data.of_kind[kind][rows].toarray() > 0
            values = {name: _values(each, truth, rows) for name, each in scores.items()}
            lines += [
                line | {"group": f"{kind}, {group}"} for line in compared(values, LABELS, BASELINES, by=PRECISION)
            ]
        apart[kind] = _whole(data, behaviour, known, weights[kind], np.flatnonzero(groups["all"]).astype(np.int32))
    progress(len(KINDS), len(KINDS), "")
    return {
        "dataset": data.name,
        "source": {
            "files": [META, BOUGHT],
            "items": data.n_items,
            "purchases": len(data.items),
            **{f"{kind}s": data.of_kind[kind].nnz for kind in KINDS},
            "both": int(data.of_kind[COMPLEMENT].multiply(data.of_kind[SUBSTITUTE]).nnz),
        },
        "methods": lines,
        "told_apart": _told_apart(data, apart, np.flatnonzero(groups["all"])),
        "chosen": {"weights": weights},
        "protocol": _rules(groups, seed),
    }


def _known(relations: sparse.csr_array, hidden: Mask) -> sparse.csr_array:
    """The relations of which neither end is hidden."""
    seen = sparse.diags_array((~hidden).astype(np.float32))
    found = sparse.csr_array(seen @ relations @ seen)
    found.eliminate_zeros()
    return found


def _behaviour(data: Related, there: Mask) -> Behaviour:
    """What the purchases of the items that are `there` say; of the others nobody bought anything."""
    keep = there[data.items]
    users, items, days = data.users[keep], data.items[keep], data.days[keep]
    n = data.n_items
    visit = pd.factorize(users.astype(np.int64) * 1_000_000 + days)[0]
    visits, people = _ones(visit, items, n), _ones(users, items, n)
    shared = sparse.csr_array(people.T @ people)
    shared.setdiag(0)
    shared.eliminate_zeros()
    each = np.asarray(people.sum(axis=0)).ravel()
    inverse = sparse.diags_array(1 / np.sqrt(np.maximum(each, 1) + 1))  # one more each: a single buyer says little
    return Behaviour(
        np.log1p(each).astype(np.float32),
        Together.counted(visits, least=1).evidence(),
        sparse.csr_array(inverse @ shared @ inverse).astype(np.float32),
        basket_vectors(Together.counted(people, least=1)),
    )


def _ones(rows: npt.NDArray[Any], columns: Rows, n: int) -> sparse.csr_array:
    found = sparse.csr_array(
        (np.ones(len(rows), np.float32), (rows, columns)), shape=(int(rows.max(initial=-1)) + 1, n)
    )
    found.sum_duplicates()
    found.data[:] = 1.0
    return found


def _parts(data: Related, behaviour: Behaviour, known: sparse.csr_array, rows: Rows) -> dict[str, Floats]:
    """Name of PARTS -> (r, n): what each says of all items for these rows."""
    n = data.n_items
    either = sparse.csr_array(known + known.T)
    either.data[:] = 1.0
    near = _nearest(behaviour.people[rows])
    carried = sparse.csr_array(near @ either).toarray()
    listed = np.log1p(np.asarray(known.sum(axis=0)).ravel()).astype(np.float32)
    return {
        LISTED: np.broadcast_to(listed, (len(rows), n)),
        POPULAR: np.broadcast_to(behaviour.popular, (len(rows), n)),
        SAME_VISIT: behaviour.visits[rows].toarray().astype(np.float32),
        SAME_PEOPLE: behaviour.people[rows].toarray().astype(np.float32),
        VECTORS: np.maximum(behaviour.vectors[rows] @ behaviour.vectors.T, 0).astype(np.float32),
        CATEGORY: (data.categories[rows][:, None] == data.categories[None]).astype(np.float32),
        CARRIED: np.log1p(carried).astype(np.float32),
    }


def _nearest(people: sparse.csr_array) -> sparse.csr_array:
    """The NEIGHBOURS largest of each row, as shares of their sum."""
    rows, columns, values = list[int](), list[int](), list[float]()
    for row in range(people.shape[0]):
        some = slice(people.indptr[row], people.indptr[row + 1])
        mine, where = people.data[some], people.indices[some]
        best = np.argsort(-mine, kind="stable")[:NEIGHBOURS]
        rows += [row] * len(best)
        columns += where[best].tolist()
        values += mine[best].tolist()
    return sparse.csr_array((np.array(values, np.float32), (rows, columns)), shape=people.shape)


def _weights(
    data: Related,
    behaviour: Behaviour,
    known: sparse.csr_array,
    kind: str,
    asked: Rows,
    test: Mask,
    rng: np.random.Generator,
) -> dict[str, float]:
    """By a conditional logit: a related item against others, none of them of the test."""
    scores = _parts(data, behaviour, known, asked)
    truth = data.of_kind[kind][asked].toarray() > 0
    some = []
    for place, row in enumerate(asked.tolist()):
        open_to = ~test
        open_to[row] = False
        related = np.flatnonzero(truth[place] & open_to)
        if len(related):
            some.append(choice([scores[name][place] for name in PARTS], related, open_to, rng))
    if not some:
        return dict.fromkeys(PARTS, 1.0)
    return {name: float(f"{weight:.4g}") for name, weight in zip(PARTS, fitted(some), strict=True)}


def _values(scores: Floats, truth: npt.NDArray[np.bool_], rows: Rows) -> pd.DataFrame:
    """(r, 2) AUC (ties count half) and precision@10 (ties by row) of each item's list over all others."""
    found = []
    for mine, related, row in zip(scores, truth, rows.tolist(), strict=True):
        others = np.arange(len(mine)) != row
        score, hit = mine[others], related[others]
        best = np.lexsort((np.arange(len(score)), -score))[:K]
        found.append((_auc(score, hit), float(hit[best].mean())))
    return pd.DataFrame(found, columns=[AUC, PRECISION])


def _auc(score: Floats, hit: npt.NDArray[np.bool_]) -> float:
    """The share of pairs of a related and an unrelated one in which the related one stands above."""
    _, group, sizes = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    r = int(hit.sum())
    return float((rank[hit].sum() - r * (r + 1) / 2) / (r * (len(hit) - r)))


def _whole(
    data: Related, behaviour: Behaviour, known: sparse.csr_array, weights: dict[str, float], rows: Rows
) -> Floats:
    scores = _parts(data, behaviour, known, rows)
    return _summed(scores, weights)


def _summed(scores: dict[str, Floats], weights: dict[str, float]) -> Floats:
    return np.asarray(sum(np.float32(weights[name]) * scores[name] for name in PARTS), np.float32)


def _told_apart(data: Related, apart: dict[str, Floats], rows: npt.NDArray[np.intp]) -> dict[str, Any]:
    """Of pairs that are one thing alone, how surely the difference of both scores says which."""
    one, other = (data.of_kind[kind][rows].toarray() > 0 for kind in KINDS)
    scores = [apart[kind] for kind in KINDS]
    places = [
        np.argsort(np.argsort(each, axis=1, kind="stable"), axis=1, kind="stable") / each.shape[1] for each in scores
    ]
    difference = places[0] - places[1]
    alone = one ^ other
    found = _auc(difference[alone].astype(np.float32), one[alone])
    return {"auc": round(found, 4), "complements": int((one & ~other).sum()), "substitutes": int((other & ~one).sum())}


def _rules(groups: dict[str, Mask], seed: int) -> dict[str, str]:
    return {
        "split": f"a fifth of the items by seed {seed}: all their relations are hidden, theirs and those of others to "
        "them; weights are learned on another fifth, hidden alike (for cold items on cold ones "
        "of it), and then its relations are known",
        "cold": "of half of the hidden items all purchases are hidden too, so that their category alone is known; "
        + "; ".join(f"{name}: {int(inside.sum()):,} items" for name, inside in groups.items())
        + f"; seldom bought: {SELDOM} purchases at most",
        "truth": "what the item's own list names",
        "candidates": "full ranking: all other items",
        "figures": f"means over items with a relation: AUC, ties half; precision@{K}, ties by row",
        "together": "parts weighed by a conditional logit for each kind: " + ", ".join(PARTS),
        "told apart": "AUC over pairs that are one kind alone: difference of the places in both lists",
        "interval": "95 %: percentile bootstrap over items; change: of precision@10, in per cent of the best simple "
        "way of this very test; p: paired randomisation test, not corrected",
    }
