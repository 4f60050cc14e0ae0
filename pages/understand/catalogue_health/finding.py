"""What each section of the Catalogue health page found, in one sentence with figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pages.shared.finding import part_of_them, percent
from pages.shared.wording import count, plain
from recsys import schema as s

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys.datasets.health import HealthReport
    from recsys.shops.contract import Shop


def sentence(section: str, report: HealthReport, shop: Shop) -> str:
    """The finding of a section as Markdown, counts as the people of the shop write them."""
    return plain(FINDINGS[section](report, shop))


def _products(report: HealthReport) -> int:
    return len(report.department_rows)


def _loaded(report: HealthReport, shop: Shop) -> str:
    """What was dropped of the table of which most was, and the rule that took most."""
    products = f"{shop.number(_products(report))} products are in the shop"
    rules = report.cleaning
    by_table = rules.groupby("table")[s.DROPPED].sum()
    if by_table.empty or by_table.max() == 0:
        return f"Nothing was dropped: {products}."
    name = str(by_table.idxmax())
    of_table = rules[rules["table"] == name]
    read, gone = int(of_table["seen"].iloc[0]), int(by_table.max())
    most = of_table.sort_values(s.DROPPED, ascending=False, kind="stable").iloc[0]
    part = int(most[s.DROPPED])
    why = f"{part_of_them(part / gone)} as “{most[s.RULE]}” ({shop.number(part)})"
    share = percent(gone / read)
    return f"Of {shop.number(read)} {name} {shop.number(gone)} ({share}) were dropped, {why}; {products}."


def _missing(report: HealthReport, shop: Shop) -> str:
    holes = report.missing[report.missing["missing"] > 0]
    number, total = shop.number, _products(report)
    if holes.empty:
        return f"Nothing is missing: all {number(total)} products have every value that pages show."
    worst = holes.iloc[0]
    rest = len(report.missing) - len(holes)
    return (
        f"{number(int(worst['missing']))} of {number(total)} products ({percent(float(worst['share']))}) have no "
        f"{str(worst['column']).replace('_', ' ')}; {rest} of {len(report.missing)} columns are complete."
    )


def _duplicates(report: HealthReport, shop: Shop) -> str:
    if report.duplicates.empty:
        return f"Every one of {shop.number(_products(report))} products has a title of its own."
    alike = len(report.duplicate_rows)
    return (
        f"{shop.number(alike)} products ({percent(alike / _products(report))}) share their title with another one: "
        f"{count(len(report.duplicates), 'title', shop=shop)} for several products."
    )


def _outliers(report: HealthReport, shop: Shop) -> str:
    odd = report.price_outliers
    if odd.empty:
        return "No price is far from what is usual in its category."
    dear = int((odd["z"] > 0).sum())
    return (
        f"{shop.number(len(odd))} products ({percent(len(odd) / _products(report))}) cost far from what is usual in "
        f"their category: {shop.number(dear)} more, {shop.number(len(odd) - dear)} less."
    )


def _departments(report: HealthReport, shop: Shop) -> str:
    table = report.departments
    if table.empty:
        return "The catalogue has no departments."
    first = table.iloc[0]
    share = percent(int(first["products"]) / max(_products(report), 1))
    return (
        f"“{first[s.DEPARTMENT]}” is the largest of {len(table)} departments: {shop.number(int(first['products']))} "
        f"products, {share} of all."
    )


def _tail(report: HealthReport, shop: Shop) -> str:
    heads, once = report.concentration, len(report.tail_rows)
    half = float(heads.loc[heads["products"] == 0.10, s.PURCHASES].iloc[0])
    return (
        f"The best-selling tenth of products makes {percent(half)} of all purchases, and {shop.number(once)} products "
        f"({percent(once / max(_products(report), 1))}) were sold only once."
    )


FINDINGS: Final[dict[str, Callable[[HealthReport, Shop], str]]] = {
    "loaded": _loaded, "missing": _missing, "duplicates": _duplicates, "outliers": _outliers,
    "departments": _departments, "tail": _tail,
}  # fmt: skip
