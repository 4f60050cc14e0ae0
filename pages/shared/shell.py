"""What every page shares: the sidebar, the address bar, and the one place where errors become plain words."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import address_bar, controls, feedback, keyboard, person, recorded, report, shops, state, story
from pages.shared.wording import plain
from recsys.errors import ArtifactError, BadRequestError, ShelfLensError

if TYPE_CHECKING:
    from recsys.engine import Engine

log = logging.getLogger("shelflens")


def run(
    page: Callable[[], None], *, name: str = "", title: str = "", tuned: bool = True, reported: bool = False
) -> None:
    """Run a page inside the shell: open the engine, follow the address bar, draw the bar on top, catch every error.

    `name` tells this page from the others, as in its address. `tuned`: it shows what the sliders and filters change,
    so it has the switch that shows the machinery; a sidebar with the sliders is part of that. `reported`: it can be
    taken along as a file, which bears its `title`.
    """
    with plain_errors():
        address_bar.follow_shop()
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="bar"):
            about = st.container(width="stretch", gap=None)
            tools = st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center")
            with tools, st.popover("Shop", icon=":material/store:", help="Another shop, and a link to this screen"):
                shops.picker()
                link = st.container()
        engine = state.get_engine()
        gone = shops.let_go(engine)
        story.turn(engine, name)
        address_bar.sync_address(engine, name, partial(story.last_stop_here, engine, name))
        address_bar.note(gone)
        state.arrive(name)
        with about:
            shops.about(engine.shop, purpose=tuned)
        with link:
            controls.link_to_here()
        with tools:
            _tools(engine, tuned)
        if tuned and state.xray():
            with st.sidebar:
                _sidebar(engine)
        story.bar(engine, name)
        if reported:
            with recorded.recording() as sent:
                page()
            report.button(engine, title, name, sent)
        else:
            page()
        keyboard.reach_popovers()
        state.show_toasts()


def _tools(engine: Engine, tuned: bool) -> None:
    feedback.basket(engine, feedback.pressed(engine))
    story.begin_button()
    if tuned:
        controls.mode_switch()


def _sidebar(engine: Engine) -> None:
    st.markdown("**Tune the shelf**")
    controls.tuning(engine)
    person.panel(engine, state.current_request())


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show any error as what was seen, what is allowed and what to do; never as a traceback."""
    try:
        yield
    except ArtifactError as error:
        # where going back to another encoder is a way too; else the button below is all there is to do
        shops.not_prepared(error.seen, error.remedy if "SHELFLENS_ENCODER" in error.remedy else "")
    except ShelfLensError as error:
        _explained(error)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("unexpected error, reference %s", reference)
        st.error(
            f"Something went wrong on our side (reference **{reference}**). Reload the page to try again; "
            "if it stays, look for the reference in the log of the server.",
            icon=":material/error:",
        )


def _explained(error: ShelfLensError) -> None:
    lines = [f"**{plain(error.seen)}**"]
    if error.allowed:
        lines.append(f"Allowed: {plain(error.allowed)}")
    if error.remedy:
        lines.append(f"What to do: {plain(error.remedy)}")
    show = st.warning if isinstance(error, BadRequestError) else st.error
    show("  \n".join(lines), icon=":material/report:")
