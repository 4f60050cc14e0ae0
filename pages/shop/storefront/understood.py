"""How the query was read: every guess on show, each taken back with one click."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared import controls, state, strip
from pages.shared.pickers import asking
from pages.shared.wording import count, heard, plain
from recsys.plots.card import BAR_WIDTH, dot_svg, likelihood_bar_svg
from recsys.plots.style import OTHER_DEPARTMENT, department_colours
from recsys.schema import SORTS, Answer
from recsys.schema.capabilities import Capability
from recsys.schema.understood import LANGUAGES, Chip, Facet, Understood

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.shops.contract import Shop

MOST = 4  # departments, and narrower searches: a line or two on a laptop
BY_PRICE = ("price", "-price")
WORTH_SAYING = 0.02  # of a department's likelihood
ICONS = {"price": "sell", "brand": "storefront", "size": "straighten", "category": "shelves", "without": "block",
         "department": "category", "exact": "format_quote", "model": "tag"}  # fmt: skip


def reading(engine: Engine, answer: Answer) -> None:
    """What was put right, what was taken for a filter, which departments are meant, and narrower searches."""
    read = answer.understood
    if read is None:
        return
    _language(answer, read)
    _slips(read)
    _not_carried(read)
    if read.chips:
        _chips(read, engine.shop)
    if read.relaxed:
        st.warning(plain(read.relaxed), icon=":material/filter_alt_off:")
    if read.missing and not strip.guessed(answer):
        st.warning(plain(read.missing), icon=":material/warning:")
    if read.meaning and state.xray():
        _onwards(engine, answer, read)
    if read.taste and state.xray():
        st.caption(f":material/person_heart: {plain(read.taste)}")


def further_notes(answer: Answer) -> list[str]:
    """The notes of an answer that are not shown louder beside how the query was read.

    That nothing is called so is said as that nothing is close: as a note, and no warning to check a label.
    """
    missing = answer.understood.missing if answer.understood and not strip.guessed(answer) else ""
    louder = {missing, answer.narrowed.sentence if answer.narrowed else ""}
    return [note for note in answer.notes if note not in louder]


def narrowed(answer: Answer, shop: Shop) -> None:
    """What was chosen of the facets, each taken back with one press, and what of it had to give way."""
    if answer.narrowed is None:
        return
    left_out = answer.narrowed.left_out
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="narrowed"):
        for field, values in state.narrowing().items():
            for value in values:
                label = f"~~{plain(value)}~~" if value in left_out else plain(value)
                st.button(
                    f":material/{ICONS[field]}: {label} :material/close:{heard(' leave it out')}",
                    key=f"narrowed.{field}.{value}",
                    help=f"You keep to this {field}. Click to leave it out.",
                    on_click=state.narrow,
                    args=(field, value),
                )
        st.caption(f"{count(answer.narrowed.matching, 'product', shop=shop)} match")
    if answer.narrowed.sentence:
        st.warning(plain(answer.narrowed.sentence), icon=":material/filter_alt_off:")


def _language(answer: Answer, read: Understood) -> None:
    """What language the query was read in, where that is not plain English."""
    if read.language_off:
        st.caption(
            f":material/translate: This looks like {plain(read.language)}; it was read as English, because "
            f"{plain(read.language_off)}"
        )
        if answer.request.language:
            _detect_again("Detect the language again")
    elif answer.request.language:
        said = f" (“{plain(read.translation)}”)" if read.translation else ""
        _detect_again(f"Read as {LANGUAGES[answer.request.language]}, as you asked{said}. Detect the language again")
    elif read.language_code != "en":
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            meant = f": \u201c{plain(read.translation)}\u201d" if read.translation else ""
            st.markdown(f":material/translate: Read as **{plain(read.language)}**{meant}.")
            st.button(
                "Read it as English",
                key="language",
                type="tertiary",
                on_click=state.choose,
                kwargs={"language": "en"},
                help="Search for the letters as English words instead",
            )


def _detect_again(label: str) -> None:
    st.button(
        label,
        key="language.detect",
        type="tertiary",
        icon=":material/translate:",
        on_click=state.choose,
        kwargs={"language": ""},
    )


def _slips(read: Understood) -> None:
    if not (read.corrected or read.swaps or read.suggestion):
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if read.corrected or read.swaps:
            changes = ", ".join(f"“{plain(typed)}” as **{plain(meant)}**" for typed, meant in read.changes + read.swaps)
            st.markdown(f":material/spellcheck: Read {changes}.")
            _as_typed(read, "verbatim")
        if read.suggestion:
            st.markdown(":material/spellcheck: Did you mean")
            _rather(read.suggestion, read.suggestion, "suggestion")


def _not_carried(read: Understood) -> None:
    """A name that no product bears: what it was taken for, or may be, in one line with one click."""
    if read.named is None:
        return
    name, kind = plain(read.named.name), plain(read.named.kind)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if read.named.sure:
            st.markdown(f":material/storefront: We do not carry \u201c{name}\u201d; it is a kind of **{kind}**.")
            _as_typed(read, "verbatim.named")
        else:
            st.markdown(f":material/storefront: No product is called \u201c{name}\u201d. Did you mean")
            _rather(read.named.kind, read.named.kind.lower(), "named")


def _as_typed(read: Understood, key: str) -> None:
    st.button(
        "Search for what was typed instead",
        key=key,
        type="tertiary",
        help=plain(read.typed),
        on_click=state.choose,
        kwargs={"verbatim": True},
    )


def _rather(meant: str, query: str, key: str) -> None:
    st.button(f"{plain(meant)}?", key=key, type="tertiary", on_click=state.choose, kwargs={"q": query})


def _chips(read: Understood, shop: Shop) -> None:
    """One chip per filter; its cross takes the filter back, its words become words to search for beside it."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="chips"):
        if read.meaning:
            st.markdown(f":small[Searching for] **{plain(read.meaning)}**")
        for place, chip in enumerate(read.chips):
            _chip(place, chip, shop)
        if read.matching is not None:
            st.caption(f"{count(read.matching, 'product', shop=shop)} match")


