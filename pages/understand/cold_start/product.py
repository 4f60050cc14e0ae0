"""A new product: what it is like, whom it would reach, what it would displace, how its like did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures, state, strip
from pages.shared.drawing import draw
from pages.shared.finding import finding, percent
from pages.shared.tables import where
from pages.shared.wording import count, currency, cut, money, plain
from pages.understand.cold_start import measured
from pages.understand.cold_start.views import (
    NEW_ATTRIBUTES,
    NEW_BRAND,
    NEW_CATEGORY,
    NEW_PRICE,
    NEW_TEXT,
    NEW_TITLE,
)
from recsys.engine.new_products import LADDER, MOST_DESCRIPTION, NewProduct, read_price
from recsys.errors import BadRequestError, ShelfLensError
from recsys.schema import Request
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.new_products import FirstMonth, Foreseen, Reach

IN_LINK: Final = 100  # characters of a text that stand in the address
LONG: Final = "cold.long"  # a description too long for the address, for as long as the session lasts
LOOKS_LIKE: Final = 8  # products
CARD: Final = 110  # pixels
TITLE_LENGTH: Final = 50
ALIKE: Final = 0.999  # cosine from which two texts are read as the same


def section(engine: Engine) -> None:
    """The form, and all that can be said before the product is there."""
    st.caption("What you type is looked at and forgotten: the product is never put into the shop.")
    _form(engine)
    _picture(engine)
    if not str(state.choices()[NEW_TITLE]).strip():
        st.info(
            "Type what the product is called, and see what it is like, whom it would reach and what its like sold. A "
            "category and a price make it surer.",
            icon=":material/edit:",
        )
    else:
        try:
            foreseen = engine.new_products.foresee(_typed(engine))
        except BadRequestError as error:
            st.warning(plain(error.one_line()), icon=":material/report:")
        else:
            _told(engine, foreseen)
    measured.of_items(engine)


def _form(engine: Engine) -> None:
    shop = engine.shop
    left, right = st.columns(2, gap="medium")
    with left:
        _field(NEW_TITLE, "Title", "What it is: “Red ceramic table lamp”", "As a title in the shop reads.")
        _field(NEW_ATTRIBUTES, "Attributes", "red, ceramic, modern", "Values, with commas between: they are read too.")
        _description()
    with right:
        categories = ("", *engine.new_products.categories)
        if len(categories) > 1:
            _category(categories)
        _field(NEW_BRAND, "Brand", "", "Who makes it.")
        if engine.capabilities.has(Capability.PRICES):
            _field(
                NEW_PRICE, f"Price ({currency(shop)})", "19.90", "Products of the same fifth of prices are compared."
            )


def _picture(engine: Engine) -> None:
    """A picture of it, and what looks most like that; nothing where the shop's pictures cannot be compared."""
    if not engine.sees:
        return
    from recsys.engine.looking import ENDINGS, MAX_MB

    help = "It is looked at and forgotten, and not part of the link."
    file = st.file_uploader("Picture", type=list(ENDINGS), key="cold.picture", max_upload_size=MAX_MB, help=help)
    if file is None:
        return
    try:
        seen = engine.look(file.getvalue())
    except ShelfLensError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    answer = engine.answer(Request(looks=seen.looks, k=LOOKS_LIKE))
    st.markdown(f"**Its picture looks most like** :gray[{plain(seen.sentence)}]")
    with st.grid(LOOKS_LIKE, min_column_width=CARD, gap="xsmall"):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(gap="xxsmall"):
                st.markdown(picture)
                st.caption(plain(cut(item.title, TITLE_LENGTH)))


def _field(name: str, label: str, placeholder: str, help: str) -> None:
    st.text_input(
        label,
        key=state.seed_control(name),
        on_change=state.take_control,
        args=(name,),
        max_chars=IN_LINK,
        placeholder=placeholder,
        help=help,
    )


def _category(categories: tuple[str, ...]) -> None:
    wanted = str(state.choices()[NEW_CATEGORY])
    if wanted not in categories:
        strip.notes([f"There is no category “{wanted}” here; none is chosen."], icon=":material/link_off:")
        wanted = state.choices()[NEW_CATEGORY] = ""
    key = state.control_key(NEW_CATEGORY)
    st.session_state[key] = wanted
    st.selectbox(
        "Category",
        categories,
        format_func=_category_said,
        key=key,
        on_change=state.take_control,
        args=(NEW_CATEGORY,),
        help="One of those there are, or none.",
    )


def _category_said(name: str) -> str:
    return name or "None"


