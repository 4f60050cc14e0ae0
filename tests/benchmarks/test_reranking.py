"""The benchmark of re-ranking measures every re-ranker at both sizes."""

from __future__ import annotations

from benchmarks import reranking


def test_every_re_ranker_is_measured_at_both_sizes_and_held_at_the_smaller() -> None:
    found = reranking.run(reranking.Effort(pools=2, blocks=1)).as_json()
    assert {(row["what"], row["candidates"]) for row in found["rows"]} == {
        (name, size) for name in reranking.CONTENDERS for size in (200, 500)
    }
    assert [bar["bar"] for bar in found["bars"]] == ["<= 3 ms"] * len(reranking.CONTENDERS)
