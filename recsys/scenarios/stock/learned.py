"""Forecasts by libraries: exponential smoothing and Croston's methods of each series, one model learned over all.

statsforecast (Garza et al. 2022) smooths each series alone: AutoETS with additive error and no trend (Hyndman et al.
2002), Croston's method with the correction of Syntetos and Boylan (2005), TSB (Teunter, Syntetos and Babai 2011) for
sales that come now and then. mlforecast makes the features of one model over all series: gradient-boosted trees of
scikit-learn on the square root of the units, one for each week ahead, fitted to the mean absolute error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.scenarios.stock.series import Doubles, Panel

TREES: Final = 100
RATE: Final = 0.05
LEAVES: Final = 15
LEAST_ROWS: Final = 60  # in a leaf: 20 to 200 differ by less than 1 % on the weeks before the test
SMOOTHING: Final = 0.2  # of Croston's methods and of the faded mean, the usual choice
WARM_UP: Final = 5  # weeks beyond the horizon that the model over all needs to have anything to learn from
CHUNK: Final = 4_000  # series that are smoothed at a time


def _frame(units: Doubles) -> pd.DataFrame:
    n, weeks = units.shape
    return pd.DataFrame(
        {"unique_id": np.repeat(np.arange(n), weeks), "ds": np.tile(np.arange(weeks), n), "y": units.ravel()}
    )


def _each(model: Callable[[], Any]) -> Callable[[Panel, int], Doubles | None]:
    """Every series by itself, (n, horizon); None where the weeks are too few for it."""

    def forecast(panel: Panel, horizon: int) -> Doubles | None:
        one = model()
        try:
            found = np.stack([_of_series(one, each, horizon) for each in panel.units])
        except NotImplementedError:  # "tiny datasets": the length alone decides
            return None
        return np.maximum(np.nan_to_num(found), 0.0)

    return forecast


def _of_series(model: Any, units: Doubles, horizon: int) -> Doubles:
    """(horizon,) what comes of one series; its mean where the library finds nothing that fits."""
    try:
        return np.asarray(model.forecast(units, horizon)["mean"], np.float64)
    except Exception as error:
        if "no model able" not in str(error):  # it has no class of its own
            raise
        return np.full(horizon, units.mean())


def _smoothing() -> Any:
    from statsforecast.models import AutoETS

    return AutoETS(model="ANN")


def _croston() -> Any:
    from statsforecast.models import CrostonSBA

    return CrostonSBA()


def _tsb() -> Any:
    from statsforecast.models import TSB

    return TSB(SMOOTHING, SMOOTHING)


SMOOTHED: Final[Mapping[str, Callable[[Panel, int], Doubles | None]]] = {
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


def over_all(panel: Panel, horizon: int) -> Doubles | None:
    """(n, horizon) by one model over all series; None where the weeks are too few for it."""
    if panel.weeks < horizon + WARM_UP:
        return None
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import ExpandingMean, ExponentiallyWeightedMean, RollingMean, RollingQuantile
    from mlforecast.target_transforms import GlobalSklearnTransformer
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.preprocessing import FunctionTransformer
    from threadpoolctl import threadpool_limits

    known = _known(panel, horizon)
    frame = _frame(panel.units)
    following = pd.DataFrame({"unique_id": np.arange(len(panel)), "ds": panel.weeks})
    for name, values in known.items():
        frame[name], following[name] = values[:, :-1].ravel(), values[:, -1]
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
    # only the first of these rows is read: a model for each week ahead knows what is known now
    ahead = pd.concat([following.assign(ds=panel.weeks + step) for step in range(horizon)])
    found = model.predict(horizon, X_df=ahead)["trees"].to_numpy(np.float64).reshape(len(panel), horizon)
    return np.asarray(np.maximum(np.nan_to_num(found), 0.0), np.float64)