def _description() -> None:
    key = state.control_key("describe.text")
    short = str(state.choices()[NEW_TEXT])
    if short:
        st.session_state.pop(LONG, None)
    st.session_state[key] = short or st.session_state.get(LONG, "")
    st.text_area("Description", key=key, on_change=_described, height=100, placeholder="Read only where you say so")
    if st.session_state.get(LONG):
        st.caption(f"A description of more than {IN_LINK} characters is not part of the link.")
    read = state.control_key("describe")
    st.session_state[read] = state.choices()["describe"] == "all"
    st.toggle(
        "Read the description too",
        key=read,
        on_change=_read_too,
        help="The texts of products here are read without their descriptions, so that a new one is compared fairly "
        "without its own.",
    )


def _described() -> None:
    """Callback: a description was typed; a short one stands in the address, a long one in this session alone."""
    text = str(st.session_state[state.control_key("describe.text")])
    st.session_state.pop(LONG, None)
    if len(text) > IN_LINK:
        st.session_state[LONG] = text[: MOST_DESCRIPTION + 1]  # one too many is enough to say that it is too long
    state.choose(**{NEW_TEXT: text if len(text) <= IN_LINK else ""})


def _read_too() -> None:
    """Callback: whether the description is read."""
    state.choose(describe="all" if st.session_state[state.control_key("describe")] else "title")


def _typed(engine: Engine) -> NewProduct:
    """What was typed. Raises BadRequestError for a price that is no number."""
    chosen = {name: str(state.choices()[name]).strip() for name in (NEW_TITLE, NEW_BRAND, NEW_CATEGORY, NEW_ATTRIBUTES)}
    description = str(state.choices()[NEW_TEXT]) or str(st.session_state.get(LONG, ""))
    return NewProduct(
        chosen[NEW_TITLE],
        chosen[NEW_CATEGORY],
        chosen[NEW_BRAND],
        _price(engine),
        tuple(filter(None, (each.strip() for each in chosen[NEW_ATTRIBUTES].split(",")))),
        description if state.choices()["describe"] == "all" else "",
    )


def _price(engine: Engine) -> float | None:
    typed = str(state.choices()[NEW_PRICE]).strip()
    if not typed or not engine.capabilities.has(Capability.PRICES):
        return None
    if (price := read_price(typed, engine.shop.money.locale)) is not None:
        return price
    example = engine.shop.money.number(1299.9, 2)
    raise BadRequestError(
        f"a price of {typed[:20]!r} is no number here",
        allowed=f"digits as this shop writes them, {example} say, or with a point or a comma before the cents",
        remedy="type 19.90, say",
    )


def _told(engine: Engine, foreseen: Foreseen) -> None:
    finding(plain(_sentence(engine, foreseen)))
    strip.notes(foreseen.notes)
    _nearest(engine, foreseen)
    left, right = st.columns(2, gap="medium")
    with left:
        if foreseen.reach is not None:
            _reach(engine, foreseen.reach)
        _map(engine, foreseen)
    with right:
        if foreseen.month is not None:
            _month(engine, foreseen.month)
        if foreseen.reach is not None:
            _displaced(engine, foreseen.reach)
    _changes(engine, foreseen)


def _sentence(engine: Engine, foreseen: Foreseen) -> str:
    row, cosine = foreseen.nearest[0]
    said = f"It is most like “{cut(str(engine.catalogue.titles[row]), TITLE_LENGTH)}” ({cosine:.2f})"
    if foreseen.reach is not None:
        ten, hundred = foreseen.reach.within
        people = count(foreseen.reach.people, engine.shop.people.one, engine.shop.people.many, shop=engine.shop)
        said += f"; by taste alone it would be among the first ten of {ten} of {people}, the first hundred of {hundred}"
    if foreseen.month is not None:
        said += f"; its like had {foreseen.month.mean:.1f} buyers in their first month"
    return said + "."


def _nearest(engine: Engine, foreseen: Foreseen) -> None:
    st.markdown("**Nearest products**")
    shown = pictures.of_rows(engine, [row for row, _ in foreseen.nearest])
    with st.grid(len(foreseen.nearest), min_column_width=CARD, gap="xsmall"):
        for (row, cosine), picture in zip(foreseen.nearest, shown, strict=True):
            with st.container(gap="xxsmall"):
                st.markdown(picture)
                price = money(float(engine.catalogue.prices[row]), engine.shop)
                known = price if engine.capabilities.has(Capability.PRICES) else ""
                st.caption(plain(cut(str(engine.catalogue.titles[row]), TITLE_LENGTH)))
                st.caption(f":gray[{plain(' · '.join(filter(None, [f'{cosine:.2f}', known])))}]")
    alike = engine.new_products.alike
    close = (
        "exactly as the products of this shop are"
        if alike >= ALIKE
        else f"nearly as the products of this shop are: those, read this way, are {alike:.2f} like themselves"
    )
    st.caption(
        plain(f"Read as “{cut(foreseen.text, 200)}”, {close}. The figures are cosines: 1 is the same, 0 unlike.")
    )


