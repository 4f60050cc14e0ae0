"""Shelves with lines: a line for each product that both show, from its rank to its rank."""

from __future__ import annotations

from recsys.plots.compare import WIDTH, Column, Place, rank_lines, stage_times, votes


def column(name: str, *ids: str) -> Column:
    return Column(name, [Place(each, f"Title of <b>{each}</b>", rank) for rank, each in enumerate(ids, start=1)])


def test_a_line_leads_from_rank_to_rank_and_has_the_colour_of_its_way() -> None:
    figure = rank_lines([column("A", "a", "b", "c"), column("B", "b", "a", "d")])
    lines = {trace.name: trace for trace in figure.data if trace.mode == "lines"}
    ends = {
        name: (trace.x[0], trace.y[0], trace.x[-2], trace.y[-2]) if trace.x else None for name, trace in lines.items()
    }
    assert ends == {"came up": (WIDTH, 2, 1.0, 1), "fell": (WIDTH, 1, 1.0, 2), "same place": None}


def test_who_is_not_on_the_next_shelf_has_a_hollow_number() -> None:
    figure = rank_lines([column("A", "a", "b"), column("B", "a", "c"), column("C", "c", "a")])
    marks = [trace for trace in figure.data if trace.mode == "markers+text"]
    hollow = [(trace.x[0], list(trace.text)) for trace in marks if trace.x and trace.marker.line.width]
    assert hollow == [(WIDTH, ["2"]), (1, ["2"])]


def test_titles_are_letters_on_two_lines_at_most_and_whole_on_hover() -> None:
    long = Place("x", "A very long title of a product that goes on <a href='#'>and on</a>", 1)
    figure = rank_lines([Column("<i>A</i>", [long]), Column("B", [])])
    text = next(trace for trace in figure.data if trace.mode == "text" and trace.x)
    assert text.text[0].count("<br>") == 1
    assert "<a" not in text.text[0] + text.customdata[0][0]
    assert "&lt;i&gt;A" in figure.layout.annotations[0].text


def test_empty_shelves_are_drawn_too() -> None:
    assert rank_lines([Column("A", []), Column("B", [])]).layout.title.text


def test_bars_of_time_add_up_to_what_each_side_took() -> None:
    figure = stage_times({"A": [("Read", 1.0), ("Scored", 2.0)], "B": [("Scored", 4.0)]})
    assert [list(trace.x) for trace in figure.data] == [[1.0, 0], [2.0, 4.0]]
    assert (figure.layout.barmode, figure.layout.xaxis.title.text) == ("stack", "milliseconds of this one answer")


def test_shares_of_votes_have_their_intervals_and_chance_is_marked() -> None:
    figure = votes([("A", 0.75, 0.5, 0.9), ("B", 0.25, 0.1, 0.5)], 0.5)
    assert figure.layout.shapes[0].x0 == 0.5
    assert round(figure.data[0].error_x.array[0], 6) == 0.15
    assert round(figure.data[0].error_x.arrayminus[0], 6) == 0.25
