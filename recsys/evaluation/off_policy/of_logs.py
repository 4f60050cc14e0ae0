"""`python -m recsys evaluate off-policy --logs`: what other policies would have earned, from each log of a folder.

Where a folder holds logs of several policies in the same place, each is judged from each other's log, and what it
truly had stands beside. A log on its own is asked what showing every product equally often would have earned, and the
policy of its own column of target propensities, where it has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np

from recsys.evaluation.off_policy import diagnostics
from recsys.evaluation.off_policy.data import Chances, Doubles, Log, Rows
from recsys.evaluation.off_policy.estimators import (
    ESTIMATORS,
    Model,
    above,
    direct,
    doubly_robust,
    ips,
    place_weights,
    snips,
    switch,
    threshold_by_bound,
)
from recsys.evaluation.off_policy.intervals import Interval, by_session, share_interval, students_t
from recsys.evaluation.off_policy.logs import Impressions, read_logs, refuse_few
from recsys.evaluation.off_policy.reward_model import FOLDS
from recsys.progress import Progress, silent

RESAMPLES: Final = 500
EXACT: Final = 1e-6  # by which propensities of one product at one place may differ and still be one number
PENALTIES: Final = tuple(float(each) for each in np.logspace(0, 5, 11))  # of the ridge regression, chosen by itself
NAMES: Final = ("logged", "dm", "iips", "sniips", "dr", "switch")
# of a log whose own policy changed on the way: weights by its mean chances, as if it had drawn all of it by these
BY_MEAN: Final = {"iips_mean": "IPS by place, mean chances", "dr_mean": "Doubly robust by place, mean chances"}
LABELS: Final = {name: ESTIMATORS[name].label for name in NAMES} | BY_MEAN
UNIFORM: Final = "every product equally often"
OWN: Final = "its column of target propensities"


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Logs of policies in one place, over one list of products and positions."""

    name: str
    policies: tuple[str, ...]
    logs: tuple[Impressions, ...]
    items: dict[str, int]
    positions: dict[int, int]

    def cells(self, log: Impressions) -> tuple[Rows, Rows]:
        """(product, position) of each row, as numbers from 0."""
        items = np.array([self.items[each] for each in log.items], np.int64)
        return items, np.array([self.positions[each] for each in log.positions.tolist()], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    """A policy to be judged: the chance of each product at each position, and how that is known."""

    name: str
    known: str
    table: Doubles  # (items, positions)
    log: Impressions | None = None  # its own, with what it had
    cells: tuple[Rows, Rows] | None = None  # of that log, where the table was counted from it

    def resampled(self, rng: np.random.Generator) -> tuple[Doubles, float]:
        """(the table, what it had) of its own log drawn anew; the table stays where it was not counted."""
        if self.log is None:
            return self.table, float("nan")
        times = _times(self.log.sessions, rng)
        had = float((times * self.log.rewards).sum() / times.sum())
        return (self.table if self.cells is None else _shares(*self.cells, self.table.shape, times)), had


def of_logs(path: Path, seed: int, progress_of: Callable[[str], Progress] = lambda label: silent) -> dict[str, Any]:
    """The report on the logs of a file or folder, as plain data. Raises DataError for logs that cannot be used."""
    logs, notes = read_logs(path)
    for log in logs:
        refuse_few(log)
    notes += [note for log in logs for note in log.notes]
    places = _places(logs)
    pairs = [
        (place, turn, target) for place in places for turn in range(len(place.logs)) for target in _targets(place, turn)
    ]
    progress, lines, health = progress_of("Logs"), list[dict[str, Any]](), list[dict[str, Any]]()
    for done, (place, turn, target) in enumerate(pairs):
        progress(done, len(pairs), f"{place.policies[turn]} of {place.name}")
        found, measured = _judged(place, turn, target, np.random.default_rng([seed, done]))
        about = {"place": place.name, "log": place.policies[turn], "target": target.name}
        lines += [about | line for line in found]
        health.append(about | {"known": target.known} | measured)
    progress(len(pairs), len(pairs), "")
    return {
        "dataset": "",
        "source": {"logs": len(logs), "rows": sum(len(log.items) for log in logs)},
        "logs": [_told(place, turn) for place in places for turn in range(len(place.logs))],
        "lines": lines,
        "health": health,
        "summary": list(_summary(lines)),
        "notes": notes,
        "protocol": _rules(seed),
    }


def _places(logs: Sequence[Impressions]) -> list[_Place]:
    """Logs of one file name in several folders are of one place, the folders its policies (bts/men/men.csv); where no
    name stands twice, the files of one folder are."""  # fmt: skip
    paths = [PurePosixPath(log.name) for log in logs]
    stems = [path.name.split(".")[0] for path in paths]
    by_name = len(set(stems)) < len(stems)
    groups: dict[str, list[tuple[str, Impressions]]] = {}
    for path, stem, log in zip(paths, stems, logs, strict=True):
        folder = "/".join(part for part in path.parent.parts if part != stem)
        place, policy = (stem, folder or stem) if by_name else (folder, stem)
        groups.setdefault(place, []).append((policy, log))
    return [_place(name, members) for name, members in groups.items()]


def _place(name: str, members: Sequence[tuple[str, Impressions]]) -> _Place:
    items: dict[str, int] = {}
    positions: dict[int, int] = {}
    for _, log in members:
        for item in log.items:
            items.setdefault(item, len(items))
        for position in log.positions.tolist():
            positions.setdefault(position, len(positions))
    return _Place(name or "all", tuple(p for p, _ in members), tuple(log for _, log in members), items, positions)


def _targets(place: _Place, turn: int) -> Iterator[_Target]:
    """What is judged from one log: every other policy of the place, else what a log alone can be asked."""
    shape = (len(place.items), len(place.positions))
    for other, log in enumerate(place.logs):
        if other != turn:
            yield _of_log(place.policies[other], log, place.cells(log), shape)
    if len(place.logs) == 1:
        yield _Target(UNIFORM, "by itself", np.full(shape, 1.0 / shape[0]))


def _of_log(name: str, log: Impressions, cells: tuple[Rows, Rows], shape: tuple[int, int]) -> _Target:
    """The chances of a policy by its own log, no reward looked at.

    Where it never changed they are its propensities. Else (Thompson sampling learns) its mean chance is the share of a
    position that the product had. A mean of logged propensities is none: it is taken over the times a product was
    shown, which are those with a large propensity.
    """
    if (fixed := _fixed(log, cells, shape)) is not None:
        return _Target(name, "its propensities, which never change", fixed, log)
    counted = _shares(*cells, shape, np.ones(len(log.items)))
    return _Target(name, "how often it showed each product at each position", counted, log, cells)


def _fixed(log: Impressions, cells: tuple[Rows, Rows], shape: tuple[int, int]) -> Doubles | None:
    """(items, positions) chances of a policy that never changed; None of any other.

    Its propensities are the same whenever it shows a product at a position, and sum to 1 over the products.
    """
    low, high = np.full(shape, np.inf), np.zeros(shape)
    np.minimum.at(low, cells, log.propensities)
    np.maximum.at(high, cells, log.propensities)
    seen = high > 0
    same = (high[seen] - low[seen] <= EXACT * high[seen]).all() and (np.abs(high.sum(axis=0) - 1.0) < EXACT).all()
    return high if same else None


def _shares(items: Rows, positions: Rows, shape: tuple[int, int], times: Doubles) -> Doubles:
    """Each product's share of each position, (items, positions)."""
    counts = np.bincount(items * shape[1] + positions, times, shape[0] * shape[1]).reshape(shape)
    total = counts.sum(axis=0, keepdims=True)
    return np.asarray(np.divide(counts, total, out=np.zeros(shape), where=total > 0))


@dataclass(frozen=True, slots=True, eq=False)
class _Expected:
    """What a ridge regression that has not seen a row expects: of each product, beside all else of the row."""

    product: Doubles  # (FOLDS, items)
    beside: Doubles  # (n,)
    fold: Rows  # (n,)

    def model(self, items: Rows, positions: Rows, table: Doubles) -> Model:
        """Of what was shown, and of the policy with that table of chances."""
        of_policy = (self.product @ table)[self.fold, positions] + self.beside * table.sum(axis=0)[positions]
        shown = self.product[self.fold, items] + self.beside
        return Model(shown[:, None], of_policy[:, None], of_policy[:, None])


def _expected(log: Impressions, items: Rows, positions: Rows, shape: tuple[int, int]) -> _Expected:
    """Cross-fitted by sessions, on product, position and context; the penalty by leave-one-out error."""
    from sklearn.linear_model import RidgeCV

    fold = log.sessions % FOLDS
    if len(np.unique(fold)) < FOLDS:  # one session alone
        fold = np.arange(len(items)) % FOLDS
    beside = np.concatenate([np.eye(shape[1])[positions], log.context], axis=1)
    product, rest = np.zeros((FOLDS, shape[0])), np.zeros(len(items))
    rows = np.concatenate([np.eye(shape[0])[items], beside], axis=1)
    for each in range(FOLDS):
        model = RidgeCV(PENALTIES).fit(rows[fold != each], log.rewards[fold != each])
        product[each] = model.coef_[: shape[0]]
        rest[fold == each] = beside[fold == each] @ model.coef_[shape[0] :] + model.intercept_
    return _Expected(product, rest, fold)


def _judged(
    place: _Place, turn: int, target: _Target, rng: np.random.Generator
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """A line for each estimator, and how much the log can say."""
    log, shape = place.logs[turn], target.table.shape
    items, positions = cells = place.cells(log)
    one = log.propensities[:, None]
    seen = _Seen(
        Log(items[:, None], log.rewards[:, None], Chances(one, one)),
        _expected(log, items, positions, shape),
        cells,
        changed=_fixed(log, cells, (shape[0], shape[1])) is None,
    )
    threshold = _threshold(seen, target.table)
    estimates = _estimates(seen, target.table, threshold, np.ones(len(items)))
    drawn, had = np.empty((RESAMPLES, len(estimates))), np.empty(RESAMPLES)
    for each in range(RESAMPLES):
        table, had[each] = target.resampled(rng)
        drawn[each] = list(_estimates(seen, table, threshold, _times(log.sessions, rng)).values())
    lines = [_line(name, value, drawn[:, at], target, had) for at, (name, value) in enumerate(estimates.items())]
    if log.target is not None and len(place.logs) == 1:
        lines += _by_column(log, rng)
    shown = np.zeros(shape, np.bool_)
    shown[cells] = True
    weights = target.table[cells] / log.propensities
    return lines, {
        "effective": round(diagnostics.effective_share(weights), 5),
        "largest": round(diagnostics.largest_share(weights), 5),
        "unseen": round(diagnostics.unseen_share(target.table.T, shown.T), 5),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A log as estimators want it: each impression a page of one place."""

    log: Log
    expected: _Expected
    cells: tuple[Rows, Rows]
    changed: bool  # whether its policy changed on the way

    def weights(self, table: Doubles) -> Doubles:
        """(n, 1) by the propensities of the moment."""
        chances = table[self.cells][:, None]
        return place_weights(self.log.chances, Chances(chances, chances))

    def mean_weights(self, table: Doubles, times: Doubles) -> Doubles:
        """(n, 1) by the mean chances of its policy in this resample; 0 where a row is not in it."""
        own = _shares(*self.cells, (table.shape[0], table.shape[1]), times)[self.cells]
        return np.divide(table[self.cells], own, out=np.zeros(len(own)), where=own > 0)[:, None]


def _threshold(seen: _Seen, table: Doubles) -> float:
    """Of switch-DR, from the log alone."""
    weights, rewards, model = seen.weights(table), seen.log.rewards, seen.expected.model(*seen.cells, table)
    most = float(np.abs(rewards).max())
    return threshold_by_bound(weights, rewards, model, lambda each: above(weights, each), most)


def _estimates(seen: _Seen, table: Doubles, threshold: float, times: Doubles) -> dict[str, float]:
    """All estimates by name, with each row counted so many `times`."""
    rewards, model, weights = seen.log.rewards, seen.expected.model(*seen.cells, table), seen.weights(table)
    share, normal = times / times.sum(), snips(weights, rewards)
    assert normal.weights is not None
    by = float(share @ normal.weights[:, 0])
    means = {
        "dm": direct(model),
        "iips": ips(weights, rewards),
        "dr": doubly_robust(weights, rewards, model),
        "switch": switch(weights, rewards, model, threshold),
    }
    if seen.changed:
        mean = seen.mean_weights(table, times)
        means |= {"iips_mean": ips(mean, rewards), "dr_mean": doubly_robust(mean, rewards, model)}
    found = {name: float(share @ parts.values[:, 0]) for name, parts in means.items()}
    found["logged"] = float(share @ rewards[:, 0])
    found["sniips"] = float(share @ normal.values[:, 0]) / by if by > 0 else 0.0
    return {name: found[name] for name in LABELS if name in found}


def _by_column(log: Impressions, rng: np.random.Generator) -> list[dict[str, Any]]:
    """IPS and SNIPS of the policy whose chances of what was shown stand in the log."""
    assert log.target is not None
    weights = log.target / log.propensities
    drawn = np.empty((RESAMPLES, 2))

    def both(times: Doubles) -> tuple[float, float]:
        earned, by = float(times @ (weights * log.rewards)), float(times @ weights)
        return earned / float(times.sum()), earned / by if by > 0 else 0.0

    for each in range(RESAMPLES):
        drawn[each] = both(_times(log.sessions, rng))
    estimates = both(np.ones(len(weights)))
    target, nothing = _Target(OWN, OWN, np.zeros((1, 1))), np.full(RESAMPLES, np.nan)
    return [
        _line(name, estimates[at], drawn[:, at], target, nothing) | {"target": OWN}
        for at, name in enumerate(("iips", "sniips"))
    ]


def _line(name: str, estimate: float, drawn: Doubles, target: _Target, had: Doubles) -> dict[str, Any]:
    line: dict[str, Any] = {
        "estimator": name,
        "label": LABELS[name],
        "estimate": _rounded(estimate),
        "estimate_ci95": _sides(drawn),
    }
    if target.log is None:
        return line
    truth = float(target.log.rewards.mean())
    difference = _sides(drawn - had)
    relative = estimate / truth - 1.0 if truth else None
    return line | {
        "had": _rounded(truth),
        "had_ci95": [_rounded(side) for side in _interval(target.log)],
        "difference_ci95": difference,
        "agrees": difference[0] <= 0.0 <= difference[1],
        **({} if relative is None else {"relative": round(relative, 4)}),
    }


def _interval(log: Impressions) -> Interval:
    """Of the mean reward: Wilson's where each row is a draw of 0 or 1, else Student's t over sessions."""
    alone = int(log.sessions.max()) + 1 == len(log.sessions)
    if alone and np.isin(log.rewards, (0.0, 1.0)).all():
        return share_interval(int(log.rewards.sum()), len(log.rewards))
    return students_t(by_session(log.rewards, log.sessions))


def _times(sessions: Rows, rng: np.random.Generator) -> Doubles:
    """(n,) how often each row is drawn when whole sessions are drawn anew."""
    m = int(sessions.max()) + 1
    return np.bincount(rng.integers(0, m, m), minlength=m).astype(np.float64)[sessions]


def _sides(values: Doubles) -> list[float]:
    return [_rounded(side) for side in np.percentile(values, [2.5, 97.5])]


def _rounded(value: float) -> float:
    return round(float(value), 7)


def _told(place: _Place, turn: int) -> dict[str, Any]:
    log = place.logs[turn]
    return {
        "place": place.name,
        "log": place.policies[turn],
        "rows": len(log.items),
        "sessions": int(log.sessions.max()) + 1,
        "items": len(set(log.items)),
        "positions": len(set(log.positions.tolist())),
        "rewarded": int((log.rewards != 0).sum()),
        "rate": _rounded(float(log.rewards.mean())),
        "rate_ci95": [_rounded(side) for side in _interval(log)],
        "least_propensity": float(log.propensities.min()),
        "context": log.context.shape[1],
    }


def _summary(lines: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of each estimator, over all logs whose other policy has a figure of its own, and by which judges which."""
    compared = [line for line in lines if "relative" in line]
    ways = list(dict.fromkeys((line["log"], line["target"]) for line in compared))
    for log, target in ([("", "")] if ways else []) + (ways if len(ways) > 1 else []):
        for name in LABELS:
            mine = [
                line
                for line in compared
                if line["estimator"] == name and (not log or (line["log"], line["target"]) == (log, target))
            ]
            if mine:
                yield {"log": log, "target": target, "estimator": name, "label": LABELS[name], **_summed(mine)}


def _summed(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many there are, how many agree, how far they are off and how wide their intervals are, as shares."""
    wide = [(line["estimate_ci95"][1] - line["estimate_ci95"][0]) / line["had"] for line in lines]
    return {
        "judged": len(lines),
        "agree": sum(bool(line["agrees"]) for line in lines),
        "off": round(float(np.mean([abs(line["relative"]) for line in lines])), 4),
        "wide": round(float(np.mean(wide)), 4),
    }


def _rules(seed: int) -> dict[str, str]:
    return {
        "what": "mean reward of an impression, had another policy chosen the product at its position; what was earned "
        "at one position is taken not to depend on the others (the view by place)",
        "policies": "each log judges the other policies of its place. The chances of a policy are its propensities "
        "where these never change for a product and position; else, as it learned on the way, how often its own log "
        "shows each product at each position. A mean of logged propensities would not do: large ones are logged more "
        "often. No reward of the policy that is judged is looked at",
        "mean chances": "of a log whose own policy changed on the way there are estimates by its mean chances too: "
        "small propensities of a moment weigh less. They need that it did not look at the person, and that tastes stay",
        "alone": f"a log without another of its place: {UNIFORM}, and the policy of {OWN}, where it has one",
        "model": f"ridge regression on product, position and context, cross-fitted in {FOLDS} folds of sessions, the "
        "penalty by leave-one-out error",
        "switch": "threshold by variance plus squared bound of the bias (Wang et al. 2017), from the log alone",
        "interval": f"95 %: percentile bootstrap, {RESAMPLES} resamples of sessions (of rows where no page or session "
        "is named) of both logs; the model is not fitted anew, so that the direct method's is too narrow. Of what a "
        "policy had: Wilson",
        "agrees": "the interval of the difference between the estimate and what the policy had holds 0",
        "seed": str(seed),
    }
