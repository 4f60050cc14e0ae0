"""What the page Tags begins with: how many products are tagged as the shop says, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.lab.tags import results
from pages.shared.finding import finding, percent
from pages.shared.wording import count, cut, plain
from recsys.engine.tagging import PICTURE

if TYPE_CHECKING:
    from pages.lab.tags.choices import Shown
    from recsys.engine import Engine
    from recsys.engine.given import Agreement
    from recsys.engine.tagging import Tagged


def top(engine: Engine, now: Shown, tagged: Tagged | None) -> None:
    """The sentence, or what the page is for where nothing is tagged yet."""
    if tagged is None:
        finding("Any list of labels tags the whole shop, without training.")
        st.caption(
            "Each product gets the label whose meaning is nearest to its title"
            + (" or its picture" if PICTURE in engine.tags_by else "")
            + ". Start from what the shop says itself to see where it is wrong, or write labels of your own. "
            f"The first time {count(engine.catalogue.size, 'title', shop=engine.shop)} "
            "are read, some hundreds a second; other labels then take a moment."
        )
        return
    judged = results.judged(engine, now, tagged)
    finding(sentence(engine, now, tagged, None if judged is None else judged.agreement))
    said = [_sure(tagged), *_left_out(engine, now.against, tagged, None if judged is None else judged.agreement)]
    st.caption(" ".join(said))


def sentence(engine: Engine, now: Shown, tagged: Tagged, found: Agreement | None) -> str:
    """ "Of 10,000 products 84 % are tagged as the shop says; 1,612 are not.", as Markdown."""
    shop = engine.shop
    if found is None or found.unlisted == found.compared.sum():
        best = np.bincount(tagged.best[tagged.there], minlength=len(tagged.labels))
        most = int(best.argmax())
        products = count(int(tagged.there.sum()), "product", shop=shop)
        label = plain(cut(tagged.labels[most], 60))
        return f"{products} got one of {count(len(tagged.labels), 'label', shop=shop)}, most of all “{label}” \
({shop.number(int(best[most]))})."
    compared, off = int(found.compared.sum()), int(found.differs.sum())
    known = f" whose {plain(cut(now.against, 40))} the shop knows" if compared < engine.catalogue.size else ""
    if not off:
        return f"All {count(compared, 'product', shop=shop)}{known} are tagged as the shop says."
    comma = "," if known else ""
    return (
        f"Of {count(compared, 'product', shop=shop)}{known}{comma} {_share(found.share)} are tagged as the shop says; "
        f"{shop.number(off)} {'is' if off == 1 else 'are'} not."
    )


def _share(share: float) -> str:
    """A share that is not all of it, never said as if it were."""
    return percent(share) if round(share, 2) < 1 else f"{np.floor(share * 1000) / 10:.1f} %"


def _sure(tagged: Tagged) -> str:
    mean = float(np.nanmean(tagged.confidence)) if tagged.there.any() else 0.0
    return f"On average a tag is {percent(mean)} sure, by how far its label is ahead of the others."


def _left_out(engine: Engine, against: str, tagged: Tagged, found: Agreement | None) -> list[str]:
    said, shop = [], engine.shop
    if blind := int((~tagged.there).sum()):
        said.append(f"{count(blind, 'product', shop=shop)} without a picture {'has' if blind == 1 else 'have'} no tag.")
    if found is not None and found.unlisted == found.compared.sum():
        said.append(f"None of the labels is what the shop says under “{plain(cut(against, 40))}”: nothing can agree.")
    elif found is not None and found.unlisted:
        verb = "is called something that is" if found.unlisted == 1 else "are called something that is"
        said.append(f"{count(found.unlisted, 'product', shop=shop)} {verb} none of the labels, and cannot agree.")
    return said
