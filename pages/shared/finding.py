"""How a page begins: what it found, in one sentence with figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from pages.shared.drawing import emphasis
from pages.shared.significance import corrected
from pages.shared.wording import plain
from recsys.evaluation.reading import LEVEL

NO_BREAK: Final = "\u00a0"  # a space that keeps a figure and its sign on one line
BUILT_IN: Final = "built in"
SHARES: Final = (  # from which share on the largest part of something is called so
    (1.0, "all of them"),
    (0.9, "nearly all of them"),
    (0.6, "most of them"),
    (0.505, "a little more than half of them"),
    (0.495, "half of them"),
    (0.45, "nearly half of them"),
)


def finding(sentence: str, *, built_in: str = "") -> None:
    """The sentence, as Markdown; `built_in` says of figures that came with the project how they were made."""
    st.markdown(f"##### {sentence}")
    if built_in:
        st.markdown(f":orange-badge[:material/inventory_2: {BUILT_IN}] :small[{plain(built_in)}]")


def first_step(
    sentence: str, label: str, *, key: str, on_click: Callable[..., None], args: tuple[str, ...] = (), help: str
) -> None:
    """Where there is nothing to find yet: what to do, as Markdown, beside the button that does it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(sentence, width="stretch")
        st.button(
            label,
            key=key,
            type=emphasis(),
            icon=":material/play_arrow:",
            on_click=on_click,
            args=args,
            help=help,
        )


def within(name: str) -> str:
    """A name within a sentence: its first letter small, unless the next one says that it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def percent(share: float) -> str:
    """A share as one would say it: "6 %", "0.4 %", "-3 %"."""
    digits = 0 if abs(share) >= 0.01 or share == 0 else 1
    return f"{100 * share:.{digits}f} %".replace("-", "−")


def fine(share: float) -> str:
    """A share of which tenths of a per cent say something below 10 % and next to 100: "77 %", "4.1 %", "99.8 %"."""
    per_cent = 100 * share
    whole = 9.95 <= abs(per_cent) < 99 or abs(per_cent) > 100
    said = f"{per_cent:.0f}" if whole else f"{per_cent:.1f}".removesuffix(".0")
    return f"{'0' if said == '-0' else said}{NO_BREAK}%".replace("-", "−")


def signed(share: float) -> str:
    """A change, as `fine`: "+4.1 %", "−19 %", "0 %"."""
    said = fine(share)
    return said if said.startswith(("−", f"0{NO_BREAK}")) else f"+{said}"


def plus(value: float, decimals: int = 2) -> str:
    """A number with its sign, and 0 without: "+0.40", "−0.36", "0.00"."""
    said = f"{value:+.{decimals}f}".replace("-", "−")
    return said if said.strip("+−0.") else said[1:]


def thousandths(change: float) -> str:
    """A difference of a figure between 0 and 1: "+0.003", "−0.045"."""
    return plus(change, 3)


def sure(ends: Sequence[float]) -> str:
    """The interval of such a difference: "95 % interval −0.010 to +0.002"."""
    low, high = ends
    return f"95{NO_BREAK}% interval {thousandths(low)} to {thousandths(high)}"


def between(ends: Sequence[float], said: Callable[[float], str] = fine) -> str:
    """An interval in words: "72 % to 84 %"."""
    low, high = ends
    return f"{said(low)} to {said(high)}"


def part_of_them(share: float) -> str:
    """What the largest part of something is called, by its share of all of it, 0..1: "nearly half of them"."""
    return next((said for least, said in SHARES if share >= least), "the largest part of them")


def lead(against: str, difference: float, low: float, high: float, p: float, beaten: float) -> str:
    """ "6 % ahead of own favourites, more than luck (95 % interval 4 % to 8 %)", and honest where it is not.

    `difference` is to a figure of `beaten`, [`low`, `high`] its 95 % interval; `p` is NaN where nothing was tested.
    """
    if difference == 0:
        return f"level with {against}"
    word = "ahead of" if difference > 0 else "behind"
    if difference < 0:
        difference, low, high = -difference, -high, -low
    share, interval = ahead(difference, low, high, beaten)
    interval = ", ".join(filter(None, [interval, corrected(low, high, p)]))
    if math.isnan(p):
        return f"{share} {word} {against}, not tested"
    if p < LEVEL:
        return f"{share} {word} {against}, more than luck (95 % interval {interval})"
    if word == "behind":
        return f"{share} behind {against}, which may be luck (95 % interval {interval})"
    return f"but its lead of {share} over {against} may be luck (95 % interval {interval})"


def ahead(difference: float, low: float, high: float, beaten: float) -> tuple[str, str]:
    """(by how much in words, its 95 % interval), in per cent of what was beaten where that is more than 0."""
    if beaten > 0:
        return percent(difference / beaten), f"{percent(low / beaten)} to {percent(high / beaten)}"
    return f"{difference:.3f}", f"{thousandths(low)} to {thousandths(high)}"
