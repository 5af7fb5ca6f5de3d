"""What the Lighthouse benchmark makes of several runs; Lighthouse itself is not run."""

import pytest

from benchmarks.lighthouse import __main__ as lighthouse
from benchmarks.lighthouse.__main__ import Report, best_known, median, portion


def report(performance: int) -> Report:
    lost = {} if performance == 100 else {"largest-contentful-paint": f"{performance}"}
    return Report("hub/index.html", {"performance": performance, "seo": 100}, lost)


def test_the_run_in_the_middle_counts_with_all_that_it_says() -> None:
    assert median([report(99), report(90), report(97)]) == report(97)
    assert median([report(98)]) == report(98)


def test_a_page_is_looked_at_again_only_if_it_loses_points(monkeypatch: pytest.MonkeyPatch) -> None:
    for points, looked, expected in (([100], 1, 100), ([90, 100, 100], 3, 100), ([98, 97, 99], 3, 98)):
        left = list(points)
        monkeypatch.setattr(lighthouse, "look", lambda *_, left=left: report(left.pop(0)))
        assert best_known(None, None, "hub/index.html", 3) == report(expected)  # type: ignore[arg-type]
        assert len(points) - len(left) == looked


def test_portions_are_all_pages_and_none_twice() -> None:
    paths = [f"{n}.html" for n in range(11)]
    parts = [portion(paths, f"{n}/3") for n in (1, 2, 3)]
    assert sorted(path for part in parts for path in part) == sorted(paths)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
