"""The sections of the Catalogue health page: a drawing, plain words, the rows behind it, and an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.drawing import draw
from pages.shared.facts import Fact, facts
from pages.shared.tables import MOST_ROWS, export, money_column, product_columns
from pages.shared.wording import count, plain
from recsys import schema as s
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys.datasets.health import HealthReport
    from recsys.engine import Engine
    from recsys.shops.contract import Shop

SECTIONS: Final = {
    "loaded": "Loaded & dropped",
    "missing": "Missing values",
    "duplicates": "Look-alikes",
    "outliers": "Odd prices",
    "departments": "Departments",
    "tail": "Long tail",
}
NEEDS: Final = {
    "outliers": Capability.PRICES,
    "departments": Capability.DEPARTMENTS,
    "tail": Capability.PURCHASES,
}


def columns(shop: Shop) -> dict[str, Any]:
    """How the columns of the report are shown."""
    number, people = st.column_config.NumberColumn, shop.people.many.capitalize()
    return product_columns(shop) | {
        s.ITEM: None,
        s.RULE: st.column_config.TextColumn("Rule", width="medium"),
        "table": st.column_config.TextColumn("Table"),
        "seen": number("Rows seen", format="localized"),
        s.DROPPED: number("Dropped", format="localized"),
        "share": number("Share", format="percent"),
        s.WHY: None,  # a sentence is cut off in a cell: the reasons stand below
        "column": st.column_config.TextColumn("Column"),
        "missing": number("Missing", format="localized"),
        "cost": None,
        "cheapest": money_column("Cheapest", shop),
        "dearest": money_column("Dearest", shop),
        "usual": money_column("Usual price", shop, "Median price of the category"),
        "z": number("Distance", format="%.1f", help="Robust z-score of the log price"),
        "categories": number("Categories", format="localized"),
        "house_brand": number(f"{shop.words.house_brand}s", help="Share of products", format="percent"),
        "median_price": money_column("Median price", shop),
        s.BUYERS: number(people, format="localized", help=f"{people} that bought it"),
        s.SOURCE_TEXT: st.column_config.TextColumn("As the source spells it", width="medium"),
    }


@st.cache_resource(show_spinner=False, max_entries=2)
def _report_of(version: str, _engine: Engine) -> HealthReport:
    return _engine.health()


def report_of(engine: Engine) -> HealthReport:
    """The report, computed once per prepared data set."""
    return _report_of(engine.plan.versions["dataset"], engine)


def figures(report: HealthReport) -> None:
    """The few numbers that sum the report up."""
    st.markdown("#### The catalogue in figures")
    facts([Fact(figure.label, figure.value, plain(figure.note)) for figure in report.figures], border=True)


def offered(engine: Engine) -> dict[str, str]:
    """The sections that have something to say about this shop."""
    has = engine.capabilities.has
    return {name: label for name, label in SECTIONS.items() if name not in NEEDS or has(NEEDS[name])}


def chosen_section(engine: Engine) -> str:
    """Which section is shown; one that this shop has nothing for is said and replaced."""
    known, chosen = offered(engine), str(state.choices()["section"])
    if chosen not in known:
        st.info(engine.capabilities.missing(NEEDS[chosen])[0], icon=":material/info:")
        state.choices()["section"] = next(iter(known))
        st.session_state[state.control_key("section")] = state.choices()["section"]
    return str(state.choices()["section"])


def picker(engine: Engine) -> None:
    """The sections. A segmented control, since hidden tabs would be computed too."""
    st.segmented_control(
        "Section",
        list(offered(engine)),
        format_func=SECTIONS.__getitem__,
        key=state.seed_control("section"),
        on_change=state.take_control,
        args=("section",),
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )


def rows(title: str, table: pd.DataFrame, file_name: str, empty: str) -> None:
    """A table under its title with an export; `empty` says what it means that there is nothing."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(title)}** · {count(len(table), 'row', shop=state.open_shop())}")
        export(table, file_name, f"health.{file_name}")
    if table.empty:
        st.success(empty, icon=":material/check_circle:")
    else:
        st.dataframe(
            table.head(MOST_ROWS),
            key=f"health.{file_name}.table",
            hide_index=True,
            column_config=columns(state.open_shop()),
            height=min(38 + 35 * len(table), 420),
        )
    if len(table) > MOST_ROWS:
        number = state.open_shop().number
        st.caption(f"The first {number(MOST_ROWS)} rows are shown; the CSV holds all {number(len(table))}.")


def reasons(title: str, said: Sequence[tuple[str, str]]) -> None:
    """Sentences that belong to the rows of a table, each in full."""
    if said:
        st.markdown(f"**{title}**")
        st.markdown("\n".join(f"- **{plain(what)}:** {plain(why)}" for what, why in said))


