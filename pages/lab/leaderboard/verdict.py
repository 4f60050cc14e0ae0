"""Who wins, in one sentence at the top; and how sure that is, what it costs, for whom another is better; the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.lab.leaderboard import choices
from pages.lab.leaderboard.finding import sentence
from pages.lab.leaderboard.wording import (
    FAMILIES,
    RULES,
    dataset,
    metric_help,
    metric_label,
    protocols,
    slicing_words,
    when,
)
from pages.shared import state
from pages.shared.finding import finding
from pages.shared.significance import corrected, luck
from pages.shared.wording import count, plain, seconds
from recsys.errors import ArtifactError
from recsys.evaluation import reading

if TYPE_CHECKING:
    import pandas as pd

    from pages.lab.leaderboard.choices import Shown
    from recsys.evaluation.reading import Lead, Verdict

NAMED = 4  # slices in the sentence; all of them are in the section below


def top(now: Shown) -> None:
    """The finding in one sentence, what it rests on, and the choice of another run or metric."""
    finding(sentence(now.report, now.short), built_in=_made(now) if now.run.built_in else "")
    st.caption(plain(_question(now)))


def _made(now: Shown) -> str:
    """How a built-in run came about."""
    report, cores = now.report, now.report.get("machine", {}).get("cores")
    machine = f", on {cores} processor cores" if cores else ""
    return f"Came with the project: run on {when(str(report['run']))}{machine}. Runs of your own come first."


def verdict(now: Shown) -> None:
    """Which recommender to use, why, and for whom not; and the rules."""
    found = reading.verdict(now.report)
    table = reading.standings(now.report, now.report["compared_by"])
    best, metric = table.iloc[0], metric_label(now.report["compared_by"])
    with st.container(border=True):
        level = f", level with {count(len(found.level), 'other', shop=state.open_shop())}" if found.level else ""
        st.markdown(f"**{plain(best['label'])} ranks best{level}**", help=metric_help(now.report["compared_by"]))
        lines = [
            f"{metric} {best['mean']:.4f} (95 % interval {best['low']:.4f} to {best['high']:.4f}), "
            f"{_against(now, found, best['mean'])}",
            _simple(now, found, best["mean"]),
            _costs(now, found, table),
            *_parts(now, found.winner),
            _by_means(now, found.winner) if now.run.built_in else _for_whom(now, found.winner),
        ]
        st.markdown("\n".join(f"- {line}" for line in lines if line))
    _protocol(now)


def _against(now: Shown, found: Verdict, mean: float) -> str:
    lead = found.runner_up
    if lead is None:
        return "the only recommender of this run: there is nothing to compare it with."
    return f"{_ahead(lead, mean)} ahead of the runner-up, {plain(now.names[lead.against])}: **{luck(lead.p)}**."


def _ahead(lead: Lead, mean: float) -> str:
    beaten = mean - lead.difference
    share = f", {lead.difference / beaten:+.1%}" if beaten > 0 else ""
    why = f"; {said}" if (said := corrected(lead.low, lead.high, lead.p)) else ""
    return f"{lead.difference:+.4f} ({lead.low:+.4f} to {lead.high:+.4f}{share}{why})"


def _simple(now: Shown, found: Verdict, mean: float) -> str:
    if found.winner in reading.SIMPLE:
        trained = [name for name in now.names if name not in reading.SIMPLE]
        beaten = f"None of the {len(trained)} others that ran beats it" if trained else "No trained recommender ran"
        return f"**A simple baseline wins**: counts and neighbours, nothing trained. {beaten}."
    if found.best_simple is None:
        return "No simple baseline ran: start one to see what training is worth."
    lead = found.best_simple
    return f"Over the best simple baseline, {plain(now.names[lead.against])}: {_ahead(lead, mean)}, {luck(lead.p)}."


def _costs(now: Shown, found: Verdict, table: pd.DataFrame) -> str:
    best, *_ = table.to_dict("records")
    said = (
        f"It takes {seconds(best['seconds'])} to fit and to rank for {_asked(now)} and {best['peak_mb']:,.0f} MB; "
        f"choosing its settings took {seconds(best['choose_s'])}."
    )
    if found.cheaper is None:
        return said
    cheap = next(row for row in table.to_dict("records") if row["model"] == found.cheaper)
    return (
        f"{said} **{plain(now.names[found.cheaper])} may do as well for less**: {seconds(cheap['seconds'])}, "
        f"{cheap['peak_mb']:,.0f} MB, and its distance from the best may be luck."
    )


def _asked(now: Shown) -> str:
    asked = max(int(model["shoppers"].get(now.report["compared_by"], 0)) for model in now.report["models"])
    return count(asked, "shopper", shop=state.open_shop())


def _parts(now: Shown, winner: str) -> list[str]:
    """Why: where the winner's hits come from, and who is better at the other kind."""
    lines = []
    for part, table in reading.parts(now.report).items():
        best, mine = table.iloc[0], table[table["model"] == winner].iloc[0]
        what = {
            "repeat": "what the shopper bought before",
            "first-time": "what the shopper never bought",
            "new-product": "what nobody had bought yet",
        }[part]
        if best["model"] == winner:
            lines.append(f"For {what} it is the best as well ({mine['mean']:.4f}).")
        else:
            none = " finds nothing" if mine["mean"] == 0 else f" reaches {mine['mean']:.4f}"
            lines.append(f"For {what} it{none}; **{plain(best['label'])}** leads with {best['mean']:.4f}.")
    return lines