def _reach(engine: Engine, reach: Reach) -> None:
    from recsys.plots.cold_start import places

    with st.container(border=True):
        draw(
            places(reach.ranks, LADDER, engine.shop.people.many),
            "cold.places",
            f"Bars: on {reach.within[0]} lists among the first ten, on {reach.within[1]} among the first hundred.",
        )
        st.caption(
            f"Its exact place on the list of each of {reach.people:,} {plain(engine.shop.people.many)}, each kind of "
            "product counted once, by taste alone (cosine with what they bought): the storefront's learned order was "
            "made before this product and cannot place it."
        )


def _map(engine: Engine, foreseen: Foreseen) -> None:
    from recsys.plots.cold_start import on_map

    planes = [each for each in engine.maps() if each.dims == 2]
    if not planes:
        return
    method = planes[0].method
    spot = engine.place(method, 2, foreseen.vector[None])[0]
    near = [row for row, _ in foreseen.nearest]
    names = [str(engine.catalogue.titles[row]) for row in near]
    with st.container(border=True):
        figure = on_map(engine.map_positions(method, 2), names, near, spot)
        draw(figure, "cold.map", "Map: the new product as a star among the products nearest to it.")


def _month(engine: Engine, month: FirstMonth) -> None:
    from recsys.plots.cold_start import first_month

    titles = [cut(str(engine.catalogue.titles[row]), TITLE_LENGTH) for row in month.rows]
    with st.container(border=True):
        st.metric(
            "Buyers expected in the first month",
            f"{month.median:.0f} ({month.low:.0f} to {month.high:.0f})",
            help="The median of how many bought each comparable product in its first 30 days, and the range of the "
            "middle 80 of 100 of them.",
        )
        draw(
            first_month(titles, month.buyers.tolist(), month.low, month.median, month.high),
            "cold.month",
            f"Bars: buyers of {len(titles)} comparable products in their first month, {month.mean:.1f} on average.",
        )
        counted = (
            "from their launch, those nobody bought among them"
            if month.launched
            else (
                "from their first purchase: those nobody ever bought are not among them, so the figure is a little high"
            )
        )
        band = "of the same fifth of prices" if month.same_band else "of any price"
        held = (
            f" Tried on products already here, as if each were new: {percent(month.held)} of them had a first month "
            "within the range foretold."
            if month.held is not None
            else ""
        )
        st.caption(
            f"The {len(titles)} nearest products {band} whose first month is known, {counted}. On average "
            f"{month.mean:.1f}.{held}"
        )


def _displaced(engine: Engine, reach: Reach) -> None:
    with st.container(border=True):
        st.markdown("**What it would push off the first ten**")
        if not reach.displaced:
            st.caption("Nothing: it comes among nobody's first ten.")
            return
        people, shop = engine.shop.people, engine.shop
        lines = [
            f"- {_title(engine, row)} :gray[{plain(_place(engine, row))} · {plain(said)}]"
            for row, lists in reach.displaced
            if (said := count(lists, people.one, people.many, shop=shop))
        ]
        st.markdown("\n".join(lines))


def _place(engine: Engine, row: int) -> str:
    return where(engine, str(engine.catalogue.departments[row]), str(engine.catalogue.categories[row]))


def _changes(engine: Engine, foreseen: Foreseen) -> None:
    """What another wording or price would do, each line run again."""
    changes = engine.new_products.changes(foreseen)
    if not changes:
        return
    st.markdown("**What another wording or price would change**")
    was = foreseen.reach.within if foreseen.reach else None
    buyers, nearest = foreseen.month.mean if foreseen.month else None, _title(engine, foreseen.nearest[0][0])
    rows = [
        "| | in the first ten of | in the first hundred of | buyers of its like | most like |",
        "| :-- | --: | --: | --: | :-- |",
    ]
    rows.append(f"| **as it is** | {_lists(was, 0)} | {_lists(was, 1)} | {_mean(buyers)} | {nearest} |")
    for each in changes:
        within = each.within if each.within is not None else was
        rows.append(
            f"| {plain(each.what)} | {_lists(within, 0)} | {_lists(within, 1)} | {_mean(each.buyers)} "
            f"| {_title(engine, each.nearest)} |"
        )
    st.markdown("\n".join(rows))
    st.caption(
        "Every line is the whole of it run again. A price moves the products it is compared with, not whom it reaches: "
        "taste knows no prices. Buyers are the mean of comparable products."
    )


def _lists(within: tuple[int, ...] | None, place: int) -> str:
    return "–" if within is None else f"{within[place]:,}"


def _mean(buyers: float | None) -> str:
    return "–" if buyers is None else f"{buyers:.1f}"


def _title(engine: Engine, row: int) -> str:
    return plain(cut(str(engine.catalogue.titles[row]), 34))
