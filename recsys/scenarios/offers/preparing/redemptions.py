"""The step that foretells who redeems what, for every campaign on its eve; shops without campaigns say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact, storage_errors, write_array
from recsys.datasets import storage
from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.scenarios.offers.anyway import bought_anyway, change, redeemers_who_bought
from recsys.scenarios.offers.describing import Days, Described, Doubles, describable, describe
from recsys.scenarios.offers.redemption import Foretold, Settings, foretell, per_redeemer
from recsys.scenarios.offers.tables import Longs, OfferTables, in_rows
from recsys.scenarios.offers.worth import Compared, Interval, Pool, compared
from recsys.settings import Settings as AppSettings
from recsys.shops import registry
from recsys.shops.campaigns import checked, source_of
from recsys.steps.code import Code
from recsys.steps.contract import Basis, Context, Step

NAME: Final = "offers"
LEAST_WITH_MONEY: Final = 30  # redemptions whose amount is known, for a kind of campaign to have a mean of its own
LACKING: Final = "the shop's pack has no campaigns: nobody was sent a coupon that is known of"


def _source(settings: AppSettings) -> object:
    """The version of the campaigns' files and the code that reads them; nothing for a shop without."""
    source = source_of(registry.shop(settings.shop))
    if source is None:
        return None
    return source.version(), Code.of(settings).fingerprint(source.module) if source.module else ""


def opened(shop: str, dataset: Artifact, progress: Progress) -> tuple[OfferTables, Interactions] | None:
    """The campaigns of a shop in rows, and all purchases; None for a shop that has none or has no dates."""
    source, info = source_of(registry.shop(shop)), dataset.json("dataset.json")
    if source is None or not info["first_day"]:
        return None
    items, shoppers = storage.load_items(dataset.path), storage.load_shoppers(dataset.path)
    tables = in_rows(
        checked(source.load(progress)),
        items[s.ITEM_ID].astype(str).tolist(),
        shoppers[s.SHOPPER_ID].astype(str).tolist(),
        pd.Timestamp(info["first_day"]),
        int(info["days"]) - 1,
    )
    return tables, storage.load_interactions(dataset, len(items))


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """All purchases by line; money at list prices, 0 where none is known."""

    who: Longs
    items: Longs
    days: Longs
    money: Doubles

    @classmethod
    def of(cls, dataset: Artifact, history: Interactions) -> _Lines:
        prices = storage.load_items(dataset.path)[s.PRICE].to_numpy(np.float64, na_value=np.nan)
        pieces = np.asarray(dataset.array("history_quantity"), np.float64)
        items = history.items.astype(np.int64)
        money = np.nan_to_num(prices[items] * pieces)
        return cls(history.shopper_of_entry.astype(np.int64), items, history.days.astype(np.int64), money)


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    dataset = context.opened("dataset")
    found = opened(context.settings.shop, dataset, progress)
    if found is None:
        return {"campaigns": 0, "why": LACKING}
    tables, history = found
    lines = _Lines.of(dataset, history)
    days = Days.of(history)
    known = [row for row in range(len(tables.campaigns)) if describable(tables, row)]
    described = {}
    for done, row in enumerate(known):
        described[row] = describe(tables, days, row)
        progress(done, len(known) + 1, "describing shoppers on the eve of each campaign")
    foretold = foretell(tables, described, Settings())
    with storage_errors(folder):
        _write(tables, days, lines, described, foretold, folder)
    return {
        "campaigns": len(tables.campaigns),
        "foretold": len(foretold),
        "addressed": len(tables.addressed),
        "redemptions": len(tables.redemptions),
        "notes": list(tables.notes),
        "settings": asdict(Settings()),
    }


