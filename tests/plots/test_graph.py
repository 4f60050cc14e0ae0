"""A small graph as a picture: where things lie, which lines are strong, and names letter by letter."""

from __future__ import annotations

from recsys.plots.graph import LOOKS, THIS, Dot, graph_figure, layout


def test_each_layer_is_a_column_and_nothing_lies_on_anything() -> None:
    layers = [0, 1, 1, 2, 2, 2, 3]
    lines = [(0, 1), (0, 2), (1, 3), (2, 5), (1, 4), (3, 6), (5, 6)]
    places = layout(layers, lines)
    assert [x for x, _ in places] == [float(layer) for layer in layers]
    assert len(set(places)) == len(layers)
    assert all(0 < y < 1 for _, y in places)
    assert places == layout(layers, lines)


def test_lines_that_need_not_cross_do_not() -> None:
    places = layout([0, 0, 0, 1, 1, 1], [(0, 5), (1, 4), (2, 3)])
    left = sorted((0, 1, 2), key=lambda at: places[at][1])
    right = sorted((5, 4, 3), key=lambda at: places[at][1])
    assert sorted(zip(left, right, strict=True)) == [(0, 5), (1, 4), (2, 3)]


def test_paths_are_strong_and_all_has_a_place_in_the_legend() -> None:
    dots = [
        Dot("You", "you", 0, True),
        Dot("<b>milk</b> [x](y)", "bought", 1, True),
        Dot("bread", THIS, 2, True),
        Dot("a very long name of some other product", "other product", 3, False, "of the same brand"),
    ]
    figure = graph_figure(dots, [(0, 1, True), (1, 2, True), (0, 2, True), (2, 3, False)], "Around <it>")
    named = {trace.name: trace for trace in figure.data if trace.showlegend is not False}
    assert set(named) == {"a path", "you", "bought", THIS, "other product"}
    assert set(named) - {"a path"} <= set(LOOKS)
    assert named["bought"].text[0] == "&lt;b&gt;milk&lt;/b&gt; [x](y)"
    assert named["other product"].text[0] == ""
    assert "of the same brand" in named["other product"].hovertext[0]
    strong = named["a path"]
    assert strong.x.tolist().count(None) == 3 if hasattr(strong.x, "tolist") else list(strong.x).count(None) == 3
    assert figure.layout.title.text == "Around &lt;it&gt;"


def test_a_layer_with_many_names_has_room_for_them() -> None:
    few, many = ([Dot(str(at), "shared", 0, True) for at in range(count)] for count in (3, 30))
    assert graph_figure(many, [], "Many").layout.height >= 30 * 40 > graph_figure(few, [], "Few").layout.height


def test_one_thing_alone_is_drawn() -> None:
    assert len(graph_figure([Dot("bread", THIS, 3, True)], [], "Alone").data) >= 1