def _as_before() -> dict[str, Any]:
    """How the query is read, and what it finds is narrowed to, stays when a part of it goes or comes."""
    return {name: state.choices()[name] for name in ("verbatim", "language", *state.NARROWED.values())}


def _chip(place: int, chip: Chip, shop: Shop) -> None:
    alone = f" {count(chip.count, 'product', shop=shop)} match it." if chip.count is not None else ""
    label = f"~~{plain(chip.label)}~~" if chip.given_up else plain(chip.label)
    st.button(
        f":material/{ICONS.get(chip.kind, 'filter_alt')}: {label} :material/close:",
        key=f"chip.{place}",
        help=plain(f"Read from “{chip.said}”.{alone} Click to leave it out."),
        on_click=state.choose,
        kwargs={"q": chip.without, **_as_before()},
    )
    if chip.as_words not in (chip.without, ""):
        st.button(
            ":material/abc:",
            key=f"chip.words.{place}",
            type="tertiary",
            help=plain(f"A wrong guess? Search for the words “{chip.said}” instead."),
            on_click=state.choose,
            kwargs={"q": chip.as_words, **_as_before()},
        )


def _onwards(engine: Engine, answer: Answer, read: Understood) -> None:
    """Where to go from here: the departments that are likely meant, and narrower searches; a click goes there."""
    likely = [(name, share) for name, share in read.departments if share >= WORTH_SAYING][:MOST]
    known = engine.capabilities.has(Capability.DEPARTMENTS)
    likely = likely if known and len(likely) > 1 and not answer.request.departments else []
    if not likely and not read.related:
        return
    colours = department_colours(state.department_names(engine))
    with st.container(gap="xsmall"):
        if likely:
            said = ", ".join(f"{name} {share:.0%}" for name, share in likely)
            st.image(likelihood_bar_svg(likely, colours), width=BAR_WIDTH, alt=f"How likely each department is: {said}")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="onwards"):
            _ways(read, likely, colours, engine.shop)


def _ways(read: Understood, likely: list[tuple[str, float]], colours: dict[str, str], shop: Shop) -> None:
    if likely:
        st.markdown(":small[:gray[Probably in]]")
    for place, (name, share) in enumerate(likely):
        dot = b64encode(dot_svg(colours.get(name, OTHER_DEPARTMENT)).encode()).decode()
        st.button(
            f"![dot](data:image/svg+xml;base64,{dot}) {plain(name)} :small[:gray[{share:.0%}]]",
            key=f"likely.{place}",
            type="tertiary",
            help="How likely this department is meant, by what was found. Click to keep to it.",
            on_click=state.choose,
            kwargs={"departments": [name]},
        )
    if read.related:
        st.markdown(":small[:gray[Narrower]]")
    for place, (text, products) in enumerate(read.related[:MOST]):
        shown = f"{plain(text)} :small[:gray[{shop.number(products)}]]"
        asking(shown, text, key=f"related.{place}", help=f"{count(products, 'product', shop=shop)} are called so")


def arrange(engine: Engine, answer: Answer) -> None:
    """Narrow the results down and put them into another order."""
    facets = answer.understood.facets if answer.understood else ()
    chosen = state.choices()["sort"]
    label = SORTS[chosen] if chosen else "Sort and filter"
    with st.popover(label, icon=":material/tune:", help="Another order, and filters with counts"):
        st.selectbox(
            "Order",
            [sort for sort in SORTS if sort not in BY_PRICE or engine.capabilities.has(Capability.PRICES)],
            format_func=_sort_wording,
            key=state.seed_control("sort", folded=True),
            on_change=state.take_control,
            args=("sort",),
            help="Another order of the 100 best products",
        )
        if not state.xray():  # else it stands among the sliders
            controls.department_picker(engine, state.seed_control("departments", folded=True), state.take_control)
        if facets:
            _facets(answer, facets, engine.shop)


# of this module and not a method: under AppTest the wording of options is kept in the session
def _sort_wording(sort: str) -> str:
    return SORTS[sort]


def _facets(answer: Answer, facets: tuple[Facet, ...], shop: Shop) -> None:
    for group in dict.fromkeys(facet.group for facet in facets):
        its = {f"{plain(f.label)} :small[:gray[{shop.number(f.count)}]]": f for f in facets if f.group == group}
        key = f"facets.{group}"
        st.session_state[key] = [shown for shown, facet in its.items() if facet.chosen]  # as the link says
        st.pills(
            f"{plain(group)}, and how many of what was found",
            list(its),
            selection_mode="multi",
            key=key,
            on_change=_narrowed,
            args=(answer.request.query.strip(), key, its),
        )


def _narrowed(query: str, key: str, facets: dict[str, Facet]) -> None:
    """Callback: keep to what was pressed, by words of the query where it has some; a second press takes it back."""
    pressed = set(st.session_state[key])
    for shown, facet in facets.items():
        if facet.chosen == (shown in pressed):
            continue
        if facet.field:
            state.narrow(facet.field, facet.label)
        else:
            state.choose(q=f"{query} {facet.words}", **_as_before())
