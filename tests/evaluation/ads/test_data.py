"""Records of what was shown become counts by place: a look belongs to the latest showing."""

from __future__ import annotations

import pandas as pd

from recsys import schema as s
from recsys.evaluation.ads.data import counted, estimated_clicks
from recsys.scenarios.ads.clicks import USUAL


def records() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ten shoppers are shown products 0..9; half of them look at the first, one at the second."""
    shown = pd.DataFrame(
        [
            {s.TIME: pd.Timestamp("2026-03-01 10:00"), s.POSITION: place + 1, s.PROPENSITY: 0.1 - 0.01 * place,
             s.ITEM: place, s.SHOPPER: who}
            for who in range(10) for place in range(10)
        ]
    )  # fmt: skip
    looks = pd.DataFrame(
        [{s.TIME: pd.Timestamp("2026-03-01 10:01"), s.ITEM: 0, s.SHOPPER: who} for who in range(5)]
        + [{s.TIME: pd.Timestamp("2026-03-01 10:01"), s.ITEM: 1, s.SHOPPER: 0}]
        + [{s.TIME: pd.Timestamp("2026-03-01 23:00"), s.ITEM: 2, s.SHOPPER: 0}]  # hours later: of none of these pages
        + [{s.TIME: pd.Timestamp("2026-03-01 10:01"), s.ITEM: 99, s.SHOPPER: 0}]  # never shown
    )
    return shown, looks


def test_looks_are_counted_at_the_place_of_their_showing() -> None:
    clicks, count = counted(*records())
    assert count.sum(axis=(0, 2)).tolist() == [10.0] * 10
    assert clicks.sum(axis=(0, 2)).tolist() == [5.0, 1.0] + [0.0] * 8


def many_records(days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same pages on many days; what stands at place j is looked at on every j-th of them."""
    each = [records()[0].assign(**{s.TIME: pd.Timestamp("2026-03-01") + pd.Timedelta(days=day)}) for day in range(days)]
    seen = [page[day % page[s.POSITION] == 0] for day, page in enumerate(each)]
    return pd.concat(each), pd.concat(seen)[[s.TIME, s.ITEM, s.SHOPPER]]


def test_an_estimate_says_what_it_rests_on() -> None:
    shown, looks = many_records(60)
    model, told = estimated_clicks(shown, looks)
    assert told["shown"] == 6_000
    assert told["clicks"] == len(looks)
    assert "6,000 products shown" in model.said
    assert told["attention_ci95"][0] <= told["attention"] <= told["attention_ci95"][1]


def test_few_looks_leave_the_usual_model() -> None:
    assert estimated_clicks(*records()) == (USUAL, {})
