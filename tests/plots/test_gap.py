"""The gap as it is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.plots.gap import JOINED, gap_figure


def test_both_planes_have_one_scale_and_the_centres_lie_where_the_clouds_are() -> None:
    rng = np.random.default_rng(0)
    near = rng.normal(scale=0.01, size=(60, 2))
    moved = near + np.array([0.8, 0])
    found = {
        "before": {"texts": moved.tolist(), "pictures": near.tolist()},
        "after": {"texts": near.tolist(), "pictures": near.tolist()},
    }
    figure = gap_figure(found)
    centres = [trace for trace in figure.data if trace.mode == "markers" and len(trace.x) == 1]
    before = [trace.x[0] for trace in centres if trace.xaxis == "x"]
    after = [trace.x[0] for trace in centres if trace.xaxis == "x2"]
    assert before[0] - before[1] == pytest.approx(0.8, abs=1e-6)
    assert after[0] == pytest.approx(after[1])
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    lines = next(trace for trace in figure.data if trace.mode == "lines")
    assert len(lines.x) == 3 * JOINED
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == ["texts", "pictures"]
