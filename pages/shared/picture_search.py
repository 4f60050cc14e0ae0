"""Search by picture: one that is brought, taken with the camera, or a product's own; looked at, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import pictures, state
from pages.shared.wording import count, cut, drawn, heard, plain
from recsys.errors import ShelfLensError
from recsys.schema import TITLE

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer

UPLOAD: Final = "picture.upload"
CAMERA: Final = "picture.camera"
CAMERA_ON: Final = "picture.camera_on"
TURN: Final = "picture.turn"  # how many pictures were taken: the popover of the next one is another, and closed
REFUSED: Final = "picture.refused"  # the error about the picture that was brought last
TITLE_LENGTH: Final = 60


def opener(engine: Engine) -> None:
    """The button beside the search field, where the shop's products have pictures that can be compared."""
    if not engine.sees:
        return
    from recsys.engine.looking import ENDINGS, MAX_MB  # here, as other shops need nothing of it

    name = heard("Search by picture")
    turn = st.session_state.get(TURN, 0)
    with (
        st.container(key="picture", width="content"),
        st.popover(name, icon=":material/photo_camera:", help="Search by picture", key=f"picture.popover.{turn}"),
    ):
        st.markdown("**Search by picture**")
        st.file_uploader(
            "A picture of something like it",
            type=list(ENDINGS),
            key=UPLOAD,
            on_change=_brought,
            args=(engine, UPLOAD),
            max_upload_size=MAX_MB,
        )
        _refused()
        if st.toggle("Use the camera", key=CAMERA_ON):
            st.camera_input("Hold it into the light", key=CAMERA, on_change=_brought, args=(engine, CAMERA))
        st.caption("It is looked at and forgotten: no picture is stored. Words beside it change it: “but in red”.")


def _brought(engine: Engine, key: str) -> None:
    """Callback: look at what was brought, and show what is like it."""
    file = st.session_state.get(key)
    if file is None:
        st.session_state.pop(REFUSED, None)
        return
    try:
        seen = engine.look(file.getvalue())
    except ShelfLensError as error:
        st.session_state[REFUSED] = error
    else:
        st.session_state.pop(REFUSED, None)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        state.show_like(seen)


def _refused() -> None:
    """Why the picture that was brought last was not taken, beside where it was brought."""
    error: ShelfLensError | None = st.session_state.get(REFUSED)
    if error is None:
        return
    said = [error.seen, f"It may be: {error.allowed}" if error.allowed else "", error.remedy]
    sentences = (f"{each[:1].upper()}{each[1:]}." for each in said if each)
    st.error(plain(" ".join(sentences)), icon=":material/report:")


def like_this(engine: Engine, row: int, item_id: str, title: str) -> None:
    """A button on a card: what else looks like it."""
    if engine.sees and engine.picture(row):
        st.button(
            heard(f"What looks like {title}"),
            icon=":material/image_search:",
            key=f"alike.{item_id}",
            type="tertiary",
            help="What looks like it",
            on_click=state.choose,
            kwargs={"like": item_id},
        )


def shown(engine: Engine, answer: Answer) -> None:
    """What the shelf is to look like, with a way back."""
    if answer.request.looks is None:
        return
    picture, words, notes = _asked(engine, answer)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="looks_like"):
        with st.container(width=64):
            st.markdown(picture)
        st.markdown(words, width="stretch")
        st.button(
            "Leave the picture out",
            icon=":material/close:",
            key="picture.leave",
            type="tertiary",
            on_click=state.forget_picture,
        )
    for note in (*notes, *_lacking(engine)):
        st.caption(plain(note))


def _lacking(engine: Engine) -> tuple[str, ...]:
    """How many products have no picture to be compared, and how they are found."""
    from recsys.engine import PICTURES

    if not (without := engine.unplaced(PICTURES)):
        return ()
    have = "has" if without == 1 else "have"
    return (
        f"{count(without, 'product', shop=engine.shop)} {have} no picture: found by what the shop says of them alone.",
    )


def _asked(engine: Engine, answer: Answer) -> tuple[str, str, tuple[str, ...]]:
    """(the picture as Markdown, what it is in words, what was left out of it)."""
    looks: Any = answer.request.looks
    if not looks.item:
        brought = state.brought_picture()
        picture = drawn(brought.thumbnail, "The picture you brought")
        return picture, f"**Like your picture.** {plain(brought.sentence)}", brought.notes
    row = engine.catalogue.row(looks.item)
    if row is None:
        return "", "**Like a picture that is not here.**", ()
    title = str(engine.items[TITLE].iloc[row])
    return pictures.of_product(engine, row, title), f"**Like** {plain(cut(title, TITLE_LENGTH))}", ()
