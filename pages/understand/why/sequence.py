"""What a Transformer makes of the visits: left out one by one, and what gradients and attention say of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import strip
from pages.shared.drawing import draw
from pages.shared.wording import count, cut, plain

if TYPE_CHECKING:
    import pandas as pd

    from recsys.engine import Engine
    from recsys.engine.sequences import Opened
    from recsys.explanation.sequence_attributions import Attributions
    from recsys.schema import Answer, RankedItem

DRAWN: Final = 12  # visits, those that matter most
NAMED: Final = 2  # products of a visit
NAME_LENGTH: Final = 26
FOUND: Final = "whys.sequence.found"  # what was found for which question
SLIGHT: Final = 0.05  # of the nearness: a visit that moves it less, and not its number, does nothing to speak of
AGREE: Final = 0.5  # of Kendall's tau
ASIDE: Final = (
    "A Transformer reads the visits in their order and foresees the next one. It is a model beside the score: what it "
    "says here is true of its own opinion, and made no point above."
)
NONE: Final = (
    "This shop has no Transformer that could be asked: none was prepared (that needs pictures), and none was trained "
    "on the page Models."
)
HOW: Final = (
    "Nearness is a cosine, -1 to 1. Left out: the model is asked again without the visit, which is exact. Gradients: "
    "integrated gradients, from visits of which nothing is known to those that were. Attention: how much the last "
    "layer looks at a visit. Kendall's tau compares two orders: 1 is the same, 0 none in common, -1 the reverse; "
    "attention is compared with how much leaving out moves the nearness, up or down."
)


def visits(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """A button that asks a Transformer about the product, and what each visit does."""
    with st.expander("What does a Transformer make of the visits?", icon=":material/timeline:"):
        st.caption(ASIDE)
        there = engine.sequences.there()
        if not there:
            st.write(NONE)
            return
        if not engine.whys.bought(answer.request):
            st.write(plain(_nobody(engine, answer)))
            return
        which = there[0]
        if len(there) > 1:
            which = st.selectbox("Which one?", there, format_func=lambda each: each.label, key="whys.sequence.which")
        question = (answer.request, item.row, which.id)
        if st.button("Ask it about this product", key="whys.sequence", icon=":material/psychology:", help=plain(HOW)):
            st.session_state[FOUND] = (question, _asked(engine, answer, item, which))
        kept = st.session_state.get(FOUND)
        if kept is not None and kept[0] == question:
            _shown(engine, item, kept[1])


def _nobody(engine: Engine, answer: Answer) -> str:
    one = engine.shop.people.one
    if answer.request.shopper is None:
        return f"Nobody in particular asks: pick a {one}, and it can be asked about their visits."
    return f"This {one} has bought nothing yet: there is no visit to make anything of."


def _asked(engine: Engine, answer: Answer, item: RankedItem, which: Opened) -> Attributions | str:
    """What was found, or why there is nothing."""
    from recsys.errors import ShelfLensError

    bar = st.progress(0.0, "Opening the model: some seconds the first time…")

    def progress(done: int, total: int, note: str = "") -> None:
        bar.progress(done / max(total, 1), note)

    try:
        found = engine.sequences.explained(answer.request, item.row, which, progress)
    except ShelfLensError as error:
        return f"It cannot be asked: {error.one_line()}"
    finally:
        bar.empty()
    return "There is no visit to make anything of." if found is None else found


def _shown(engine: Engine, item: RankedItem, found: Attributions | str) -> None:
    if isinstance(found, str):
        st.write(plain(found))
        return
    names = [_name(engine, found, place) for place in range(len(found.days))]
    strip.notes(_warnings(found), icon=":material/warning:")
    st.markdown(plain(_verdict(engine, found, names)))
    _drawn(found, names, item)
    parts, between = float(found.integrated.sum()), found.score - found.baseline
    st.caption(
        "A check of the gradients: over all visits they should add up to the nearness with all visits "
        f"({found.score:.4f}) less the one with none known ({found.baseline:.4f}), {between:.4f}. They add up to "
        f"{parts:.4f}, {abs(found.missed):.4f} apart. “Left out” need not add up: each visit is left out alone."
    )
    with st.popover("All visits as a table", icon=":material/table:"):
        st.dataframe(_table(found, names), hide_index=True, key="whys.sequence.table")


def _name(engine: Engine, found: Attributions, place: int) -> str:
    """A visit: its day and what was bought, "3 May: Bananas, White milk + 4"."""
    titles = [cut(str(engine.catalogue.titles[row]), NAME_LENGTH) for row in found.items[place][:NAMED]]
    more = f" + {len(found.items[place]) - NAMED}" if len(found.items[place]) > NAMED else ""
    first = engine.portraits.first_day
    day = f"{first + timedelta(days=int(found.days[place])):%-d %b %y}" if first else f"Visit {place + 1}"
    return f"{day}: {', '.join(titles)}{more}"


def _verdict(engine: Engine, found: Attributions, names: list[str]) -> str:
    """What the visit that matters most does."""
    number = engine.shop.number
    place = int(abs(found.left_out).argmax())
    of_all = f"number {number(found.rank)} of {number(engine.catalogue.size)}"
    begin = f"By what this model foresees of {count(len(names), 'visit', shop=engine.shop)}, the product is {of_all}."
    if not found.ranks[place]:
        return f"{begin} It is the only visit: without it nothing is foreseen."
    if abs(float(found.left_out[place])) < SLIGHT * abs(found.score) and found.ranks[place] == found.rank:
        return f"{begin} No single visit matters: without any one of them the nearness hardly changes, nor its number."
    near = f"{found.score - found.left_out[place]:.3f} instead of {found.score:.3f}"
    then = f"number {number(int(found.ranks[place]))}"
    return f"{begin} The visit “{names[place]}” does most: without it the nearness is {near}, and the product {then}."


def _warnings(found: Attributions) -> list[str]:
    """Where gradients or attention stand in another order than the exact answer."""
    said = []
    if found.integrated_agrees is not None and found.integrated_agrees < AGREE:
        said.append(
            f"Gradients put the visits in another order than leaving them out does (agreement, Kendall's tau, "
            f"{found.integrated_agrees:.2f}; 1 is the same). Believe “left out”: it is what the model really does."
        )
    if found.attention_agrees is not None and found.attention_agrees < AGREE:
        said.append(
            f"Attention puts the visits in another order than leaving them out does (agreement, Kendall's tau, "
            f"{found.attention_agrees:.2f}; 1 is the same): where the model looks is not what makes its opinion."
        )
    if found.integrated_agrees is None:
        said.append("There are too few visits, or too many that do the same, to compare the three orders.")
    return said


def _drawn(found: Attributions, names: list[str], item: RankedItem) -> None:
    from recsys.plots.sequence import visits_figure

    most = sorted(sorted(range(len(names)), key=lambda at: -abs(found.left_out[at]))[:DRAWN])
    left_out, gradients, attention = (
        [float(values[at]) for at in most] for values in (found.left_out, found.integrated, found.attention)
    )
    shown = [names[at] for at in most]
    title = "What each visit does" + (f", the {DRAWN} that matter most" if len(names) > DRAWN else "")
    said = "; ".join(f"{name}: {value:+.4f}" for name, value in zip(shown, left_out, strict=True))
    figure = visits_figure(shown, left_out, gradients, attention, title)
    draw(figure, "whys.sequence.chart", f"{title} for {item.title}. Left out: {said}.")


def _table(found: Attributions, names: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "Visit": names,
            "Left out (exact)": found.left_out.round(5),
            "Number without it": found.ranks,
            "Gradients": found.integrated.round(5),
            "Attention": found.attention.round(4),
        }
    )
