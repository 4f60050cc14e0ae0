"""Measuring something of the open shop beside the app: a button, how far it is, a cancel that leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import owner, state
from pages.shared.progress import progress_words
from pages.shared.wording import cut, plain
from recsys.jobs import ANEW, FAILED, KINDS, STOPPED, JobQueue
from recsys.shops import registry

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.evaluation.kept_reports import KeptReport
    from recsys.jobs import Job

EVERY: Final = 1.0  # seconds between two looks
PROTOCOL: Final = {  # what the entries of a protocol are about; one that is not here is called by its name
    "acts": "What people can do",
    "agrees": "When an estimate agrees",
    "alarms": "False alarms",
    "alone": "A log that stands alone",
    "chosen": "How settings were chosen",
    "compared": "What is compared",
    "cuped": "What is known beforehand (CUPED)",
    "halves": "Groups that are drawn at random",
    "interleaving": "Two rankings on one shelf",
    "interval": "Intervals: how sure",
    "known": "What every method knows",
    "logs": "Logs",
    "mean chances": "Chances that changed on the way",
    "model": "The model of the direct method",
    "oracle": "The oracle",
    "pages": "Pages that are shown",
    "policies": "Orders (policies)",
    "propensities": "Chances that are logged (propensities)",
    "ranking": "What is ranked",
    "reward": "What counts as earned",
    "seed": "Seed of chance",
    "seeds": "Seeds of chance",
    "split": "Which days stand for what",
    "still": "Standing still",
    "switch": "Where weights are too large (switch)",
    "taste": "The taste that is learned",
    "training": "How much was trained",
    "truth": "The truth",
    "utility": "Utility",
    "value": "Value of an episode",
    "what": "What is estimated",
}


def _jobs() -> JobQueue:
    return JobQueue.of(state.settings())


def _latest(kind: str, shop: str) -> Job | None:
    found = _jobs().listed(kind, shop)
    return found[0] if found else None


def offer(engine: Engine, kind: str, *, again: bool, of_products_alone: bool = False) -> None:
    """The measurement at work, or a button that begins one; `again`: there are figures of this shop already.

    `of_products_alone`: it asks for nobody who did anything.
    """
    shop = engine.shop.name
    job = _latest(kind, shop)
    if job is not None and job.active:
        _progress(kind, shop)
        return
    if not engine.dataset_info["events"] and not of_products_alone:
        st.caption("Nobody has done anything in this shop yet, so that there is nothing to measure on.")
        return
    if job is not None and job.state in (FAILED, STOPPED):
        st.error(f"It could not be measured: {plain(cut(job.error, 600))}", icon=":material/report:")
    st.button(
        "Measure again on this shop" if again else "Measure on this shop",
        key=f"measuring.{kind}",
        icon=":material/science:",
        on_click=_begin,
        args=(kind, shop),
        help="Minutes, beside the app: this page stays usable, and shows the figures once they are there.",
    )


def shown(
    engine: Engine,
    kind: str,
    found: Sequence[KeptReport],
    lead: Callable[[dict[str, Any]], None],
    *,
    can: bool,
    elsewhere: str = "",
) -> dict[str, Any] | None:
    """The first of the reports that were `found`, begun with its `lead`; None where there is none.

    A word says where the figures are of another shop. Where this shop `can` be measured, that is offered. `elsewhere`
    says more of why figures are another shop's.
    """
    report = found[0].report if found else None
    own = report is not None and found[0].shop == engine.shop.name
    if report is not None:
        lead(report)
        if own:
            st.caption("These figures came with the project." if found[0].came_along else "These were measured here.")
        else:
            told = f"On this shop nothing was measured; these are figures of {_titled(report['dataset'])}."
            st.caption(plain(f"{told} {elsewhere}".strip()))
    if can:
        offer(engine, kind, again=own)
    if report is None:
        st.info("Nothing was measured yet.", icon=":material/science:")
    return report


def _titled(name: str) -> str:
    """What people call a shop; data of files by their name."""
    return next((shop.title for shop in registry.shops() if shop.name == name), name)


def how(
    report: Mapping[str, Any], plainly: str, label: str = "How this was measured", notes: Sequence[str] = ()
) -> None:
    """How a report was made, folded away: `plainly` in a few words, as Markdown, then its protocol and its command."""
    with st.expander(label):
        st.markdown(plainly)
        st.markdown("**In full**")
        st.markdown(
            "\n".join(
                f"- **{plain(PROTOCOL.get(name, name.capitalize()))}**: {plain(said)}"
                for name, said in report["protocol"].items()
            )
        )
        for note in [*notes, f"Made with: {report['command']}"]:
            st.caption(plain(note))


def _begin(kind: str, shop: str) -> None:
    """Callback: have it measured."""
    with state.trouble_said():
        _jobs().start(kind, [f"--shop={shop}"], label=f"{KINDS[kind].label} of {shop}", subject=shop, owner=owner.me())
        state.act()


@st.fragment(run_every=EVERY)
def _progress(kind: str, shop: str) -> None:
    queue, job = _jobs(), _latest(kind, shop)
    queue.advance()
    if job is None or not job.active:
        st.rerun()
        return
    with st.container(border=True):
        share, words = progress_words(queue, job, "The measurement starts…")
        st.progress(share, text=words)
        if owner.may(job.owner) and st.button("Cancel", key=f"measuring.cancel.{kind}", icon=":material/stop_circle:"):
            with st.spinner("It stops…"), state.trouble_said():
                owner.must(job.owner)
                queue.cancel(job.folder)
                queue.forget(job.folder)
            st.rerun()
        anew = KINDS[kind].resuming == ANEW
        left = "leaves nothing behind" if anew else "keeps the parts that are finished, and goes on from there"
        st.caption(f"It runs beside the app: this page stays usable. One that is cancelled {left}.")