def _for_whom(now: Shown, winner: str) -> str:
    """For which shoppers another recommender is better by more than luck."""
    try:
        table = choices.slices(now, now.report["compared_by"], winner)
    except ArtifactError as error:
        return f"For whom cannot be said: {plain(error.one_line())}"
    if table.empty:
        return ""
    asked = table[table["comparable"]].drop_duplicates(["slicing", "slice"])
    others = reading.better_served(table)
    if others.empty:
        return (
            f"**For whom:** for everybody. In none of the {len(asked)} slices of at least 30 shoppers is another "
            f"recommender better by more than luck."
        )
    shop = state.open_shop()
    named = "; ".join(
        f"{plain(row['slice'])} ({plain(slicing_words(row['slicing']))}, {shop.number(row['count'])} shoppers): "
        f"**{plain(now.names[row['model']])}**, {row['difference']:+.4f}"
        for row in others.head(NAMED).to_dict("records")
    )
    rest = f"; and {count(len(others) - NAMED, 'more slice', shop=shop)}" if len(others) > NAMED else ""
    return f"**For whom not:** {named}{rest}. In the other {len(asked) - len(others)} slices it is best or level."


def _by_means(now: Shown, winner: str) -> str:
    """For which shoppers another recommender has the higher mean: a built-in run has nothing to test it with."""
    best = reading.best_by_slice(now.report)
    if best.empty:
        return ""
    shop, others = state.open_shop(), best[best["model"] != winner]
    said = (
        f"**For whom:** of {count(len(best), 'slice', shop=shop)} of at least 30 shoppers it has the highest mean in "
        f"{shop.number(len(best) - len(others))}"
    )
    named = "; ".join(
        f"{plain(row['slice'])} ({plain(slicing_words(row['slicing']))}): **{plain(now.names[row['model']])}**"
        for row in others.head(NAMED).to_dict("records")
    )
    return f"{said}{f', not in {named}' if named else ''}. Not tested slice by slice."


def _question(now: Shown) -> str:
    """What was asked of whom, in one line."""
    rules = now.report["protocol"]
    asked = protocols(state.open_shop().people)
    question = asked.get(rules["name"], rules["name"]).lower()
    return (
        f"{dataset(now.report)}: {question}. {rules['asked']}; {rules['candidates']}; {rules['variant']}. "
        "Every figure on this page is by this protocol."
    )


def _protocol(now: Shown) -> None:
    rules = now.report["protocol"]
    lost = rules.get("out_of_reach", "")
    if lost:
        st.warning(plain(lost), icon=":material/visibility_off:")
    with st.expander("The rules in full, what ran, and what the figures mean", icon=":material/rule:"):
        st.markdown(
            "\n".join(f"- **{label}:** {plain(_said(rules[key]))}" for key, label in RULES.items() if key in rules)
        )
        if notes := now.report.get("notes"):
            st.markdown("\n".join(f"- {plain(note)}" for note in notes if note != lost))
        st.markdown("**Metrics**  \n" + "  \n".join(f"*{words.name}*: {words.plain}" for words in FAMILIES.values()))
        source = now.report["source"]
        st.caption(plain(", ".join(f"{key} {value}" for key, value in source.items() if value is not None)))
        if command := now.report.get("command"):
            st.code(command, language="bash", wrap_lines=True)


def _said(rule: object) -> str:
    return ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
