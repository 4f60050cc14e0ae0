"""The page Compare: sides of a link, blind votes, saved comparisons, and links that cannot be followed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

import pytest

from pages.understand.compare.blind import shuffled
from recsys.engine import Engine
from recsys.engine.comparing import comparison_key
from recsys.engine.sides import Side
from recsys.feedback.comparisons import FORMAT
from recsys.schema import Request
from recsys.settings import Settings
from tests.pages.lab_page import LabPage


class ComparePage(LabPage):
    page = "pages/understand/compare/page.py"

    @property
    def keys(self) -> list[str]:
        """The keys of all buttons."""
        return [str(button.key) for button in self.at.button]

    @property
    def sides(self) -> list[str]:
        """The presets of the sides."""
        return [str(box.value) for box in self.at.selectbox if str(box.key).startswith("compare.preset.")]

    def rank(self, letter: str, preset: str) -> Self:
        """Choose how a side ranks."""
        self.at.selectbox(key=f"compare.preset.{letter}").set_value(preset)
        return self.run()

    def switch_blind(self) -> Self:
        """Turn the switch."""
        switch = self.at.toggle(key="compare.blind")
        switch.set_value(not switch.value)
        return self.run()

    def save(self, note: str) -> Self:
        """Save what is compared."""
        self.at.text_input(key="compare.note").set_value(note)
        return self.press("compare.save")

    @property
    def saved(self) -> list[str]:
        """The ids of the saved comparisons in the list."""
        return [key.removeprefix("compare.open.") for key in self.keys if key.startswith("compare.open.")]

    def choose_shelf(self, side: int, number: int = 2) -> Self:
        """Vote for one of the sides, wherever this ballot shows it."""
        mine = next(iter(self.at.session_state["compare.ballots"].values()))
        return self.press(f"compare.vote.{shuffled(number, mine['seed']).index(side)}")


def test_opened_fresh_it_compares_the_shelf_as_it_is_with_one_that_is_spread_out() -> None:
    page = ComparePage()
    assert page.sides == ["as_set", "diverse"]
    assert "B shares" in page.text
    assert "all by re-ranking" in page.text
    assert len(page.at.get("plotly_chart")) == 2
    assert page.address == {}


def test_where_the_screen_is_re_ranked_it_is_compared_with_the_shelf_by_score() -> None:
    assert ComparePage(diversity="0.5").sides == ["by_score", "as_set"]


def test_a_side_is_changed_added_swapped_and_removed_and_the_link_says_so(household: str) -> None:
    page = ComparePage(shopper=household).rank("B", "taste")
    assert page.address == {"shopper": household, "side_a": "as_set", "side_b": "taste"}
    assert "by “Fits the taste”" in page.text
    assert "Fits the taste" in page.at.dataframe[1].value["cause"].tolist()
    page.press("compare.add")
    assert len(page.sides) == 3
    page.press("compare.add")
    assert "compare.add" not in page.keys
    page.press("compare.swap")
    assert page.sides[:2] == ["taste", "as_set"]
    page.press("compare.remove.D").press("compare.remove.C")
    assert page.address == {"shopper": household, "side_a": "taste", "side_b": "as_set"}
    assert "compare.remove.A" not in page.keys


def test_a_side_has_a_shopper_a_query_and_sliders_of_its_own(household: str) -> None:
    page = ComparePage(q="milk")
    page.at.selectbox(key="compare.shopper.B").set_value(household)
    page.run()
    page.at.text_input(key="compare.query.B").set_value("tea")
    page.run()
    page.at.slider(key="compare.diversity.B").set_value(0.3)
    page.run()
    assert page.address["side_b"] == f"diverse~shopper-{household}~q-tea~dv-0.3"
    again = ComparePage(**page.address)
    assert again.text == page.text
    again.press("compare.as_above.B")
    assert again.address["side_b"] == "diverse"


def test_a_side_that_no_link_can_carry_is_refused_in_words() -> None:
    page = ComparePage(side_a="as_set", side_b="as_set~dv-0.3~ca-0.4~cc-2~ts-0.1~sw-0.4~mw-0.35~di-0.15")
    page.at.text_input(key="compare.query.B").set_value("x" * 60)
    page.run()
    assert "would take" in " ".join(str(toast.value) for toast in page.at.toast)
    assert "q-xxx" not in page.address["side_b"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"side_a": "as_set", "side_b": "model7"}, "Side B of the link: 'model7' is no way to rank"),
        ({"side_a": "as_set~dv-9", "side_b": "diverse"}, "Side A of the link: diversity=9 is out of range"),
        ({"side_a": "taste~shopper-nobody", "side_b": "diverse"}, "“nobody”, who is not here"),
        ({"side_b": "popular"}, "The link names one side"),
        ({"side_a": "words", "side_b": "as_set"}, "“Words only” has nothing to go by here: there is no query."),
        ({"side_a": "as_set", "side_b": "as_set~q-" + "y" * 120}, "longer than 99 characters"),
        ({"comparison": "0123456789ab"}, "There is no saved comparison “0123456789ab” on this server"),
        ({"blind": "perhaps"}, "The link asks for blind='perhaps'"),
    ],
)
def test_a_link_that_cannot_be_followed_is_answered_in_words(address: dict[str, str], said: str) -> None:
    page = ComparePage(**address)
    assert said in page.text
    assert page.at.get("plotly_chart")


def test_every_column_has_its_definition_on_hover() -> None:
    page = ComparePage()
    told = [str(table.proto.columns) for table in page.at.dataframe]
    assert "Webber et al. 2010" in told[0]
    assert "1 minus the mean cosine" in told[0]
    assert "from the scores themselves" in told[1]


def test_in_blind_mode_neither_names_nor_settings_are_shown() -> None:
    page = ComparePage().switch_blind()
    assert page.address == {"blind": "yes"}
    for told in ("As it is set", "Spread out", "Re-ranked", "points", "rank-biased"):
        assert told not in page.text
    assert page.sides == []
    assert "Shelf 1" in page.text
    assert "Which shelf is better?" in page.text


def test_a_vote_is_kept_with_its_order_and_then_the_names_are_shown(engine: Engine) -> None:
    page = ComparePage(blind="yes").choose_shelf(1)
    requests = [Side("as_set").request(Request()), Side("diverse").request(Request())]
    votes = engine.comparisons.votes(comparison_key(requests))
    mine = next(iter(page.at.session_state["compare.ballots"].values()))
    assert [(vote.id, vote.seed, len(vote.order)) for vote in votes] == [(mine["id"], mine["seed"], 2)]
    assert votes[0].order.index(votes[0].choice) == shuffled(2, votes[0].seed).index(1)
    assert len(votes[0].voter) == 32
    assert "B · Spread out." in page.text
    assert "1 vote from 1 browser: of 1 who decided, 1 prefer B · Spread out" in page.text
    assert "may be luck (p = 1)" in page.text


def test_the_next_ballot_hides_the_names_again_and_votes_add_up() -> None:
    page = ComparePage(blind="yes").choose_shelf(0)
    page.press("compare.next")
    assert "Spread out" not in page.text
    page.choose_shelf(0).press("compare.next").press("compare.vote.none")
    assert "You saw no difference." in page.text
    assert "3 votes from 1 browser: of 2 who decided, 2 prefer A · As it is set" in page.text
    assert "1 saw no difference and are not among them" in page.text
    page.press("compare.take_back")
    assert "2 votes from 1 browser" in page.text
    assert "compare.vote.0" not in page.keys  # the names were seen: only a new ballot is blind again
    assert "compare.vote.0" in page.press("compare.next").keys
    assert "2 votes from 1 browser" in ComparePage().text  # another visit, and with names: the votes are there


def test_the_names_can_be_asked_for_without_a_vote() -> None:
    page = ComparePage(blind="yes").press("compare.reveal")
    assert "B · Spread out" in page.text
    assert "Nobody has voted about these shelves yet" in page.text
    assert "compare.vote.0" not in page.keys


def test_there_is_nothing_to_vote_on_between_a_side_and_itself() -> None:
    assert "Two sides ask for the very same thing" in ComparePage(blind="yes", side_a="as_set", side_b="as_set").text


def test_votes_about_what_the_sides_showed_before_are_not_counted(household: str, engine: Engine) -> None:
    page = ComparePage(shopper=household, blind="yes").choose_shelf(0)
    assert "1 vote from 1 browser" in page.text
    request = Request(shopper=household)
    engine.record(request, engine.answer(request).items[0].item_id, "dislike")
    later = ComparePage(shopper=household)
    assert "Nobody has voted about these shelves yet" in later.text
    assert "1 earlier vote about these settings not counted" in later.text


def test_a_comparison_is_saved_listed_opened_by_its_link_changed_and_removed(household: str) -> None:
    page = ComparePage(shopper=household, q="milk", side_a="as_set", side_b="words").save("Words  *alone*")
    (id,) = page.saved
    assert "Words *alone*" in page.text
    assert page.press(f"compare.open.{id}").address == {"shopper": household, "q": "milk", "comparison": id}
    opened = ComparePage(comparison=id)
    assert opened.address == {"comparison": id}
    assert "A · As it is set" in opened.at.dataframe[0].value["side"].tolist()
    assert opened.at.dataframe[0].value["shared"].tolist() == page.at.dataframe[0].value["shared"].tolist()
    assert "Words *alone*" in opened.text
    assert f"Household: {household}" in opened.text
    assert "Query: “milk”" in opened.text
    assert opened.sides == []
    opened.press("compare.change")
    assert opened.address == {"shopper": household, "q": "milk", "side_a": "as_set", "side_b": "words"}
    page.press(f"compare.forget.{id}")
    assert page.saved == []
    assert "it was removed, or saved on another one" in ComparePage(comparison=id).text


def test_a_saved_comparison_is_voted_on_without_its_note_and_its_sides_in_the_address() -> None:
    page = ComparePage(q="milk", side_a="as_set", side_b="popular", k="5").save("popular is worse")
    blind = ComparePage(comparison=page.saved[0], blind="yes")
    assert "popular is worse" not in blind.text
    assert blind.address == {"comparison": page.saved[0], "blind": "yes"}
    blind.choose_shelf(0)
    assert "1 vote from 1 browser" in ComparePage(comparison=page.saved[0]).text


def test_what_has_changed_since_it_was_saved_is_said(household: str, engine: Engine) -> None:
    page = ComparePage(shopper=household).save("")
    request = Request(shopper=household)
    engine.record(request, engine.answer(request).items[0].item_id, "dislike")
    assert "The shelves are not those that were saved" in ComparePage(comparison=page.saved[0]).text


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("format", FORMAT + 1, "saved by a later version of the app"),
        ("address", "no JSON", "This comparison is damaged"),
        ("dataset", "gone", "of the shop “gone”, which is not here any more"),
        ("dataset", "demo_store", "choose it under Shop above to see it"),
        ("address", '{"side_a": "model7", "side_b": "diverse", "shopper": "who"}', "'model7' is no way to rank"),
    ],
)
def test_a_comparison_of_another_version_or_shop_says_so(
    column: str, value: object, said: str, prepared: Settings
) -> None:
    id = ComparePage().save("once").saved[0]
    file = Path(prepared.feedback_database.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        connection.execute(f"UPDATE shelflens_comparisons SET {column} = ?", (value,))
    connection.close()
    page = ComparePage(comparison=id)
    assert said in page.text
    assert page.at.get("plotly_chart")


def test_what_somebody_else_saved_cannot_be_removed(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    monkeypatch.setenv("SHELFLENS_SHARED", "1")
    theirs = engine.comparisons.save({"side_a": "as_set", "side_b": "diverse"}, "", "theirs", "somebody else")
    page = ComparePage().save("mine")
    mine = next(id for id in page.saved if id != theirs)
    assert f"compare.forget.{theirs}" not in page.keys
    page.press(f"compare.forget.{mine}")
    assert page.saved == [theirs]


@pytest.mark.parametrize("made_shop", ["outdoor", "bare", "catalogue", "small_demo"], indirect=True)
def test_every_shop_is_compared_with_all_that_it_has(made_shop: Settings) -> None:
    for address in ({}, {"q": "lantern", "side_a": "words", "side_b": "meaning", "side_c": "popular"}):
        page = ComparePage(**address)
        assert "shares" in page.text or "the same" in page.text
        assert page.at.dataframe
