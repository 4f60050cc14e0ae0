"""What is known of the simulated people by construction, looked for in what they did."""

from __future__ import annotations

import hashlib
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from recsys.datasets.completing import completed
from recsys.schema.capabilities import Capability
from recsys.shops.demo_store.behaviour import Behaviour, Model, simulate
from recsys.shops.demo_store.behaviour.catalogue import catalogue
from recsys.shops.demo_store.behaviour.choices import Shown, choose
from recsys.shops.demo_store.behaviour.moment import Setting, seasons, start, wanting
from recsys.shops.demo_store.behaviour.policy import draw, mixed
from recsys.shops.demo_store.behaviour.tastes import draw_tastes
from tests.shops.demo_store.made_up import products

N, M = 400, 700
SHORT = Model(days=20)


@pytest.fixture(scope="module")
def goods() -> pd.DataFrame:
    return products(M)


@pytest.fixture(scope="module")
def lived(goods: pd.DataFrame) -> Behaviour:
    return simulate(goods, N, seed=3)


@pytest.fixture(scope="module")
def bought(lived: Behaviour, goods: pd.DataFrame) -> pd.DataFrame:
    """A row a line bought, with the product's columns."""
    lines = lived.events[lived.events["event"] == "purchase"]
    return lines.merge(goods, on="item_id", validate="many_to_one").sort_values("time", ignore_index=True)


def of_kind(lived: Behaviour, kind: str) -> pd.DataFrame:
    return lived.events[lived.events["event"] == kind]


def digest(lived: Behaviour) -> str:
    """Of every byte of every table and of the truth."""
    done = hashlib.sha256(lived.truth.utility.tobytes())
    frames = [getattr(lived, each.name) for each in fields(lived) if each.name != "truth"]
    for frame in [*frames, lived.truth.latent, lived.truth.products]:
        done.update(frame.to_csv().encode())
    return done.hexdigest()


def correlation(x: pd.Series, y: pd.Series) -> float:
    both = pd.DataFrame({"x": x, "y": y}).dropna()
    return float(np.corrcoef(both["x"], both["y"])[0, 1])


