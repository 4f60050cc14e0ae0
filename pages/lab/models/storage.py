"""What each shop's prepared files take on disk, and removing them."""

from __future__ import annotations

import streamlit as st

from pages.lab.models.wording import size
from pages.shared import owner, shops, state
from pages.shared.drawing import emphasis
from pages.shared.wording import plain


def storage() -> None:
    """One line per shop, with a button that deletes what was prepared of it."""
    from recsys.engine.inventory import disk_use, shared_use

    settings = state.settings()
    with st.expander("Space on disk, shop by shop", icon=":material/hard_drive:"):
        for each in disk_use(settings):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                prepared = "" if each.prepared else " · not prepared"
                st.markdown(f"**{plain(each.title)}** · {size(each.bytes)}{prepared}")
                if not each.prepared:
                    shops.offer(each.shop, each.title)
                if each.bytes and owner.may(""):
                    _delete(each.shop, each.title)
        st.caption(f"All shops share {size(shared_use(settings))} more, the text encoder among it.")


def _delete(name: str, title: str) -> None:
    with st.popover("Delete", icon=":material/delete:", type="tertiary", key=f"storage.{name}"):
        st.write(
            f"What was prepared of “{plain(title)}” is removed; it must be prepared again before it can be opened. "
            "What people did there stays. Whoever has it open goes on undisturbed until the app restarts."
        )
        st.button("Yes, delete it", key=f"storage.{name}.yes", type=emphasis(), on_click=_deleted, args=(name, title))


def _deleted(name: str, title: str) -> None:
    from recsys.engine.inventory import delete_prepared

    with state.trouble_said():
        owner.must("")  # what is prepared belongs to who runs the server
        freed = delete_prepared(state.settings(), name)
        shops.forget_ready()
        state.say(f"{size(freed)} freed; “{plain(title)}” must be prepared again.", ":material/delete:")