def _write(
    tables: OfferTables,
    days: Days,
    lines: _Lines,
    described: dict[int, Described],
    foretold: dict[int, Foretold],
    folder: Path,
) -> None:
    """campaigns.parquet, coupons.parquet, coupon_items.npy, arrays (n_campaigns, n_shoppers) and those of coupons.

    pools.npy (p, 4): campaign, and the coupons, money paid and discount of a shopper that redeemed in an earlier one.

    Arrays of coupons, (n_shoppers, n_coupons), are kept for the campaigns in `shown`: those open on the last day, or
    the latest one.
    """
    rows = [
        _campaign(tables, days, lines, described.get(row), foretold.get(row), row)
        for row in range(len(tables.campaigns))
    ]
    campaigns = tables.campaigns.astype({"campaign_id": str, "kind": str}).join(pd.DataFrame(rows))
    campaigns.to_parquet(folder / "campaigns.parquet", index=False)
    tables.coupons.to_parquet(folder / "coupons.parquet", index=False)
    goods = tables.good_for.tocoo()
    write_array(folder / "coupon_items.npy", np.column_stack([goods.col, goods.row]).astype(np.int32))
    n = tables.n_shoppers
    for name, of in _PER_SHOPPER.items():
        stack = [
            of(tables, described[row], foretold[row]) if row in foretold else np.full(n, np.nan)
            for row in range(len(tables.campaigns))
        ]
        write_array(folder / f"{name}.npy", np.array(stack, np.float32).reshape(len(stack), n))
    write_array(folder / "pools.npy", _pools(tables, list(foretold)))
    sent = np.zeros((len(tables.campaigns), n), bool)
    sent[tables.addressed["campaign"].to_numpy(), tables.addressed["shopper"].to_numpy()] = True
    write_array(folder / "addressed.npy", sent)
    came = np.array([tables.redeemed_in(row) for row in range(len(tables.campaigns))], np.int32)
    write_array(folder / "redeemed.npy", came.reshape(len(tables.campaigns), n))
    for row in np.flatnonzero(campaigns["shown"].to_numpy()).tolist():
        write_array(folder / f"coupon_chance_{row}.npy", foretold[row].coupons.astype(np.float32))
        write_array(folder / f"coupon_anyway_{row}.npy", bought_anyway(described[row]).astype(np.float32))


def _pools(tables: OfferTables, campaigns: list[int]) -> np.ndarray[Any, np.dtype[np.float32]]:
    parts = [np.empty((0, 4))]
    for row in campaigns:
        here = tables.campaigns.iloc[row]
        pool = Pool.before(tables, str(here["kind"]), int(here["start"]))
        parts.append(np.column_stack([np.full(len(pool.coupons), row), pool.coupons, pool.paid, pool.discount]))
    return np.concatenate(parts).astype(np.float32)


def _expected(tables: OfferTables, described: Described, foretold: Foretold) -> Doubles:
    """How many coupons somebody redeems: the chance of any, times how many those redeem who do."""
    kind = str(tables.campaigns["kind"].iloc[described.campaign])
    told: Doubles = foretold.chance * per_redeemer(tables, kind, described.start)
    return told


def _anyway(tables: OfferTables, described: Described, foretold: Foretold) -> Doubles:
    """Of the coupons somebody is expected to redeem, the share whose products they would buy anyway."""
    chances = foretold.coupons
    told: Doubles = (chances * bought_anyway(described)).sum(axis=1) / np.maximum(chances.sum(axis=1), 1e-12)
    return told


_PER_SHOPPER: Final[dict[str, Callable[[OfferTables, Described, Foretold], Any]]] = {
    "chance": lambda tables, described, foretold: foretold.chance,
    "expected": _expected,
    "anyway": _anyway,
    "past": lambda tables, described, foretold: described.past,
    "since": lambda tables, described, foretold: np.where(np.isfinite(described.since), described.since, 1e4),
}


