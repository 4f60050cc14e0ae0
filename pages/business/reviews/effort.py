"""How carefully a file of reviews is read, by whom, and what is known of who was taught by other reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.finding import NO_BREAK, between, fine
from pages.shared.wording import count, cut, plain, seconds
from recsys.evaluation.reviews import reached

if TYPE_CHECKING:
    from recsys.engine.reviews import Brought
    from recsys.scenarios.reviews.readers import Card, Figure
    from recsys.shops.contract import Shop

QUICK, CAREFUL, TAUGHT = "quick", "careful", "taught:"  # TAUGHT and the name of a reader
NAMED: Final = 40  # characters of a name
LINES: Final = 3  # of what is left out
BY_STARS: Final = "Its own stars teach how it is judged."
BY_OTHERS: Final = (
    "Its stars do not teach how it is judged, so other shops' sentences do. Careful reading is right for "
    f"{fine(reached.ENGLISH_CAREFUL)} of English reviews that it never learned from, quick reading for "
    f"{fine(reached.ENGLISH_QUICK)}; of Chinese ones both are for {fine(reached.CHINESE)}."
)
BY_READERS: Final = " What was taught by a file's reviews (`evaluate reviews --adapt`) can judge others like them."


def chosen(brought: Brought, shop: Shop, key: str) -> str:
    """`QUICK`, `CAREFUL`, or `TAUGHT` and a name: chosen where there is a choice, its card shown."""
    said_of = {QUICK: f"Quick, about {about(brought.quick)}"}
    if brought.careful is not None:
        said_of[CAREFUL] = f"Careful, about {about(brought.careful)}"
    for card, takes in brought.readers:
        said_of[TAUGHT + card.name] = f"As “{plain(cut(card.name, NAMED))}” taught, about {about(takes)}"
    answer = QUICK
    if len(said_of) > 1:
        control = st.pills if brought.readers else st.segmented_control  # names are long: on a phone they need rows
        answer = str(
            control(
                "How carefully is it read?",
                list(said_of),
                format_func=said_of.__getitem__,
                default=CAREFUL if brought.carefully else QUICK,
                required=True,
                key=key,
                help=(BY_STARS if brought.by_own_stars else BY_OTHERS) + (BY_READERS if brought.readers else ""),
            )
        )
    _left_out(brought.left_out)
    if (asked := reader(brought, answer)) is not None:
        _told(asked, brought, shop)
    return answer


def reader(brought: Brought, answer: str) -> Card | None:
    """The card of who was chosen; None for quick and careful reading."""
    return next((card for card, _ in brought.readers if answer == TAUGHT + card.name), None)


def about(duration: float) -> str:
    """A duration as a promise: "3 s", "40 s", "2 min"."""
    return seconds(duration) if duration >= 10 else f"{max(round(duration), 1)} s"


def _left_out(lines: tuple[str, ...]) -> None:
    if lines:
        more = [f"{len(lines) - LINES} more"] if len(lines) > LINES else []
        told = "; ".join(plain(cut(each, 2 * NAMED)) for each in [*lines[:LINES], *more])
        st.caption(f"Not offered of what other reviews taught: {told}.")


def _told(card: Card, brought: Brought, shop: Shop) -> None:
    with st.container(border=True):
        st.markdown(f"{_made(card, shop)} {_reaches(card)}")
        better = "" if brought.careful is None else ": careful reading may be right more often"
        cautions = [
            f"It is meant for reviews like those that it learned from. How it reads others was not measured{better}."
        ]
        if card.made_from == brought.file.name:
            cautions.append(
                "This file has the name of the one that taught it. Of reviews that it has seen it knows the stars, and "
                "finds fewer words that stand against them."
            )
        cost = f"A review costs some {card.milliseconds:.0f}{NO_BREAK}ms of its own, as measured when it was made."
        st.caption("  \n".join([cost, *(f":material/warning: {each}" for each in cautions)]))


def _made(card: Card, shop: Shop) -> str:
    taught = count(card.learned_from, "review", shop=shop)
    day = f"{card.made:%Y-%m-%d}"
    return (
        f"**{plain(cut(card.name, NAMED))}** is the encoder {plain(cut(card.encoder, NAMED))}, taught on {day} by "
        f"{taught} of the file {plain(cut(card.made_from, NAMED))}."
    )


def _reaches(card: Card) -> str:
    """What it tells right, and what it adds to the head."""
    right = f"{fine(card.right.value)} right (95{NO_BREAK}%: {between(card.right.ci95)})"
    return (
        f"Of that file's good and bad reviews that it had not seen, it told {right}, weighed with a head over their "
        f"words. That head alone told {fine(card.head.value)}: {_adds(card.adds)}."
    )


def _adds(adds: Figure) -> str:
    low, high = adds.ci95
    ends = f"{_points(low)} to {_points(high)}"
    if low <= 0 <= high:
        return f"the encoder adds nothing that is sure, {_points(adds.value)} points ({ends})"
    return f"the encoder {'adds' if low > 0 else 'takes'} {_points(abs(adds.value))} points ({ends})"


def _points(share: float) -> str:
    return f"{100 * share:.1f}".replace("-", "−")
