"""Which recommender to use for which shoppers and why: kept runs with their intervals, costs, slices and shoppers."""

from __future__ import annotations

from pages.lab.leaderboard import choices as leaderboard_choices
from pages.lab.leaderboard import duel as leaderboard_duel
from pages.lab.leaderboard import runs as leaderboard_runs
from pages.lab.leaderboard import table as leaderboard_table
from pages.lab.leaderboard import uses as leaderboard_uses
from pages.lab.leaderboard import verdict as leaderboard_verdict
from pages.shared import address_bar, state, strip

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
found = leaderboard_choices.kept()
at_work = leaderboard_runs.work()
if leaderboard_choices.nothing_of_here(found) and not at_work:
    leaderboard_runs.nothing_of_here(engine)
if found:
    now = leaderboard_choices.shown(found)
    strip.notes(now.notes, icon=":material/link_off:")
    leaderboard_verdict.top(now)
    leaderboard_choices.pickers(found, now)
    ranking, verdict, worth, pairs, duel = leaderboard_choices.parts(now)
    with ranking:
        leaderboard_table.ranking(now)
    with verdict:
        leaderboard_verdict.verdict(now)
    with worth:
        leaderboard_table.cost_and_worth(now)
    with pairs:
        leaderboard_table.pairs(now)
    with duel:
        leaderboard_duel.duel(engine, now)
if not at_work:
    leaderboard_runs.starter(expanded=not found)
if found:
    leaderboard_runs.remover(now)
leaderboard_uses.section(engine)