def _campaign(
    tables: OfferTables,
    days: Days,
    lines: _Lines,
    described: Described | None,
    foretold: Foretold | None,
    row: int,
) -> dict[str, Any]:
    """What is kept of one campaign beside its dates."""
    here = tables.campaigns.iloc[row]
    who, redeemed = tables.addressed_by(row), tables.redeemed_in(row)
    paid, discount = money_of(tables, str(here["kind"]), int(here["start"]))
    bought = redeemers_who_bought(tables, described) if described is not None else None
    moved = change(tables, days, described) if described is not None and len(who) else None
    beside = _compared(tables, lines, described, who) if described is not None and len(who) else None
    open_now = int(here["start"]) <= tables.last_day < int(here["end"])
    return {
        "sent": len(who),
        "redeemers": int((redeemed[who] > 0).sum()) if len(who) else 0,
        "redemptions": int(redeemed.sum()),
        "coupons": len(tables.coupons_of(row)),
        "open": open_now,
        "ended": tables.ended(row),
        "foretold": foretold is not None,
        "shown": foretold is not None and _is_shown(tables, row, open_now),
        "learned_from": foretold.learned_from if foretold else 0,
        "paid": paid,
        "discount": discount,
        **{f"bought_{name}": value for name, value in (asdict(bought) if bought else _NOBODY).items()},
        **{f"change_{name}": value for name, value in (asdict(moved) if moved else _NO_CHANGE).items()},
        **_flat("worth", beside.each if beside else _NO_INTERVAL),
        **_flat("eve", beside.before if beside else _NO_INTERVAL),
        "worth_addressed": beside.addressed if beside else 0,
        "worth_others": beside.others if beside else 0,
    }


def _compared(tables: OfferTables, lines: _Lines, described: Described, who: Longs) -> Compared | None:
    """What those addressed spent more than others; None for a campaign that has not ended within the data."""
    if not tables.ended(described.campaign) or not lines.money.any():
        return None
    sent = np.zeros(tables.n_shoppers, bool)
    sent[who] = True
    goods = np.asarray(tables.good_for[:, tables.coupons_of(described.campaign)].sum(axis=1)).ravel() > 0
    return compared(
        lines.who, lines.items, lines.days, lines.money, goods, sent, described.start, described.days, described.window
    )


def _flat(name: str, interval: Interval) -> dict[str, float]:
    return {f"{name}_{end}": value for end, value in asdict(interval).items()}


_NAN: Final = float("nan")
_NO_INTERVAL: Final = Interval(_NAN, _NAN, _NAN)
_NOBODY: Final = {"value": _NAN, "low": _NAN, "high": _NAN, "of": 0}
_NO_CHANGE: Final = dict.fromkeys(
    ("addressed_before", "addressed_during", "others_before", "others_during", "difference", "low", "high"), _NAN
)


def _is_shown(tables: OfferTables, row: int, open_now: bool) -> bool:
    """Whether a campaign's coupons are kept for each shopper: it is open, or none is and it is the latest to begin."""
    start, end = (tables.campaigns[name].to_numpy() for name in ("start", "end"))
    any_open = ((start <= tables.last_day) & (end > tables.last_day)).any()
    return open_now or (not any_open and start[row] == start[start <= tables.last_day].max())


def money_of(tables: OfferTables, kind: str, start: int) -> tuple[float, float]:
    """(paid, discount) of a redemption on average, before a day: of campaigns of that kind, of all where few are known.

    NaN where the source tells of none.
    """
    known = tables.redemptions[(tables.redemptions["day"] < start) & tables.redemptions["paid"].notna()]
    same = tables.campaigns["kind"].astype(str).to_numpy()[known["campaign"].to_numpy()] == kind
    some = known[same] if same.sum() >= LEAST_WITH_MONEY else known
    if some.empty:
        return _NAN, _NAN
    return float(some["paid"].mean()), float(some["discount"].mean())


STEP: Final = Step(
    NAME,
    "Foretell who redeems which coupons",
    __name__,
    _make,
    rests_on=(Basis("dataset"),),
    inputs=_source,
    needed=False,
    library="scikit-learn",
)
"""Until it is made the page Offers says that it is being made."""
