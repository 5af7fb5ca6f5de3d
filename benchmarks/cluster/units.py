"""What one document costs: CPU of each step, bytes of each thing that is kept or shipped, files.

One process does all, so that CPU can be told apart: what a worker would do, by the context that does it, and the
parent's rest of each step.
"""

import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from benchmarks.corpus import write_document
from benchmarks.documents import Corpus
from benchmarks.group import sites
from benchmarks.noticing import Checkout
from gen import build as pipeline
from gen.build import Options, build
from gen.catalogue.store import READ
from gen.cluster.checkout import check_out
from gen.cluster.depot import Depot
from gen.database import extract
from gen.outcome import Result
from gen.search.state import RECORDS
from gen.workers import A, C, Local, R, T, Work
from gen.workspace import STATE_FOLDER

NOW = datetime(2026, 11, 24)
EDITS = 100
"""Of each kind in a build."""


class Timed:
    """A crew of this process alone that counts its CPU seconds by the context that works."""

    def __init__(self, _jobs: int) -> None:
        self.seconds: dict[str, float] = {}
        self.first: dict[str, float] = {}
        """Those of the first result of each."""
        self.begun: dict[str, float] = {}

    def run(self, work: Work[A, C, T, R]) -> Iterator[R]:
        name = work.open.__self__.__name__  # type: ignore[attr-defined]  # a class method of the context
        self.begun[name] = time.process_time()
        self.seconds[name] = 0.0
        results = Local(1).run(work)
        while True:
            start = time.process_time()
            try:
                result = next(results)
            except StopIteration:
                return
            finally:
                self.seconds[name] += time.process_time() - start
                self.first.setdefault(name, self.seconds[name])
            yield result


def measure_units(documents: int, site_count: int, disk: Path) -> dict[str, float]:
    """Everything per document of a cold build, per edit, and the seconds that a build takes with nothing to do."""
    checkout = Checkout(disk / "units", documents, site_count)
    group = checkout.folder
    timed, result, total = _timed_build(group)
    begun, seconds = timed.begun, timed.seconds
    ends = {"Reader": begun["Renderer"], "Renderer": begun["Encoder"], "Encoder": total}
    found = {
        "read_cpu": seconds["Reader"],
        "accept_cpu": ends["Reader"] - begun["Reader"] - seconds["Reader"],
        "render_cpu": seconds["Renderer"],
        "write_cpu": ends["Renderer"] - begun["Renderer"] - seconds["Renderer"],
        "hub_index_cpu": timed.first["Encoder"],
        "site_index_cpu": seconds["Encoder"] - timed.first["Encoder"],
        "index_rest_cpu": ends["Encoder"] - begun["Encoder"] - seconds["Encoder"],
        "pages": result.stats.rendered_pages,
        **_sizes(group, disk),
    }
    units = {name: value / documents for name, value in found.items()}
    _, _, units["nothing_cpu"] = _timed_build(group)
    units.update(_edits(checkout, documents, site_count, units["nothing_cpu"]))
    return {"documents": documents, "sites": site_count, **units}


def _timed_build(group: Path) -> tuple[Timed, Result, float]:
    """The crew, the result, and the process's CPU clock at the end; for a build with nothing to do, its seconds."""
    crews: list[Timed] = []

    def crew(jobs: int) -> Timed:
        crews.append(Timed(jobs))
        return crews[-1]

    start = time.process_time()
    with patch.object(pipeline, "Local", crew):
        result = build(Options(group, group / "out", NOW, committed=True))
    end = time.process_time()
    return crews[0], result, end if result.stats.read_files else end - start


def _sizes(group: Path, disk: Path) -> dict[str, float]:
    """Bytes and files of what a cold build leaves, and of what goes to every worker's machine."""
    state = group / STATE_FOLDER / "state.sqlite"
    depot = Depot(f"file://{disk / 'depot'}", "units")
    depot.prepare()
    found: dict[str, float] = {"state_bytes": state.stat().st_size}
    for name, tables in (("render", READ), ("index", RECORDS)):
        start, before = time.process_time(), depot.bytes
        extract(state, disk / "answers.sqlite", tables)
        depot.put_file(disk / "answers.sqlite")
        found[f"{name}_ship_cpu"] = time.process_time() - start
        found[f"{name}_answers_bytes"] = (disk / "answers.sqlite").stat().st_size
        found[f"{name}_answers_packed_bytes"] = depot.bytes - before
    depot.clear()
    out = [path.stat().st_size for path in (group / "out").rglob("*") if path.is_file()]
    engine = [
        path.stat().st_size for path in (group / STATE_FOLDER).rglob("state-search/*") if path.is_file()
    ]
    content = [path.stat().st_size for path in (group / "content").rglob("*") if path.is_file()]
    start = time.perf_counter()
    head = subprocess.run(
        ["git", "-C", str(group), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    check_out(disk / "copy" / "tree", str(group), head.stdout.strip())
    copied = time.perf_counter() - start
    packs = [path.stat().st_size for path in (disk / "copy" / "tree" / ".git").rglob("*") if path.is_file()]
    return {
        **found,
        "out_files": len(out),
        "out_bytes": sum(out),
        "engine_bytes": sum(engine),
        "content_bytes": sum(content),
        "git_bytes": sum(packs),
        "checkout_wall": copied,
    }


def _edits(checkout: Checkout, documents: int, site_count: int, nothing: float) -> dict[str, float]:
    """CPU seconds, pages and newly indexed documents of an edit, in builds that find many new texts, or new documents."""
    group = checkout.folder
    larger = Corpus(documents + EDITS, sites(site_count), 1)
    found: dict[str, float] = {}
    for kind in ("body", "new"):
        for number in range(EDITS):
            if kind == "new":
                write_document(larger.document(documents + number), group, hugo=False)
                continue
            path = larger.document(number * (documents // EDITS)).header.path
            with (group / "content" / f"{path}.md").open("a", encoding="utf-8") as stream:
                stream.write("\n\n又添了一段话，示例。\n")
        checkout.commit()
        start = time.process_time()
        _, result, _ = _timed_build(group)
        found[f"{kind}_edit_cpu"] = (time.process_time() - start - nothing) / EDITS
        found[f"{kind}_edit_pages"] = result.stats.rendered_pages / EDITS
        found[f"{kind}_edit_indexed"] = result.stats.indexed_documents / EDITS
    return found
