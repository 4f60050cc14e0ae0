"""What each use of the engine gains over the simple way to do it, or that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.drawing import draw
from pages.shared.finding import between, signed
from pages.shared.tables import export
from pages.shared.wording import plain
from recsys.evaluation.gains import gains

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.evaluation.gains import Gain

COMMAND: Final = "python -m recsys evaluate basket"


def section(engine: Engine) -> None:
    """A sentence, a dot for each question, and the table behind it."""
    st.markdown("#### What the business asks, beside the simple way")
    found = gains(engine.shop.name, state.settings().measured_dir)
    if not found:
        st.caption("Nothing was measured here yet. Basket, Offers, Ads, Stock and Reviews measure themselves:")
        st.code(COMMAND, language="bash")
        return
    st.markdown(plain(sentence(found)))
    with st.expander("Question by question"):  # folded: a phone has the whole page within three screens
        from recsys.plots.gains import against_simple

        draw(
            against_simple(found),
            "leaderboard.uses",
            "Dots: for each question how much better the engine answers it than the best simple way, with intervals.",
        )
        table = _table(found)
        export(table, "uses.csv", "leaderboard.uses.csv")
        st.dataframe(table, key="leaderboard.uses.table", hide_index=True)
        st.caption(
            "Each question by the protocol that its own page writes out. Better is above 0 % whichever way a figure "
            "runs. Intervals are of paired resamples, or, where both ways have one of their own alone, from the far "
            "ends of both. What is on a file and not on this shop names the file."
        )


def sentence(found: list[Gain]) -> str:
    """How many questions are answered better than the simple way does, beyond luck."""
    sure, beaten = (sum(each.verdict == verdict for each in found) for verdict in ("beats it", "is beaten"))
    said = f"Of {len(found)} questions the engine answers {sure} better than the best simple way, beyond luck"
    rest = len(found) - sure - beaten
    more = [f"{beaten} worse"] * bool(beaten) + [f"in {rest} the difference may be luck"] * bool(rest)
    return f"{'; '.join([said, *more])}."


def _table(found: list[Gain]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Use": [each.use for each in found],
            "Question": [each.asks for each in found],
            "By": [each.figure for each in found],
            "Engine": [f"{each.ours:,.4g}" for each in found],
            "Simple way": [f"{each.theirs:,.4g}" for each in found],
            "which is": [each.simple for each in found],
            "Better by": [signed(each.change) for each in found],
            "95 %": ["" if each.ends is None else between(each.ends, signed) for each in found],
            "Verdict": [each.verdict for each in found],
            "On": [each.on for each in found],
        }
    )