def loaded(report: HealthReport) -> None:
    """What was read, what each rule dropped, and why."""
    from recsys.plots.health import dropped_waterfall

    for name, rules in report.cleaning.groupby("table", sort=False):
        if rules[s.DROPPED].sum() > 0:
            seen, dropped = int(rules["seen"].iloc[0]), rules[s.DROPPED].tolist()
            figure = dropped_waterfall(seen, rules[s.RULE].tolist(), dropped, str(name), state.open_shop().money)
            draw(figure, f"health.dropped.{name}", f"Waterfall: how many {name} each cleaning rule dropped.")
    st.caption("Each rule sees what the rules before it kept. Nothing is dropped without being counted here.")
    rows("What was dropped", report.cleaning, "dropped.csv", "No rule dropped anything.")
    number = state.open_shop().number
    reasons(
        "Why",
        [(f"{r[s.RULE]} ({number(r[s.DROPPED])} {r['table']})", r[s.WHY]) for r in report.cleaning.to_dict("records")],
    )


def missing(report: HealthReport) -> None:
    """Empty values by column and the products they belong to."""
    from recsys.plots.health import share_bars

    table = report.missing
    draw(
        share_bars(table["column"].tolist(), table["share"].tolist(), "Empty values by column", "share of products"),
        "health.missing",
        "Bars: the share of products in which each column is empty.",
    )
    rows("Empty values by column", table, "missing.csv", "Every column is complete.")
    reasons("What an empty value costs", list(zip(table["column"], table["cost"], strict=True)))
    rows("Products with an empty value", report.missing_rows, "missing_rows.csv", "Every product is complete.")


def duplicates(report: HealthReport) -> None:
    """Titles that several products share."""
    st.caption(
        "Products of different makers or packages can read the same, because the source tells them apart only by a "
        "number. The shelf folds them; here they all are."
    )
    rows("Titles that several products share", report.duplicates, "shared_titles.csv", "Every title is unique.")
    rows("The products behind them", report.duplicate_rows, "look_alikes.csv", "No two products read the same.")


def outliers(report: HealthReport) -> None:
    """Prices far from what is usual in their category."""
    from recsys.plots.health import price_scatter

    odd = report.price_outliers
    if not odd.empty:
        figure = price_scatter(
            odd["usual"].to_numpy(float),
            odd[s.PRICE].to_numpy(float),
            odd[s.TITLE].tolist(),
            state.open_shop().money,
        )
        draw(figure, "health.outliers", "Scatter: odd prices against the usual price of their category.")
    st.caption(
        "A price is odd when it lies more than 3.5 robust standard deviations from its category's median, on a log "
        "scale. Many are right (one large package among small ones); each is worth a look."
    )
    rows("Odd prices, farthest first", odd, "odd_prices.csv", "No price is far from its category's usual.")


def departments(report: HealthReport) -> None:
    """How many products each department holds."""
    from recsys.plots.health import count_bars

    table = report.departments
    names = [f"{icon} {name}" for icon, name in zip(table[s.ICON], table[s.DEPARTMENT], strict=True)]
    draw(
        count_bars(names, table["products"].tolist(), "Products by department", "products", state.open_shop().money),
        "health.departments",
        "Bars: how many products each department holds.",
    )
    rows("Departments", table, "departments.csv", "The catalogue has no departments.")
    wanted = st.selectbox("Products of", table[s.DEPARTMENT].tolist(), key="health.department")
    behind = report.department_rows[report.department_rows[s.DEPARTMENT] == wanted]
    rows(f"Products of {wanted}", behind, "department_products.csv", "This department is empty.")


def tail(report: HealthReport) -> None:
    """How unevenly products sell."""
    from recsys.plots.health import lorenz_curve

    curve, heads = report.lorenz, report.concentration
    figure = lorenz_curve(curve["products"].tolist(), curve[s.PURCHASES].tolist(), report.gini)
    draw(figure, "health.lorenz", "Lorenz curve: the share of purchases that the least-sold products make.")
    st.caption(
        "The further the curve hangs below the straight line, the fewer products carry the shop; the Gini coefficient "
        "says it in one number, from 0 (all sell alike) to 1 (one product sells everything)."
    )
    config = {
        "products": st.column_config.NumberColumn("Best-selling share of products", format="percent"),
        "count": st.column_config.NumberColumn("Products", format="localized"),
        s.PURCHASES: st.column_config.NumberColumn("Share of purchases", format="percent"),
    }
    st.dataframe(heads, key="health.heads", hide_index=True, column_config=config)
    export(heads, "best_sellers.csv", "health.best_sellers")
    rows("Products sold only once", report.tail_rows, "sold_once.csv", "Every product was sold more than once.")


BODIES: Final = {"loaded": loaded, "missing": missing, "duplicates": duplicates, "outliers": outliers,
                 "departments": departments, "tail": tail}  # fmt: skip
