"""How a page begins: what it found, in one sentence with figures."""

from __future__ import annotations

import streamlit as st

from pages.shared.wording import plain

BUILT_IN = "built in"


def finding(sentence: str, *, built_in: str = "") -> None:
    """The sentence, as Markdown; `built_in` says of figures that came with the project how they were made."""
    st.markdown(f"##### {sentence}")
    if built_in:
        st.markdown(f":orange-badge[:material/inventory_2: {BUILT_IN}] :small[{plain(built_in)}]")


def within(name: str) -> str:
    """A name within a sentence: its first letter small, unless the next one says that it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def percent(share: float) -> str:
    """A share as one would say it: "6 %", "0.4 %", "-3 %"."""
    digits = 0 if abs(share) >= 0.01 or share == 0 else 1
    return f"{100 * share:.{digits}f} %".replace("-", "−")


def ahead(difference: float, low: float, high: float, beaten: float) -> tuple[str, str]:
    """(by how much in words, its 95 % interval), in per cent of what was beaten where that is more than 0."""
    if beaten > 0:
        return percent(difference / beaten), f"{percent(low / beaten)} to {percent(high / beaten)}"
    return f"{difference:.3f}", f"{low:+.3f} to {high:+.3f}"
