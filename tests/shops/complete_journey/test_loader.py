from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.datasets.contract import Dataset
from recsys.errors import DataError
from recsys.settings import PROJECT
from recsys.shops.complete_journey import loader as complete_journey
from tests.shops.complete_journey.source import LINES, PRODUCTS, Source


def dropped(dataset: Dataset, table: str) -> dict[str, int]:
    return {r.rule: r.dropped for r in dataset.cleaning if r.table == table and r.dropped}


def test_each_rule_counts_what_it_dropped(small: Dataset) -> None:
    assert dropped(small, "purchase lines") == {
        "unknown products": 1, "fuel": 1, "gift cards and prepaid credit": 1, "no product type": 1, "no quantity": 1,
        "impossible quantities": 1,
    }  # fmt: skip
    assert dropped(small, "products") == {
        "fuel": 1,
        "gift cards and prepaid credit": 1,
        "no product type": 1,
        "never sold": 1,
    }
    assert small.cleaning[0].seen == 11
    assert len(small.events) == 11 - 6
    assert all(rule.why for rule in small.cleaning)


def test_the_price_is_the_median_of_paid_plus_discounts_per_unit(small: Dataset) -> None:
    price = small.items.set_index(s.ITEM_ID)[s.PRICE]
    # line 1: paid 4.00 - 0.50, discounts 1.00 + 0.50 + 0.20, two of them: 2.60 each; line 2: 2.40
    assert price[10] == pytest.approx((2.60 + 2.40) / 2)
    assert price[20] == pytest.approx((3.00 + 5.00) / 2)
    assert np.isnan(price[70])  # only ever free of charge


def test_what_was_paid_leaves_out_the_manufacturers_coupon(small: Dataset) -> None:
    assert small.events[s.PAID].iloc[0] == pytest.approx(4.00 - 0.50)


def test_a_product_reads_as_a_person_says_it(small: Dataset) -> None:
    row = small.items.iloc[0]
    assert row[s.TITLE] == "Frozen waffles, pancakes & French toast, 19.8 oz · store brand"
    assert row[s.TEXT] == "Frozen waffles, pancakes & French toast, 19.8 oz, store brand. Frozen breakfast."
    assert row[s.SOURCE_TEXT] == "FRZN BREAKFAST FOODS / WAFFLES/PANCAKES/FRENCH TOAST / 19.8 OZ / Private"
    assert (row[s.PURCHASES], row[s.BUYERS], row[s.LAST_DAY]) == (2, 1, 7)


def test_a_product_without_category_is_filed_with_its_like(small: Dataset) -> None:
    row = small.items.set_index(s.ITEM_ID).loc[70]
    assert (row[s.CATEGORY], row[s.DEPARTMENT], row[s.SIZE]) == ("Cold cereal", "Grocery", "12 x 12 oz")


def test_products_of_one_kind_share_name_and_brand(small: Dataset) -> None:
    kind = small.items.set_index(s.ITEM_ID)[s.KIND]
    assert kind[20] == kind[70] != kind[10]


def test_a_household_that_bought_only_what_was_dropped_stays_without_history(small: Dataset) -> None:
    shoppers = small.shoppers.set_index(s.SHOPPER_ID)
    assert list(shoppers.index) == [1, 2, 3]
    assert shoppers.loc[2, s.BASKETS] == 0
    assert shoppers.loc[2, s.FEATURED] == -1
    assert shoppers.loc[2, s.LABEL] == "Bought nothing but fuel, gift cards or services"


def test_rows_are_positions_and_events_are_in_order(small: Dataset) -> None:
    assert list(small.items[s.ITEM]) == [0, 1, 2]
    assert list(small.items[s.ITEM_ID]) == [10, 20, 70]
    assert list(zip(small.events[s.SHOPPER], small.events[s.ITEM], strict=True)) == [
        (0, 0),
        (0, 0),
        (0, 1),
        (2, 1),
        (2, 2),
    ]


def test_loading_twice_gives_the_same(source: Source) -> None:
    source()
    first, second = complete_journey.load(), complete_journey.load()
    for table in ("items", "shoppers", "events"):
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table))


@pytest.mark.parametrize("file", list(complete_journey.COLUMNS))
def test_a_missing_source_file_is_named_with_a_remedy(source: Source, file: str) -> None:
    (source() / file).unlink()
    with pytest.raises(DataError, match=rf"{file} .*missing.*reinstall"):
        complete_journey.load()


@pytest.mark.parametrize("file", list(complete_journey.COLUMNS))
def test_a_truncated_source_file_is_named_with_a_remedy(source: Source, file: str) -> None:
    path = source() / file
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match=rf"{file} .*cannot be read.*reinstall"):
        complete_journey.load()


