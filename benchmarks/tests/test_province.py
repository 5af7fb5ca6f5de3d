"""The province on paper is what was measured, times its documents."""

from pathlib import Path

import msgspec
import pytest

from benchmarks.cluster.province import CORES, DOCUMENTS, Figures, Row, steps, table

BENCHMARKS = Path(__file__).parents[1]


@pytest.fixture
def figures() -> Figures:
    return msgspec.json.decode((BENCHMARKS / "cluster" / "figures.json").read_bytes(), type=Figures)


def test_the_document_shows_what_was_measured(figures: Figures) -> None:
    text = (BENCHMARKS.parent / "docs" / "scale.md").read_text(encoding="utf-8")
    assert table(figures) in text
    small, large = figures.pairs
    for value in (
        small.local_wall,
        large.local_wall,
        small.wall,
        large.wall,
        small.workers_cpu,
        large.parent_cpu,
    ):
        assert f"{value:.1f} s" in text
    for pair in figures.pairs:
        assert f"| {pair.ratio:.2f} " in text


def test_work_is_divided_by_cores_and_bytes_take_their_time() -> None:
    assert Row("", 1.0, 1).seconds == DOCUMENTS / 1000
    assert Row("", 1.0, CORES).seconds == DOCUMENTS / 1000 / CORES
    assert Row("", 0.0, 1, 1_250).seconds == DOCUMENTS / 1e6


def test_no_step_is_worth_nothing(figures: Figures) -> None:
    assert all(row.milliseconds > 0 for row in steps(figures))
