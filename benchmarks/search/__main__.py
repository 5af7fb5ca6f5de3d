"""Measures gen's search beside Pagefind on the same built pages, in one run.

    python -m benchmarks.search [--documents 1000 10000] [--sites 40] [--disk DIR] [--json FILE]

Exits with 1 if gen does not find every phrase, or if a figure can't be trusted.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import write_corpus
from benchmarks.documents import Corpus
from benchmarks.edits import BUILD_DATE, ROWS, Bench, check_all_pages, check_sights
from benchmarks.group import sites
from benchmarks.measure import Cost, FailureError, run
from benchmarks.run import environment_of
from benchmarks.search import pagefind, reindex
from benchmarks.search.browser import measure_sessions
from benchmarks.search.engines import opened
from benchmarks.search.figures import Edits, Figures, as_json
from benchmarks.search.phrases import phrases
from benchmarks.search.recall import measure_ranks, measure_recall
from benchmarks.search.report import as_table
from benchmarks.search.single import measure_single
from benchmarks.search.slowed import index_function

PARTS = ("index", "recall", "bytes", "single", "edit")
_BUILD = (sys.executable, "-m", "gen", "build", "--quiet", "--date", BUILD_DATE)
_INDEX = (sys.executable, "-m", "gen", "index")
_RANKED = 2  # one fragment of a title for so many phrases
_AFTER_EDITS = 3  # one session after the edits for so many before


@dataclass(frozen=True)
class Task:
    """What one run is asked for. `binary` is Pagefind's, or nothing if it is left out."""

    parts: frozenset[str]
    binary: str
    repetitions: int
    queries: int
    sessions: int
    rounds: int
    singles: int


class Group:
    """A corpus, its pages and its indexes in a folder."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self.corpus = corpus
        self.root = folder / "group"
        self.out = self.root / "out"
        self.pages = folder / "pages"
        self.bundle = folder / "pagefind"
        self.hub = corpus.sites[0].id
        self._environment = environment_of(folder)
        self._log = folder / "log"
        self._bench = Bench(corpus, self.root, frozenset({"gen"}))
        write_corpus(corpus, self.root, hugo=False)

    def run(self, *command: str) -> Cost:
        return run(command, self.root, self._environment, self._log)

    def build(self) -> Cost:
        cost = self.run(*_BUILD)
        check_all_pages(self._bench, self.out)
        return cost

    def index(self) -> Cost:
        """All indexes from the records, and the same bytes as those before."""
        before = reindex.browser_digests(self.root)
        reindex.take_away(self.root)
        cost = self.run(*_INDEX)
        if reindex.browser_digests(self.root) != before:
            raise FailureError("the indexes made anew differ from those of the build")
        return cost

    def run_pagefind(self, binary: str) -> Cost:
        pagefind.link_pages(self.corpus, self.out, self.pages)
        return self.run(*pagefind.command(binary, self.pages, self.bundle))

    def edit(self, turn: int, edits: Edits) -> None:
        """One body edit; notes the build's cost and what it changed in the indexes."""
        before = reindex.browser_digests(self.root)
        sights = tuple(ROWS["body edit"](self._bench, turn))
        edits.costs.append(self.run(*_BUILD))
        check_sights(sights, self.out)
        after = reindex.browser_digests(self.root)
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        edits.files.append(len(changed))
        edits.bytes.append(sum((self.root / name).stat().st_size for name in changed & after.keys()))


def measure(task: Task, corpus: Corpus, folder: Path) -> Figures:
    group = Group(corpus, folder)
    figures = Figures(corpus.documents, len(corpus.sites))
    figures.load["build"] = os.getloadavg()[0]
    figures.build = group.build()
    if "index" in task.parts:
        figures.load["index"] = os.getloadavg()[0]
        _measure_index(task, group, figures)
    elif task.binary:
        group.run_pagefind(task.binary)
    bundle = group.bundle if task.binary else None
    if "recall" in task.parts:
        with opened(corpus, group.root, bundle) as finders:
            figures.recall = measure_recall(corpus, finders, task.queries)
            figures.ranks = measure_ranks(corpus, finders, max(1, task.queries // _RANKED))
    typed = [phrase.text for phrase in phrases(corpus, task.sessions)]
    if "bytes" in task.parts:
        figures.load["bytes"] = os.getloadavg()[0]
        figures.sessions = measure_sessions(group.out, group.hub, bundle, typed, len(typed), task.rounds)
    if "single" in task.parts:
        figures.single = measure_single(corpus, group.out / group.hub / "search", task.singles)
    if "edit" in task.parts:
        figures.edits = Edits()
        figures.load["edit"] = os.getloadavg()[0]
        for turn in range(task.repetitions):
            group.edit(turn, figures.edits)
        some = max(1, len(typed) // _AFTER_EDITS)
        figures.edits.after = measure_sessions(group.out, group.hub, None, typed, some, task.rounds)
    return figures


def _measure_index(task: Task, group: Group, figures: Figures) -> None:
    """The two in turn first, so that neither always has the warmer disk."""
    figures.index = {"gen": [], "pagefind": []} if task.binary else {"gen": []}
    for turn in range(task.repetitions):
        names = list(figures.index)
        for name in names if turn % 2 == 0 else names[::-1]:
            cost = group.index() if name == "gen" else group.run_pagefind(task.binary)
            figures.index[name].append(cost)
    figures.sizes["gen"] = reindex.sizes(group.root, group.hub)
    if task.binary:
        figures.sizes["pagefind"] = pagefind.size(group.bundle)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search", description="Measure gen's search beside Pagefind."
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--sites", type=int, nargs="+", default=[40], metavar="N", help="one for each size")
    parser.add_argument("--queries", type=int, default=1_000, metavar="N", help="phrases to be found")
    parser.add_argument("--sessions", type=int, default=60, metavar="N", help="phrases typed in the browser")
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="of each session; the median counts"
    )
    parser.add_argument(
        "--singles", type=int, default=200, metavar="N", help="queries of each sort, asked one by one"
    )
    parser.add_argument("--repetitions", type=int, default=1, metavar="N", help="of making indexes; of edits")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--no-pagefind", action="store_true")
    parser.add_argument("--disk", type=Path, metavar="DIR", help="where to work (default: temporary folder)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures here")
    given = parser.parse_args(arguments)
    if len(given.sites) == 1:
        given.sites *= len(given.documents)
    if len(given.sites) != len(given.documents):
        parser.error("--sites needs one number, or one for each size")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    given = _arguments(arguments)
    if given.disk:
        given.disk.mkdir(parents=True, exist_ok=True)
    results: list[Figures] = []
    try:
        binary = "" if given.no_pagefind else pagefind.find_binary()
        if {"bytes", "edit"} & set(given.parts):
            index_function()  # what is missing is told before the long builds
        task = Task(
            frozenset(given.parts),
            binary,
            given.repetitions,
            given.queries,
            given.sessions,
            given.rounds,
            given.singles,
        )
        for documents, site_count in zip(given.documents, given.sites, strict=True):
            with tempfile.TemporaryDirectory(prefix="bench-search-", dir=given.disk) as name:
                results.append(measure(task, Corpus(documents, sites(site_count)), Path(name)))
            sys.stdout.write(as_table(results[-1]) + "\n")
            sys.stdout.flush()
    except FailureError as failure:
        sys.stderr.write(f"benchmark stopped: {failure}\n")
        return 1
    if given.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
        figures = {
            "machine": machine,
            "pagefind": pagefind.version() if binary else None,
            "sizes": [as_json(result) for result in results],
        }
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if any(list(result.failures()) for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
