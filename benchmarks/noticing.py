"""What noticing a change costs as a group grows: one body edit, with and without Git's help.

    python -m benchmarks.noticing --documents 10000 100000 --sites 40 200

Each size is a corpus in a Git checkout, built once. Then the same one document is edited anew for every run, and the
whole process of `gen build` is measured: by walking the folder (Git made invisible), with `git status`, and with
`--committed`, after the edit was committed. Each row also gives its ratio to that of the first size.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import measure
from benchmarks.corpus import write_corpus
from benchmarks.documents import Corpus
from benchmarks.group import sites
from benchmarks.run import environment_of

_GIT = ("git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost")
BUILD = (sys.executable, "-m", "gen", "build", "--quiet", "--date", "2026-11-24")
_MIB = 1024 * 1024


class Checkout:
    """A corpus under Git, and the document that is edited."""

    def __init__(self, folder: Path, documents: int, site_count: int) -> None:
        self.folder = folder
        corpus = Corpus(documents, sites(site_count), 1)
        write_corpus(corpus, folder, hugo=False)
        (folder / ".gitignore").write_text(".gen/\nout/\n")
        path = corpus.document(documents // 2).header.path
        self.source = folder / "content" / f"{path}.md"
        self.page = folder / "out" / f"{path}.html"
        self.environment = environment_of(folder.parent)
        self.edits = 0
        self.run(*_GIT, "init", "-q", ".")
        self.commit()

    def run(self, *command: str) -> measure.Cost:
        return measure.run(command, self.folder, self.environment, self.folder.parent / "log")

    def commit(self) -> None:
        self.run(*_GIT, "add", "-A")
        self.run(*_GIT, "commit", "-q", "--allow-empty", "-m", "edit")

    def edit(self) -> str:
        """Adds a paragraph that was never there, at the end, and returns it."""
        self.edits += 1
        words = f"第{self.edits}次修改的一段话。"
        with self.source.open("a", encoding="utf-8") as stream:
            stream.write(f"\n\n{words}\n")
        return words

    def measured(self, *options: str, before: Callable[[], None] = lambda: None) -> measure.Cost:
        """One edit and the build that shows it."""
        words = self.edit()
        before()
        cost = self.run(*BUILD, *options)
        if words not in self.page.read_text(encoding="utf-8"):
            raise measure.FailureError(f"{self.page} doesn't show the edit")
        return cost


def _rows(checkout: Checkout, repetitions: int) -> dict[str, list[measure.Cost]]:
    cold = [checkout.run(*BUILD)]
    status = [checkout.measured() for _ in range(repetitions)]
    committed = [checkout.measured("--committed", before=checkout.commit) for _ in range(repetitions)]
    shutil.move(checkout.folder / ".git", checkout.folder.parent / "hidden")
    checkout.measured()  # the first walk reads all files once, since Git gave no time stamps
    walked = [checkout.measured() for _ in range(repetitions)]
    return {
        "cold build": cold,
        "edit, git status": status,
        "edit, --committed": committed,
        "edit, walking": walked,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.noticing", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument(
        "--sites", type=int, nargs="+", default=[40, 200], metavar="N", help="one for each size"
    )
    parser.add_argument("--repetitions", type=int, default=5, metavar="N")
    parser.add_argument("--disk", type=Path, metavar="DIR", help="where to work (default: temporary folder)")
    given = parser.parse_args(arguments)
    first: dict[str, float] = {}
    for documents, site_count in zip(given.documents, given.sites, strict=True):
        with tempfile.TemporaryDirectory(prefix="bench-", dir=given.disk) as name:
            checkout = Checkout(Path(name) / "group", documents, site_count)
            print(
                f"{documents:,} documents, {site_count} sites: median wall s, cpu s, MiB; ratio of wall to the first size"
            )
            for row, costs in _rows(checkout, given.repetitions).items():
                wall = statistics.median(cost.wall for cost in costs)
                cpu = statistics.median(cost.cpu for cost in costs)
                memory = statistics.median(cost.memory for cost in costs) / _MIB
                ratio = wall / first.setdefault(row, wall)
                print(f"{row:<20}{wall:9.3f}{cpu:9.3f}{memory:9.1f}{ratio:9.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