def test_a_source_with_other_columns_is_refused(source: Source) -> None:
    source(products=PRODUCTS.drop(columns="brand"))
    with pytest.raises(DataError, match=r"products.parquet .*cannot be read.*reinstall"):
        complete_journey.load()


def test_a_source_with_wrong_values_names_column_and_rows(source: Source) -> None:
    source(transactions=LINES.assign(sales_value=[-1.0, *LINES["sales_value"][1:]]))
    with pytest.raises(DataError, match=r"sales_value.*transactions.parquet.*greater_than_or_equal_to\(0\).*first: 0"):
        complete_journey.load()


def test_two_products_of_one_id_are_refused(source: Source) -> None:
    source(products=pd.concat([PRODUCTS, PRODUCTS.head(1)]))
    with pytest.raises(DataError, match="product_id"):
        complete_journey.load()


def test_a_package_that_is_not_installed_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    complete_journey.source_folder.cache_clear()
    monkeypatch.setattr(complete_journey, "PACKAGE", "no_such_package_at_all")
    with pytest.raises(DataError, match=r"not installed.*make demo"):
        complete_journey.source_folder()
    complete_journey.source_folder.cache_clear()


def test_the_version_changes_with_the_source_and_the_sample(source: Source) -> None:
    source()
    before = complete_journey.version()
    assert complete_journey.version() == before
    assert complete_journey.version(300) != before
    source(transactions=LINES.head(5))
    assert complete_journey.version() != before


def test_the_readme_states_the_hashes_of_the_files_that_are_read() -> None:
    readme = (PROJECT / "data" / "README.md").read_text(encoding="utf-8")
    folder: Path = complete_journey.source_folder()
    for name in complete_journey.COLUMNS:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() in readme


class TestTheRealSource:
    def test_holds_every_household_and_most_lines(self, real: Dataset) -> None:
        lines = [r for r in real.cleaning if r.table == "purchase lines"]
        products = [r for r in real.cleaning if r.table == "products"]
        assert len(real.shoppers) == 2469
        assert lines[0].seen == 1_469_307 == len(real.events) + sum(r.dropped for r in lines)
        assert products[0].seen == 92_331 == len(real.items) + sum(r.dropped for r in products)

    def test_has_nothing_that_is_no_product(self, real: Dataset) -> None:
        source = real.items[s.SOURCE_TEXT]
        for word in ("GASOLINE", "GIFT CARD", "TICKETS", "DONATION", "DEPOSIT", "COUPON", "RENTAL", "KEY RING / "):
            assert not source.str.contains(word, regex=False).any(), word

    def test_gives_nearly_every_product_a_price(self, real: Dataset) -> None:
        assert real.items[s.PRICE].isna().sum() == 3

    def test_lists_twelve_varied_households_with_different_labels(self, real: Dataset) -> None:
        listed = real.shoppers[real.shoppers[s.FEATURED] >= 0]
        assert sorted(listed[s.FEATURED]) == list(range(12))
        assert listed[s.LABEL].nunique() == 12
        assert (listed[s.BASKETS] >= 20).all()
        assert listed[s.LABEL].str.split(",").str[0].nunique() >= 3


@pytest.mark.parametrize(
    ("size", "department", "price", "case"),
    [
        ("40 lb", "Produce", 1.01, True),  # bananas: $0.03 a pound
        ("10 lb", "Produce", 3.99, False),  # potatoes: $0.40 a pound
        ("24 count", "Produce", 0.99, True),  # head lettuce: $0.04 each
        ("48 to 54 count", "Produce", 0.99, True),  # green peppers
        ("4 count", "Produce", 2.50, False),
        ("12 count", "Produce", 3.00, False),  # $0.25 each
        ("40 lb", "Grocery", 5.00, False),  # cat litter
        ("", "Produce", 1.00, False),
        ("40 lb", "Produce", float("nan"), False),
    ],
)
def test_loose_produce_does_not_carry_the_size_of_its_shipping_case(
    size: str, department: str, price: float, case: bool
) -> None:
    found = complete_journey._shipping_case(pd.Series([size]), pd.Series([department]), pd.Series([price]))
    assert found.tolist() == [case]


def test_a_product_in_a_category_where_few_of_its_type_are_is_misfiled() -> None:
    names = complete_journey.naming.product_names().names
    in_many = next(raw for raw, category in names if category != complete_journey.naming.ANY_CATEGORY)
    types = ["GADGETS/TOOLS"] * 21 + [in_many] * 20
    categories = ["KITCHEN GADGETS"] * 20 + ["BEERS/ALES"] + ["BACON"] * 19 + ["DINNER SAUSAGE"]
    products = pd.DataFrame({"product_id": range(41), "product_type": types, "product_category": categories})
    misfiled = complete_journey._misfiled(products)
    assert misfiled[misfiled].index.tolist() == [20]  # the other type means something in every category
