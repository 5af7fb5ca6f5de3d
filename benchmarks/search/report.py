"""The table of one size, for people: every figure of gen beside Pagefind's, and the limit where there is one."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.measure import Cost
from benchmarks.search.browser import Cost as QueryCost
from benchmarks.search.browser import Sessions
from benchmarks.search.figures import (
    COSTS,
    FURTHER_LIMIT,
    KB,
    LATE_LIMIT,
    MEASURES,
    MEBI,
    Edits,
    Figures,
    by_kind,
    ratio,
    spread,
)
from benchmarks.search.slowed import SLOWED

_NAME, _CELL = 34, 13


def as_table(figures: Figures) -> str:
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: Figures) -> Iterator[str]:
    yield f"== {figures.documents:,} documents, {figures.sites} sites"
    if figures.build:
        yield _row("cold build, pages and indexes: s, MiB", f"{figures.build.wall:.2f}", _mib(figures.build))
    if figures.index:
        yield from _index_lines(figures)
    if figures.recall:
        yield from _recall_lines(figures)
    if figures.sessions:
        yield from _query_lines(figures, figures.sessions)
    if figures.single:
        yield from _single_lines(figures)
    if figures.edits:
        yield from _edit_lines(figures, figures.edits)
    loads = ", ".join(f"{part} {load:.1f}" for part, load in figures.load.items())
    yield f"-- load of the machine before each part: {loads}"
    misses, failures = list(figures.misses()), list(figures.failures())
    yield from (f"LIMIT MISSED: {text}" for text in misses)
    yield from (f"FAILED: {text}" for text in failures)
    if figures.recall and not failures:
        yield "every phrase was found, by the client and by Whoosh"


def _row(name: str, *cells: str) -> str:
    return f"{name:{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def _mib(cost: Cost) -> str:
    return f"{cost.memory / MEBI:.0f}"


def _index_lines(figures: Figures) -> Iterator[str]:
    yield _row("-- making the indexes", "gen", "Pagefind", "ratio")
    rows: Sequence[tuple[str, str, float]] = (
        ("wall, s", "wall", 1),
        ("cpu, s", "cpu", 1),
        ("memory, MiB PSS", "memory", MEBI),
    )
    for label, figure, unit in rows:
        cells = [
            f"{median(COSTS[figure](cost) for cost in costs) / unit:.2f}" for costs in figures.index.values()
        ]
        found = ratio(figures, figure)
        yield _row(label, *cells, f"{found:.2f}" if found else "")
    for engine, parts in figures.sizes.items():
        for part, size in parts.items():
            yield f"{engine + ', ' + part:{_NAME}}{size['bytes'] / MEBI:{_CELL}.1f} MiB{size['files']:9} files"


def _recall_lines(figures: Figures) -> Iterator[str]:
    engines = list(next(iter(figures.recall.values())).found)
    yield _row("-- found, % (limit for gen: 100)", *engines, "phrases")
    for form, row in figures.recall.items():
        cells = [f"{100 * row.found[name] / row.asked:.1f}" if row.asked else "-" for name in engines]
        yield _row(form, *cells, str(row.asked))
    yield _row("-- MRR@10 of fragments", *engines, "fragments")
    for form, rank in figures.ranks.items():
        yield _row(form, *(f"{rank.mrr[name]:.3f}" for name in engines), str(rank.asked))


def _query_lines(figures: Figures, sessions: Mapping[str, Sessions]) -> Iterator[str]:
    parts: Sequence[tuple[str, int]] = (("first", figures.first_limit), ("further", FURTHER_LIMIT))
    for part, limit in parts:
        heads = [f"{engine} {name}" for engine in sessions for name in ("med", "p95", "max")]
        yield _row(f"-- {part} query", *heads, "limit")
        found: Mapping[str, list[QueryCost]] = {
            engine: getattr(one, part) for engine, one in sessions.items()
        }
        limits = {"KB": f"{limit / KB:.0f}", "last byte to results, ms": f"{LATE_LIMIT * 1000:.0f}"}
        for name, figure in MEASURES.items():
            cells = [
                f"{value:.1f}"
                for costs in found.values()
                for value in spread([figure(cost) for cost in costs])
            ]
            yield _row(name, *cells, limits.get(name, ""))
        for engine, costs in found.items():
            worst = max(costs, key=lambda cost: cost.bytes)
            yield f"   {engine}, KB of {len(costs)}, mean / p95 / max: {_spreads(costs)}"
            yield f"   {engine}, the costliest: “{worst.phrase}”: {_kinds(by_kind([worst]))}"
            if part == "first":
                yield f"   {engine}, page besides: {median(cost.shell for cost in costs) / KB:.1f} KB"
    for engine, one in sessions.items():
        if one.alone:
            alone = " / ".join(f"{value * 1000:.0f}" for value in spread(one.alone))
            yield f"   {engine}, ten packs that nothing is done with, last byte to run, ms: {alone}"
    speeds = [speed for one in sessions.values() for speed in one.speeds]
    if speeds:
        yield f"   slowed CPU: BenchmarkIndex {median(speeds):.0f}, {min(speeds):.0f} at least; no machine is slowed below {SLOWED:.0f}"


def _single_lines(figures: Figures) -> Iterator[str]:
    yield _row(
        "-- single further queries, KB", "med", "p95", "max", "limit", "queries", "files, med", "whole"
    )
    for sort, found in figures.single.items():
        cells = [f"{value / KB:.1f}" for value in spread([one.bytes for one in found])]
        files, whole = median(one.files for one in found), sum(one.is_whole for one in found)
        yield _row(sort, *cells, f"{FURTHER_LIMIT / KB:.0f}", str(len(found)), f"{files:.0f}", str(whole))
        yield f"   the costliest: “{max(found, key=lambda one: one.bytes).phrase}”"


def _kinds(sizes: Mapping[str, float]) -> str:
    return ", ".join(f"{kind} {size / KB:.1f}" for kind, size in sizes.items())


def _spreads(costs: Sequence[QueryCost]) -> str:
    """What a query's bytes are for, the most first."""
    parts = []
    for kind, size in by_kind(costs).items():
        _, high, most = spread([cost.kinds.get(kind, 0) for cost in costs])
        parts.append(f"{kind} {size / KB:.1f} / {high / KB:.1f} / {most / KB:.1f}")
    return ", ".join(parts)


def _edit_lines(figures: Figures, edits: Edits) -> Iterator[str]:
    walls = median(cost.wall for cost in edits.costs)
    yield _row("-- one body edit", "wall, s", "MiB", "files", "KiB")
    cells = (f"{walls:.2f}", _mib(edits.costs[-1]), f"{median(edits.files):.0f}")
    yield _row("gen build", *cells, f"{median(edits.bytes) / 1024:.0f}")
    if edits.after:
        yield f"-- after {len(edits.costs)} edits"
        yield from _query_lines(figures, edits.after)
