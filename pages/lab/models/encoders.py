"""The other half of the page: text encoders, what smaller ones cost, and which of them the app was started with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.models import adaptations
from pages.lab.models.wording import size, starting_with
from pages.shared import measuring, owner, state
from pages.shared.drawing import draw, emphasis
from pages.shared.finding import finding, percent, sure, thousandths
from pages.shared.wording import plain
from recsys.training.encoders import kept as kept_encoders
from recsys.training.encoders import reports

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.training.encoders.kept import KeptEncoder

Y: Final = {
    "pooled_ndcg@10": "nDCG@10, judged products",
    "pairs_ndcg@10": "nDCG@10, artificial queries",
}
NEAR: Final = 0.02  # of the figure that may be lost for a smaller one to be named
_text, _number = st.column_config.TextColumn, st.column_config.NumberColumn
COLUMNS: Final[dict[str, Any]] = {
    "way": _text("Encoder", width=170, pinned=True),
    "mb": _number("MB", width=60, format="%.1f", help="To ship for queries: the graph and its tokenizer"),
    "speed": _number("Times as fast", format="%.2f", help="Texts a second over the full model's in the same run"),
    "pooled": _number("nDCG@10 of judged", format="%.3f", help="nDCG@10 among the judged products of each query alone"),
    "change": _text("Change, 95 %", width=185, help="Against the full model, query by query, with its interval"),
    "ndcg": _number("nDCG@10 of all", format="%.3f", help="Of all products, judged queries, else artificial ones"),
    "ten": _number("Same ten", format="percent", help="The full model's ten best that are among its own ten best"),
    "cosine": _number("Cosine", format="%.3f", help="To the full model's vectors, of names that nothing learned from"),
    "kept": _number("MB kept", format="%.0f", help="The whole folder: to encode products and to answer queries"),
    "memory": _number("MB held", format="%.0f", help="Memory that a process takes for it"),
    "bytes": _number("Bytes a product", format="localized", help="Of the index: 4 for each number of a vector"),
    "texts": _number("Texts/s", format="localized", help="On one thread of the machine it was measured on"),
    "p50": _number("Query ms", format="%.2f", help="Median time from a query's text to its vector"),
    "p95": _number("95 of 100 ms", format="%.2f", help="95 of 100 queries take less"),
}


def section(engine: Engine) -> None:
    """All of it: the finding, the picture and the table, adaptations, what is in use, cards."""
    found = reports.kept(engine.shop.name, state.settings().measured_dir)
    if found:
        _measured(engine, found[0].report, own=found[0].shop == engine.shop.name)
    else:
        st.info("No smaller encoder was measured yet: press the button below.", icon=":material/compress:")
    measuring.offer(engine, "compress", again=bool(found) and found[0].shop == engine.shop.name, of_products_alone=True)
    adaptations.section(engine)
    _searched()
    _in_use(engine)


def _measured(engine: Engine, report: dict[str, Any], *, own: bool) -> None:
    finding(plain(sentence(report)))
    if not own:
        st.caption(plain(f"Measured on {reports.where(report)}: nothing was measured on this shop yet."))
    for said in (distilled(report), products_too(report)):
        if said:
            st.markdown(plain(said))
    _picture(report)
    _table(report)
    with st.expander("How this was measured", icon=":material/rule:"):
        st.markdown("\n".join(f"- **{plain(name)}**: {plain(said)}" for name, said in report["protocol"].items()))
        told = ", ".join(report["instructions"]) or "not known"
        st.caption(
            plain(f"Instructions of the processor that decide the speed: {told}. Made with: {report['command']}")
        )


def sentence(report: dict[str, Any]) -> str:
    """Which is the smallest that loses next to nothing, and which the quickest, with their prices."""
    metric = reports.metric_of(report)
    full, *others = (each for each in report["variants"] if each["kind"] == "encoder")
    value = full["figures"][metric]["mean"]
    said = f"The text encoder takes {full['size_mb']:.0f} MB and reaches {value:.3f} ({Y[metric]})"
    near = [each for each in others if each["figures"][metric]["mean"] >= value - NEAR]
    if near:
        best = min(near, key=lambda each: each["size_mb"])
        said += f"; “{best['label']}” takes {best['size_mb']:.0f} MB, {_price(best, metric)}"
    else:
        said += "; every smaller one loses more than that is worth"
    quick = max(others, key=lambda each: each["speed"], default=None)
    if quick is None or (near and quick is best):
        return f"{said}."
    return f"{said}. The quickest, “{quick['label']}”, is {quick['speed']:.0f} times as fast, {_price(quick, metric)}."


def distilled(report: dict[str, Any]) -> str:
    """Whether learning made up for the layers that went, beside as many layers that nothing was learned with."""
    by_name = {each["name"]: each for each in report["variants"]}
    found = by_name.get("distilled")
    learned = found and found.get("learned")
    if not found or not learned:
        return ""
    metric = reports.metric_of(report)
    said = (
        f"{found['label']}: taught by {learned['texts']:,} texts in {learned['minutes']:.1f} minutes; its vectors of "
        f"texts it never saw came from cosine {learned['cosine_before']:.2f} to {learned['cosine']:.2f} of the full "
        f"model's, {_price(found, metric)}."
    )
    plain_one, leads = by_name.get("layers-3"), found.get("against", {}).get("layers-3", {})
    if plain_one is None or metric not in leads:
        return said
    said += (
        f" Beside “{plain_one['label']}”, where nothing was learned: {percent(found['agreement'])} of the full "
        f"model's ten where that has {percent(plain_one['agreement'])}"
    )
    for name in (metric, "ndcg@10"):
        if name in leads:
            low, high = leads[name]["change_ci95"]
            verdict = "better" if low > 0 else "worse" if high < 0 else "no more than luck"
            words = Y.get(name, "nDCG@10 of all products")
            said += f"; {words} {thousandths(leads[name]['change'])} ({sure((low, high))}), {verdict}"
    return f"{said}."


def products_too(report: dict[str, Any]) -> str:
    """What it saves and costs to read products in 8 bits too."""
    by_name = {each["name"]: each for each in report["variants"]}
    queries, both = by_name.get("int8"), by_name.get("int8-whole")
    if queries is None or both is None:
        return ""
    metric = reports.metric_of(report)
    return (
        f"Products in 8 bits too: {both['kept_mb']:.0f} MB have to be kept in place of {queries['kept_mb']:.0f}, and "
        f"products are encoded {both['products_speed']:.1f} times as fast as by the full model’s graph; "
        f"{_price(both, metric)}, {percent(both['agreement'])} of the same first ten. With queries alone in 8 bits: "
        f"{_price(queries, metric)}, {percent(queries['agreement'])}."
    )


def _price(variant: dict[str, Any], metric: str) -> str:
    """ "nDCG@10 -0.004 (-0.010 to 0.002), which may be luck"."""
    figure = variant["figures"][metric]
    low, high = figure["change_ci95"]
    verdict = "which may be luck" if low <= 0 <= high else "more than luck"
    return f"nDCG@10 {thousandths(figure['change'])} ({sure((low, high))}), {verdict}"


def _picture(report: dict[str, Any]) -> None:
    from recsys.plots.encoders import size_against_quality

    metric = reports.metric_of(report)
    draw(
        size_against_quality(report["variants"], metric, Y[metric]),
        "models.encoders.picture",
        "A row for each encoder, the largest on top: megabytes to ship, how many times as fast, and nDCG@10.",
    )
    st.caption(
        "Below each name: megabytes to ship, and how many times as fast as the full model; a larger dot is faster. "
        "Further right finds better; bars are 95 % intervals, the dotted line is the full model."
    )


def _table(report: dict[str, Any]) -> None:
    metric, variants = reports.metric_of(report), report["variants"]
    rows = pd.DataFrame(
        {
            "way": [each["label"] for each in variants],
            "mb": [each["size_mb"] for each in variants],
            "bytes": [each["index_bytes"] for each in variants],
            "speed": [each["speed"] for each in variants],
            "texts": [round(each["texts_per_second"]) for each in variants],
            "p50": [each["query_ms"]["p50"] for each in variants],
            "p95": [each["query_ms"]["p95"] for each in variants],
            "memory": [each["memory_mb"] for each in variants],
            "ten": [each["agreement"] for each in variants],
            "cosine": [each.get("cosine") for each in variants],
            "kept": [each.get("kept_mb") or None for each in variants],
            "ndcg": [_mean(each, "ndcg@10" if report["judged"] else "pairs_ndcg@10") for each in variants],
            "pooled": [_mean(each, "pooled_ndcg@10") for each in variants],
            "change": [_change(each, metric) for each in variants],
        }
    )
    rows = rows[[name for name in COLUMNS if name != "pooled" or report["judged"]]]  # what decides comes first
    height = 38 + 35 * len(rows)
    st.dataframe(rows, key="models.encoders", hide_index=True, column_config=COLUMNS, height=height, placeholder="–")
    st.caption(
        "Speeds are of the machine it was measured on; how many times as fast is what travels. An index of few bytes "
        "costs the same encoder: it is measured only, the app searches exactly."
    )


def _mean(variant: dict[str, Any], metric: str) -> float | None:
    figure = variant["figures"].get(metric)
    return None if figure is None else float(figure["mean"])


def _change(variant: dict[str, Any], metric: str) -> str:
    figure = variant["figures"].get(metric)
    if figure is None or "change" not in figure:
        return ""
    low, high = figure["change_ci95"]
    return f"{thousandths(figure['change'])} ({thousandths(low)} to {thousandths(high)})"


# --- what an adapted one adds to the search -------------------------------------------------------------------


def _searched() -> None:
    """The whole search with an adapted encoder beside the built-in one, where that was measured."""
    report = reports.adapted_search()
    if report is None:
        return
    st.markdown("#### What an adapted encoder adds to the search bar")
    if all(_luck(pair) for each in report["catalogues"] for pair in each["systems"][reports.WHOLE_SEARCH].values()):
        st.markdown("**Nothing that is more than luck**, on any catalogue that was measured.")
    for each in report["catalogues"]:
        st.markdown(plain(added(each)))
    with st.expander("How this was measured", icon=":material/rule:"):
        st.markdown("\n".join(f"- **{plain(name)}**: {plain(said)}" for name, said in report["protocol"].items()))
        st.caption(plain(f"Made with: {report['command']}"))


def added(one: dict[str, Any]) -> str:
    """What it adds to the whole search on one catalogue, and to meaning alone."""
    found = one["systems"]
    told = [
        f"{words} {_moved(found[system][metric])}"
        for system, metric, words in (
            (reports.WHOLE_SEARCH, "pooled_ndcg@10", "of the judged products"),
            (reports.WHOLE_SEARCH, "ndcg@10", "of all products"),
            ("meaning", "pooled_ndcg@10", "by meaning alone, of the judged products"),
        )
        if metric in found.get(system, {})
    ]
    where = f"{one['catalogue'].capitalize()} ({one['products']:,} products, {one['queries']} judged queries)"
    return f"{where}: nDCG@10 of the whole search {'; '.join(told)}."


def _luck(pair: dict[str, Any]) -> bool:
    """Whether the interval of a change holds none."""
    low, high = pair["after"]["change_ci95"]
    return bool(low <= 0 <= high)


def _moved(pair: dict[str, Any]) -> str:
    """ ".810 to .820 (+.010, -.005 to .025: may be luck)"."""
    verdict = "may be luck" if _luck(pair) else "more than luck"
    before, after, change = pair["before"]["mean"], pair["after"]["mean"], pair["after"]["change"]
    return f"{before:.3f} to {after:.3f} ({thousandths(change)}, {sure(pair['after']['change_ci95'])}: {verdict})"


# --- which one answers ----------------------------------------------------------------------------------------


def _in_use(engine: Engine) -> None:
    """The encoder the app was started with, those that are kept, and how to start it with another."""
    settings = state.settings()
    found = kept_encoders.listed(settings.encoders_dir)
    current = settings.encoder.rsplit("/", 1)[-1]
    st.markdown("#### Which encoder answers")
    st.markdown(plain_current(current, found, engine))
    if not found:
        st.caption("No other encoder is kept here yet.")
        name = f"{engine.shop.name}-int8"
        st.code(
            f"python -m recsys compress --shop {engine.shop.name} --methods int8 --keep int8",
            language="bash",
            wrap_lines=True,
        )
        st.caption(plain(f"makes one; then {starting_with(name)} starts the app with it."))
        return
    names = [each.name for each in found]
    chosen = str(st.selectbox("A kept encoder", names, key="models.encoders.kept"))
    encoder = next((each for each in found if each.name == chosen), found[0])
    if damage := encoder.damage:
        st.warning(plain(f"The app cannot be started with it: {damage}."), icon=":material/report:")
    else:
        st.code(starting_with(encoder.name), language="bash", wrap_lines=True)
        st.caption("starts the app with it: what rests on vectors is made again once, beside what was made before.")
    with st.expander("Its card: what it was made from, figures, licence", icon=":material/description:"):
        st.markdown(plain_card(encoder))
    if owner.may("") and encoder.name != current:
        with st.popover("Delete", icon=":material/delete:", type="tertiary", key="models.encoders.delete"):
            st.write(f"{plain(encoder.name)} takes {size(encoder.bytes)}; it is deleted for everybody.")
            st.button(
                "Yes, delete it", key="models.encoders.yes", type=emphasis(), on_click=_deleted, args=(encoder.name,)
            )


def plain_current(current: str, found: list[KeptEncoder], engine: Engine) -> str:
    """Which encoder is in use, what kind it is, and by whom products and queries were read."""
    card = next((each.card for each in found if each.name == current), {})
    label = f", {plain(str(card['label']))}" if card.get("label") else ""
    vectors = engine.vectors_info
    return (
        f"The app was started with **{plain(current)}**{label}. Its vectors have {engine.encoder.dimension} numbers; "
        f"{vectors['texts']:,} texts of products were encoded by {plain(str(vectors['encoder_path']))}."
    )


def plain_card(encoder: KeptEncoder) -> str:
    """The card as Markdown; what it says of data stays text."""
    lines = []
    for name, value in encoder.card.items():
        if name == "made":
            continue
        said = value if isinstance(value, str) else ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(
            value, dict
        ) else str(value)  # fmt: skip
        lines.append(f"- **{plain(name.replace('_', ' ').capitalize())}:** {plain(said)}")
    return "\n".join(lines)


def _deleted(name: str) -> None:
    with state.trouble_said():
        owner.must("")
        kept_encoders.discard(state.settings().encoders_dir, name)
        state.say("The encoder was deleted.", ":material/delete:")
