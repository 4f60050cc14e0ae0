"""Forecasts by libraries: exponential smoothing and Croston's methods of each series, one model learned over all.

statsforecast (Garza et al. 2022) smooths each series alone: AutoETS with additive error and no trend (Hyndman et al.
2002), Croston's method with the correction of Syntetos and Boylan (2005), TSB (Teunter, Syntetos and Babai 2011) for
sales that come now and then. mlforecast makes the features of one model over all series: gradient-boosted trees of
scikit-learn on the square root of the units, one for each week ahead, fitted to the mean absolute error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.scenarios.stock.series import OFFER, Doubles, Panel

TREES: Final = 100
RATE: Final = 0.05
LEAVES: Final = 15
LEAST_ROWS: Final = 60  # in a leaf: 20 to 200 differ by less than 1 % on the weeks before the test
SMOOTHING: Final = 0.2  # of Croston's methods and of the faded mean, the usual choice
WARM_UP: Final = 5  # weeks beyond the horizon that the model over all needs to have anything to learn from
LATELY: Final = (1, 4, 13)  # weeks before over which displays and mailers are taken together
CHUNK: Final = 4_000  # series that are smoothed at a time


def _frame(units: Doubles) -> pd.DataFrame:
    n, weeks = units.shape
    return pd.DataFrame(
        {"unique_id": np.repeat(np.arange(n), weeks), "ds": np.tile(np.arange(weeks), n), "y": units.ravel()}
    )


def _each(model: Callable[[], Any]) -> Callable[[Panel, int], Doubles]:
    """Every series by itself, (n, horizon)."""

    def forecast(panel: Panel, horizon: int) -> Doubles:
        one = model()
        found = np.stack([np.asarray(one.forecast(each, horizon)["mean"], np.float64) for each in panel.units])
        return np.maximum(np.nan_to_num(found), 0.0)

    return forecast


def _smoothing() -> Any:
    from statsforecast.models import AutoETS

    return AutoETS(model="ANN")


def _croston() -> Any:
    from statsforecast.models import CrostonSBA

    return CrostonSBA()


def _tsb() -> Any:
    from statsforecast.models import TSB

    return TSB(SMOOTHING, SMOOTHING)


SMOOTHED: Final[Mapping[str, Callable[[Panel, int], Doubles]]] = {
    "ets": _each(_smoothing),
    "croston": _each(_croston),
    "tsb": _each(_tsb),
}


def _back(roots: npt.NDArray[np.floating]) -> Doubles:
    return np.square(np.maximum(np.asarray(roots, np.float64), 0.0))


def _known(panel: Panel, horizon: int) -> dict[str, Doubles]:
    """By name (n, w + 1): what is known at the beginning of each week, and of the week to come, beside the sales.

    The prices of the weeks before; of the weeks to come only what the shop itself has planned.
    """
    dear = np.concatenate([np.ones((len(panel), 1)), panel.price], axis=1)
    lately = pd.DataFrame(dear.T).rolling(4, min_periods=1).mean().to_numpy().T
    known = {"price": dear, "prices": lately}
    if panel.planned is not None:
        for ahead in range(horizon):
            known[f"planned_{ahead}"] = panel.planned[:, ahead : ahead + panel.weeks + 1]
    return known


def _widely(panel: Panel, horizon: int) -> dict[str, Doubles]:
    """By name (n, w + 1): how widely each is displayed and mailed in the weeks to come, and was in those before.

    What sold last week says little of the next one where last week was in the mailer: so the weeks before count too.
    """
    found = {}
    for name, shares in panel.promoted.items():
        before = np.concatenate([np.zeros((len(panel), 1)), shares[:, : panel.weeks]], axis=1)
        for weeks in LATELY:
            found[f"{name}_last_{weeks}"] = pd.DataFrame(before.T).rolling(weeks, min_periods=1).mean().to_numpy().T
        for ahead in range(horizon):
            found[f"{name}_{ahead}"] = shares[:, ahead : ahead + panel.weeks + 1]
    return found


def over_all(panel: Panel, horizon: int) -> Doubles | None:
    """(n, horizon) by one model over all series; None where the weeks are too few for it."""
    if panel.weeks < horizon + WARM_UP:
        return None
    known = _known(panel, horizon)
    return _ahead(_fitted(panel, horizon, known), panel, horizon, known)


def with_promotions(panel: Panel, horizon: int) -> Doubles | None:
    """The same, knowing which products will be displayed and mailed; None where no such plan is known."""
    if panel.weeks < horizon + WARM_UP or not panel.promoted:
        return None
    known = _known(panel, horizon) | _widely(panel, horizon)
    return _ahead(_fitted(panel, horizon, known), panel, horizon, known)


def under_plans(panel: Panel, horizon: int, plans: Sequence[Mapping[str, Doubles]]) -> list[Doubles] | None:
    """(n, horizon) under each of these plans for the weeks to come, by one fit; None where the weeks are too few.

    A plan holds (n, horizon) shares by name: DISPLAY, MAILER, or OFFER for the share of days on offer.
    """
    if panel.weeks < horizon + WARM_UP:
        return None
    known = _known(panel, horizon) | _widely(panel, horizon)
    model = _fitted(panel, horizon, known)
    found = []
    for plan in plans:
        told = _planned(panel, plan)
        found.append(_ahead(model, panel, horizon, _known(told, horizon) | _widely(told, horizon)))
    return found


def _planned(panel: Panel, plan: Mapping[str, Doubles]) -> Panel:
    """The panel with this plan for the weeks to come."""

    def ahead(past: Doubles, shares: Doubles) -> Doubles:
        found = np.array(past)
        found[:, panel.weeks : panel.weeks + shares.shape[1]] = shares
        return found

    planned = ahead(panel.planned, plan[OFFER]) if panel.planned is not None and OFFER in plan else panel.planned
    promoted = {name: ahead(past, plan[name]) if name in plan else past for name, past in panel.promoted.items()}
    return Panel(panel.units, panel.price, planned, promoted)


def _fitted(panel: Panel, horizon: int, known: Mapping[str, Doubles]) -> Any:
    """One model for each week ahead over all series."""
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import ExpandingMean, ExponentiallyWeightedMean, RollingMean, RollingQuantile
    from mlforecast.target_transforms import GlobalSklearnTransformer
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.preprocessing import FunctionTransformer
    from threadpoolctl import threadpool_limits

    frame = _frame(panel.units).assign(**{name: values[:, :-1].ravel() for name, values in known.items()})
    trees = HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST_ROWS, early_stopping=False, random_state=0,
    )  # fmt: skip
    features: list[Any] = [
        *(RollingMean(weeks, min_samples=2) for weeks in (4, 8, 13)),
        RollingQuantile(0.5, 8, min_samples=2),
        ExponentiallyWeightedMean(SMOOTHING),
        ExpandingMean(),  # type: ignore[no-untyped-call]
    ]
    model = MLForecast(
        {"trees": trees},
        freq=1,
        lags=[1, 2],
        lag_transforms={1: features},
        target_transforms=[GlobalSklearnTransformer(FunctionTransformer(np.sqrt, _back))],
    )
    with threadpool_limits(1, "openmp"):  # its threads wait for each other by spinning: beside other work for minutes
        model.fit(frame, max_horizon=horizon, static_features=[], dropna=True)
    return model


def _ahead(model: Any, panel: Panel, horizon: int, known: Mapping[str, Doubles]) -> Doubles:
    """(n, horizon) of the weeks to come, given what is known at the beginning of the first of them."""
    following = pd.DataFrame({"unique_id": np.arange(len(panel)), "ds": panel.weeks})
    following = following.assign(**{name: values[:, -1] for name, values in known.items()})
    # only the first of these rows is read: a model for each week ahead knows what is known now
    ahead = pd.concat([following.assign(ds=panel.weeks + step) for step in range(horizon)])
    found = model.predict(horizon, X_df=ahead)["trees"].to_numpy(np.float64).reshape(len(panel), horizon)
    return np.asarray(np.maximum(np.nan_to_num(found), 0.0), np.float64)
