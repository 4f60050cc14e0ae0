"""That a shelf was re-ranked, said wherever it is shown, with the way to what that costs and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import state
from pages.shared.wording import plain

if TYPE_CHECKING:
    from recsys.schema import Answer

PAGE: Final = "pages/understand/diversity/page.py"


def said(answer: Answer) -> None:
    """One line over a shelf that is not by score alone."""
    stage = next((stage for stage in answer.stages if stage.name == "rerank"), None)
    if stage is None:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":material/balance: Not by score alone: {plain(stage.detail[:1].lower() + stage.detail[1:])}.")
        st.page_link(PAGE, label="What it costs", icon=":material/query_stats:")
        st.button(
            "By score alone", key="reranked.reset", icon=":material/restart_alt:", type="tertiary",
            on_click=state.reset_reranking,
        )  # fmt: skip