# the tables


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    few = products(200)
    first, again, other = (digest(simulate(few, 50, seed, SHORT)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_tables_have_exactly_these_columns_none_of_them_latent(lived: Behaviour) -> None:
    columns = {each.name: list(getattr(lived, each.name).columns) for each in fields(lived) if each.name != "truth"}
    assert columns == {
        "shoppers": ["shopper_id", "life_stage", "age", "region"],
        "friends": ["shopper_id", "friend_id"],
        "events": ["shopper_id", "item_id", "time", "event", "basket", "quantity", "paid", "query"],
        "impressions": ["shopper_id", "item_id", "time", "position", "propensity"],
        "offers": ["item_id", "starts", "ends", "offer_price"],
        "aspects": ["shopper_id", "item_id", "time", "stars", "fit", "quality", "value", "delivery", "looks"],
    }


def test_the_shop_takes_the_tables_as_they_are(lived: Behaviour, goods: pd.DataFrame) -> None:
    items = goods[["item_id", "brand", "price", "department"]].assign(title=goods["type"] + " " + goods["item_id"])
    tables = {"friends": lived.friends, "impressions": lived.impressions, "offers": lived.offers}
    shop = completed("made_up", items, lived.events, lived.shoppers, tables=tables,
                     source="made up", licence="none needed", icon="📦")  # fmt: skip
    assert len(shop.events) == len(lived.events)
    assert shop.traits == ("life_stage", "age", "region")
    assert shop.capabilities.has(
        Capability.FRIENDS, Capability.IMPRESSIONS, Capability.OFFERS, Capability.SEARCHES, Capability.FAVOURITES,
        Capability.BASKETS, Capability.REVIEW_EVENTS, Capability.SHARES, Capability.RETURNS, Capability.VISITS,
    )  # fmt: skip


@pytest.mark.parametrize(("n", "m", "days"), [(1, 1, 3), (1, 30, 10), (3, 2, 40), (50, 200, 1), (20, 60, 60)])
def test_any_size_and_seed_will_do(n: int, m: int, days: int) -> None:
    for seed in range(4):
        lived = simulate(products(m, seed), n, seed, Model(days=days))
        assert len(lived.shoppers) == n
        assert lived.truth.utility.shape == (n, m)
        assert np.isfinite(lived.truth.utility).all()
        assert lived.impressions["propensity"].between(0, 1, inclusive="right").all()


def test_nobody_and_no_price_are_refused() -> None:
    with pytest.raises(ValueError, match="n_shoppers=0"):
        simulate(products(10), 0)
    with pytest.raises(ValueError, match="1 products have no price"):
        simulate(products(10).assign(price=[0.0] + [1.0] * 9), 5)


def test_every_slate_has_its_positions_once_and_no_product_twice(lived: Behaviour) -> None:
    pages = lived.impressions.groupby(["shopper_id", "time"])
    assert (pages["position"].max() == pages.size()).all()
    assert (pages["position"].nunique() == pages.size()).all()
    assert (pages["item_id"].nunique() == pages.size()).all()
    assert lived.impressions["position"].max() == 20


# the order of things


def test_nobody_sees_or_buys_anything_before_its_launch(lived: Behaviour, goods: pd.DataFrame) -> None:
    launch = goods.set_index("item_id")["launch_day"]
    for table in (lived.impressions, lived.events[lived.events["item_id"].notna()]):
        day = (table["time"] - pd.Timestamp("2026-03-01")).dt.days
        assert (day.to_numpy() >= launch[table["item_id"]].to_numpy()).all()
    assert (launch > 0).sum() > 20  # so the test says something


@pytest.mark.parametrize(("later", "earlier"), [("purchase", "basket"), ("basket", "view"), ("favourite", "view")])
def test_each_step_follows_the_one_before_it(lived: Behaviour, later: str, earlier: str) -> None:
    columns = ["shopper_id", "item_id", "time"]
    after, before = (of_kind(lived, kind)[columns].sort_values("time") for kind in (later, earlier))
    met = pd.merge_asof(after, before.assign(before=before["time"]), on="time", by=["shopper_id", "item_id"])
    assert len(after) > 100
    assert (met["time"] - met["before"]).max() < pd.Timedelta(hours=2)  # of the same visit; none is missing
    assert met["before"].notna().all()
    assert len(after) < len(before)


def test_a_view_is_of_what_was_just_shown(lived: Behaviour) -> None:
    columns = ["shopper_id", "item_id", "time"]
    views, shown = of_kind(lived, "view")[columns].sort_values("time"), lived.impressions[columns].sort_values("time")
    met = pd.merge_asof(views, shown.assign(shown=shown["time"]), on="time", by=["shopper_id", "item_id"])
    assert (met["time"] - met["shown"]).max() <= pd.Timedelta(seconds=5 + 6 * 20)


@pytest.mark.parametrize("kind", ["return", "review"])
def test_only_what_was_bought_is_sent_back_or_reviewed(lived: Behaviour, kind: str) -> None:
    columns = ["shopper_id", "item_id", "time"]
    after, lines = (of_kind(lived, each)[columns].sort_values("time") for each in (kind, "purchase"))
    met = pd.merge_asof(after, lines.assign(bought=lines["time"]), on="time", by=["shopper_id", "item_id"])
    assert len(after) > 50
    assert met["bought"].notna().all()


def test_reviews_and_aspects_are_the_same_ones(lived: Behaviour) -> None:
    key = ["shopper_id", "item_id", "time"]
    assert len(of_kind(lived, "review").merge(lived.aspects, on=key)) == len(lived.aspects)
    assert set(lived.aspects["stars"]) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert lived.aspects[["fit", "quality", "value", "delivery", "looks"]].abs().max().max() <= 1
    assert correlation(lived.aspects["stars"], lived.aspects["quality"]) > 0.3


def test_lines_of_one_visit_share_a_basket_and_nothing_else_does(lived: Behaviour) -> None:
    lines = of_kind(lived, "purchase")
    by = lines.groupby("basket")
    assert (by["shopper_id"].nunique() == 1).all()
    assert (by["time"].nunique() == 1).all()
    others = lived.events[lived.events["event"] != "purchase"]
    assert others["basket"].is_unique
    assert not set(others["basket"]) & set(lines["basket"])


def test_an_offer_is_what_is_paid_while_it_lasts(lived: Behaviour, bought: pd.DataFrame) -> None:
    each = bought.reset_index().merge(lived.offers, on="item_id")
    now = each[(each["starts"] <= each["time"].dt.normalize()) & (each["time"].dt.normalize() < each["ends"])]
    lowest = now.groupby("index")["offer_price"].min()
    due = bought["price"].where(~bought.index.isin(lowest.index), lowest)
    night = bought["time"].dt.hour < 1  # a visit that went on past midnight pays the price of the day it began on
    difference = (bought["paid"] / bought["quantity"] - due).abs()[~night]
    assert len(lowest) > 20
    assert difference.max() < 0.01


def test_searches_say_what_is_looked_for(lived: Behaviour, goods: pd.DataFrame) -> None:
    searches = of_kind(lived, "search")
    assert searches["item_id"].isna().all()
    assert searches["query"].str.len().min() > 0
    assert lived.events.loc[lived.events["event"] != "search", "query"].isna().all()
    types = "|".join(goods["type"].str.lower().unique())
    understood = searches["query"].str.contains(f"{types}|gift for")
    assert 0.93 < understood.mean() < 0.995  # the rest is mistyped
    assert searches["query"].nunique() > 300
    assert searches["query"].str.startswith("gift for ").any()


# the logging policy


def test_the_recorded_chance_of_a_place_is_how_often_it_happens() -> None:
    times = 60_000
    weights = np.tile(np.array([0.5, 0.2, 0.15, 0.1, 0.05, 0.0]), (times, 1))
    chosen, chance = draw(weights, 3, np.random.default_rng(0))
    for item in range(5):
        first = (chosen[:, 0] == item).mean()
        assert first == pytest.approx(weights[0, item], abs=4 * np.sqrt(0.25 / times))
        assert chance[chosen[:, 0] == item, 0] == pytest.approx(weights[0, item])
    after = chosen[chosen[:, 0] == 0]  # with 0.5 gone, the others' chances double
    for item in range(1, 5):
        assert (after[:, 1] == item).mean() == pytest.approx(2 * weights[0, item], abs=4 * np.sqrt(0.25 / len(after)))
        assert chance[(chosen[:, 0] == 0) & (chosen[:, 1] == item), 1] == pytest.approx(2 * weights[0, item])
    assert (chosen != 5).all()


def test_where_there_are_fewer_candidates_than_places_the_rest_is_empty() -> None:
    chosen, chance = draw(np.array([[0.7, 0.3, 0.0, 0.0]]), 3, np.random.default_rng(0))
    assert chosen[0, 2] == -1
    assert sorted(chosen[0, :2]) == [0, 1]
    assert chance[0, 1:].tolist() == [1.0, 0.0]  # the last one left is certain


def test_exploration_gives_every_candidate_a_chance() -> None:
    weights = mixed(np.array([[1e6, 1.0, 1.0, 5.0]], np.float32), np.array([[True, True, True, False]]), 0.15)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0, 1] == pytest.approx(0.05, abs=1e-4)  # 0.15 / 3
    assert weights[0, 3] == 0


def test_inverse_propensities_tell_the_click_rate_of_another_policy() -> None:
    """Of a uniform policy, from the slates of one that is not; the plain mean is far off."""
    times, m = 40_000, 10
    utility = np.linspace(-2, 2, m)
    weights = mixed(np.exp(np.tile(utility, (times, 1))), np.ones((times, m), bool), 0.2)
    rng = np.random.default_rng(5)
    chosen, chance = draw(weights, 1, rng)
    clicked = rng.random(times) < 1 / (1 + np.exp(-utility[chosen[:, 0]]))
    truth = (1 / (1 + np.exp(-utility))).mean()  # of showing each equally often
    weighed = clicked / chance[:, 0] / m
    assert abs(weighed.mean() - truth) < 4 * weighed.std() / np.sqrt(times)
    assert clicked.mean() > truth + 0.15


def test_inverse_propensities_of_the_impressions_count_the_candidates() -> None:
    """E[1 / chance] is the number of candidates, here all products but those above: at every position."""
    one_type = products(60).assign(type="Mug", department="Kitchen", launch_day=-1, repeat_days=0)
    lived = simulate(one_type, 150, 4, Model(days=90, kinds=(0.0, 0.0, 1.0, 0.0, 0.0)))
    for position in (1, 2, 5, 20):
        inverse = 1 / lived.impressions.loc[lived.impressions["position"] == position, "propensity"]
        assert abs(inverse.mean() - (61 - position)) < 4 * inverse.std() / np.sqrt(len(inverse))
    first = lived.impressions[lived.impressions["position"] == 1]
    each = (1 / first["propensity"]).groupby(first["item_id"]).sum().reindex(one_type["item_id"], fill_value=0)
    plain = first.groupby("item_id").size().reindex(one_type["item_id"], fill_value=0)
    assert each.std() / each.mean() < 0.5 * plain.std() / plain.mean()  # as if all had been shown equally often


# what people do


def test_the_same_product_is_viewed_less_further_down() -> None:
    positions, pages = 20, 20_000
    page = np.repeat(np.arange(pages), positions)
    place = np.tile(np.arange(1, positions + 1), pages)
    k = len(page)
    shown = Shown(page, page, page, np.tile(np.arange(positions), pages), page, place, np.full(k, 0.5), np.zeros(k))
    viewed = choose(shown, Model(), np.random.default_rng(0)).viewed.reshape(pages, positions).mean(axis=0)
    expected = np.arange(1, positions + 1) ** -0.5 / (1 + np.exp(-Model().view_base))
    assert viewed == pytest.approx(expected, abs=0.012)


def test_views_fall_with_the_position_also_in_what_happened(lived: Behaviour) -> None:
    views = of_kind(lived, "view")[["shopper_id", "item_id", "time"]]
    shown = lived.impressions.assign(time=lived.impressions["time"]
                                     + pd.to_timedelta(5 + 6 * lived.impressions["position"], unit="s"))  # fmt: skip
    rate = shown.merge(views.assign(viewed=1), how="left").fillna({"viewed": 0}).groupby("position")["viewed"].mean()
    assert rate[1] > 1.5 * rate[4] > 1.5 * 1.3 * rate[18]


def test_those_who_love_a_style_buy_more_of_it(lived: Behaviour, bought: pd.DataFrame) -> None:
    people = lived.truth.latent.set_index("shopper_id")
    found = []
    for style in ("minimal", "classic", "playful", "casual"):
        share = (bought["style"] == style).groupby(bought["shopper_id"]).mean()
        found.append(correlation(people[f"style: {style}"], share))
    assert min(found) > 0.08
    assert np.mean(found) > 0.2


def test_those_who_mind_prices_pay_less_for_the_same_type(lived: Behaviour, bought: pd.DataFrame) -> None:
    dear = np.log(bought["paid"] / bought["quantity"]) - np.log(bought.groupby("type")["price"].transform("median"))
    people = lived.truth.latent.set_index("shopper_id")
    assert correlation(people["price_sensitivity"], dear.groupby(bought["shopper_id"]).mean()) < -0.3


def test_friends_are_more_alike_than_strangers(lived: Behaviour) -> None:
    people = lived.truth.latent.set_index("shopper_id")
    stage, factors = people["life_stage"], people.filter(like="factor ").to_numpy()
    row = pd.Series(np.arange(N), people.index)
    a, b = (row[lived.friends[column]].to_numpy() for column in ("shopper_id", "friend_id"))
    unit = factors / np.linalg.norm(factors, axis=1, keepdims=True)
    assert (unit[a] * unit[b]).sum(axis=1).mean() > (unit @ unit.T).mean() + 0.3
    assert (stage.to_numpy()[a] == stage.to_numpy()[b]).mean() > 2 * (stage.value_counts(normalize=True) ** 2).sum()


def test_friendship_is_mutual_never_with_oneself_and_of_about_six(lived: Behaviour) -> None:
    pairs = set(zip(lived.friends["shopper_id"], lived.friends["friend_id"], strict=True))
    assert len(pairs) == len(lived.friends)
    assert all((friend, one) in pairs and friend != one for one, friend in pairs)
    assert len(pairs) / N == pytest.approx(6, abs=0.7)


def test_what_is_used_up_is_bought_again_in_its_own_time(bought: pd.DataFrame) -> None:
    used = bought[bought["repeat_days"] > 0]
    gap = used.groupby(["shopper_id", "type"])["time"].diff().dt.total_seconds() / 86_400
    by = gap.groupby(used["repeat_days"])
    assert by.count()[24] > 100
    assert by.median()[24] < by.median()[35] < by.median()[60]
    for days in (24, 35):
        assert days <= by.median()[days] < 2 * days  # the next visit has to come first
        assert (gap[used["repeat_days"] == days] < days / 2).mean() < 0.15
    assert (
        used.duplicated(["shopper_id", "item_id"]).mean()
        > 2 * bought[bought["repeat_days"] == 0].duplicated(["shopper_id", "item_id"]).mean()
    )  # habit


def test_wanting_falls_with_a_purchase_and_comes_back() -> None:
    model = Model()
    since = np.array([1.0, 30.0, 60.0])
    used_up = wanting(since, np.full(3, 30.0), model)
    assert used_up == pytest.approx([-model.sated, (model.due - model.sated) / 2, model.due], abs=0.01)
    lasting = wanting(np.array([0.0, model.sated_days]), np.zeros(2), model)
    assert lasting == pytest.approx([-model.sated, -model.sated / np.e])


def test_a_purchase_is_told_to_friends_and_to_nobody_else(goods: pd.DataFrame) -> None:
    model, rng = Model(), np.random.default_rng(0)
    shelf = catalogue(goods)
    pairs = np.array([[0, 1], [0, 3], [1, 0], [3, 0]])
    memory = start(draw_tastes(5, shelf, model, rng), shelf, np.zeros(M), pairs, rng)
    memory.learn(np.array([[0], [7]]), np.array([[0], [7]]), 12, shelf, model)
    assert np.flatnonzero(memory.by_friend[:, 7] == 12).tolist() == [1, 3]
    assert np.flatnonzero(memory.bought[:, 7] == 12).tolist() == [0]
    assert (memory.bought_type[:, shelf.codes["type"][7]] == 12).tolist() == [True, False, False, False, False]


def test_the_moment_adds_what_its_formula_says(goods: pd.DataFrame) -> None:
    """Four like shoppers and one product on day 40: nothing, a friend's purchase today, an offer, the mission."""
    model, rng = Model(), np.random.default_rng(0)
    shelf = catalogue(goods)
    tastes = draw_tastes(4, shelf, model, rng)
    prices = np.tile(shelf.price, (model.days, 1))
    memory = start(tastes, shelf, np.zeros(M), np.zeros((0, 2), np.int64), rng)
    setting = Setting(shelf, tastes, model, np.zeros((4, M)), seasons(shelf, model), prices)
    who, what, none = np.arange(4), np.full(4, 7), np.full(4, -1)
    before = setting.at(who, what, none, 40, memory)
    memory.by_friend[1, 7] = 40
    mission = np.where(who == 3, shelf.codes["type"][7], -1)
    assert setting.at(who, what, mission, 40, memory) - before == pytest.approx([0, model.friend, 0, model.mission])
    prices[40, 7] = shelf.price[7] / 2
    cheaper = setting.at(who, what, mission, 40, memory) - before - np.array([0, model.friend, 0, model.mission])
    assert cheaper == pytest.approx(tastes.price * np.log(2) + model.offer_pull)


def test_things_sell_in_their_season() -> None:
    """All else equal, summer things sell better in July than in March, beside winter things."""
    things = products(200).assign(season=np.where(np.arange(200) % 2, "summer", "winter"), launch_day=-1)
    lived = simulate(things, 300, 6)
    lines = of_kind(lived, "purchase").merge(things, on="item_id")
    summer = (lines["season"] == "summer").groupby(lines["time"].dt.month).mean()
    assert summer[7] > summer[3] + 0.15


def test_a_few_products_sell_much_and_most_little(bought: pd.DataFrame) -> None:
    counts = np.sort(bought["item_id"].value_counts().reindex([f"P{row:05d}" for row in range(M)], fill_value=0))
    gini = 2 * (np.arange(1, M + 1) * counts).sum() / (M * counts.sum()) - (M + 1) / M
    assert 0.45 < gini < 0.9


# the truth


def test_what_is_worth_something_is_what_is_better_than_nothing(lived: Behaviour) -> None:
    worth = lived.truth.worth_on(0)
    assert worth.shape == (N, M)
    assert worth.dtype == np.float32
    sold = lived.truth.products["launch_day"].to_numpy() <= 0
    unchanged = lived.truth.changes_on > 0
    assert (worth[unchanged][:, sold] == np.maximum(lived.truth.utility[unchanged][:, sold], 0.0)).all()
    assert 0.01 < (worth[:, sold] > 0).mean() < 0.6  # most things are not for everybody


def test_on_a_day_only_what_is_sold_by_then_is_worth_anything(lived: Behaviour) -> None:
    later = lived.truth.products["launch_day"].to_numpy() > 0
    assert later.any()
    assert not lived.truth.worth_on(0)[:, later].any()
    assert lived.truth.worth_on(int(lived.truth.model.days) - 1)[:, later].any()


def test_people_buy_what_is_worth_more_to_them(lived: Behaviour, bought: pd.DataFrame) -> None:
    shopper = pd.Index(lived.shoppers["shopper_id"]).get_indexer(bought["shopper_id"])
    item = pd.Index(lived.truth.products["item_id"]).get_indexer(bought["item_id"])
    assert lived.truth.utility[shopper, item].mean() > lived.truth.utility.mean() + lived.truth.utility.std()


def test_a_life_stage_may_change_once_and_changes_what_is_needed(lived: Behaviour) -> None:
    people = lived.truth.latent
    changes = people["changes_on"].to_numpy() >= 0
    assert 0.04 < changes.mean() < 0.2
    assert ((people["life_stage"] != people["life_stage_later"]) == changes).all()
    assert (lived.shoppers["life_stage"] == people["life_stage"]).all()  # the shop knows the first one only
    row = int(np.flatnonzero(changes)[0])
    day = int(people["changes_on"][row])
    assert (lived.truth.utility_on(row, day - 1) == lived.truth.utility[row]).all()
    assert (lived.truth.utility_on(row, day) != lived.truth.utility[row]).any()
