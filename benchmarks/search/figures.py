"""What was measured at one size, what follows from it, and the limits it is held to."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import mean, median

from benchmarks.measure import Cost
from benchmarks.search.browser import Cost as QueryCost
from benchmarks.search.browser import Sessions
from benchmarks.search.recall import Rank, Recall
from benchmarks.search.single import Loaded

KB = 1000
MEBI = 1024 * 1024
OURS = ("client", "whoosh")
FURTHER_LIMIT = 30 * KB
LATE_LIMIT = 0.1
_SMALL_GROUP = 10_000
_FIRST_LIMIT, _LARGE_FIRST_LIMIT = 60 * KB, 150 * KB


@dataclass
class Edits:
    """One body edit after another: each build's cost, and the files of indexes that it wrote or deleted."""

    costs: list[Cost] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    after: dict[str, Sessions] = field(default_factory=dict)


@dataclass
class Figures:
    documents: int
    sites: int
    build: Cost | None = None
    index: dict[str, list[Cost]] = field(default_factory=dict)
    sizes: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    recall: dict[str, Recall] = field(default_factory=dict)
    ranks: dict[str, Rank] = field(default_factory=dict)
    sessions: dict[str, Sessions] = field(default_factory=dict)
    single: Mapping[str, list[Loaded]] = field(default_factory=dict)
    edits: Edits | None = None
    load: dict[str, float] = field(default_factory=dict)
    """How busy the machine was before each part: the load average of the last minute."""

    @property
    def first_limit(self) -> int:
        return _FIRST_LIMIT if self.documents <= _SMALL_GROUP else _LARGE_FIRST_LIMIT

    def failures(self) -> Iterator[str]:
        """What must not be: a phrase that gen does not find."""
        for form, row in self.recall.items():
            for name in OURS:
                if row.found[name] < row.asked:
                    some = "; ".join(row.missed[name][:5])
                    yield f"{name} found {row.found[name]} of {row.asked} phrases ({form}), not: {some}"

    def misses(self) -> Iterator[str]:
        """Limits that are not kept, of gen's queries."""
        for state, found in self._all_sessions():
            for name, costs, limit in (
                ("first", found.first, self.first_limit),
                ("further", found.further, FURTHER_LIMIT),
            ):
                yield from _too_large(f"{state}{name} queries", [cost.bytes for cost in costs], limit)
                late = [cost.late for cost in costs if cost.late > LATE_LIMIT]
                if late:
                    yield f"{state}{name} queries: {len(late)} of {len(costs)} later than {LATE_LIMIT * 1000:.0f} ms, the latest {max(late) * 1000:.0f} ms"
        for sort, queries in self.single.items():
            yield from _too_large(f"single queries, {sort}", [one.bytes for one in queries], FURTHER_LIMIT)

    def _all_sessions(self) -> Iterator[tuple[str, Sessions]]:
        if "gen" in self.sessions:
            yield "", self.sessions["gen"]
        if self.edits and "gen" in self.edits.after:
            yield "after the edits, ", self.edits.after["gen"]


def _too_large(queries: str, sizes: Sequence[int], limit: int) -> Iterator[str]:
    over = [size for size in sizes if size > limit]
    if over:
        yield f"{queries}: {len(over)} of {len(sizes)} above {limit / KB:.0f} KB, the largest {max(over) / KB:.1f} KB"


MEASURES: Mapping[str, Callable[[QueryCost], float]] = {
    "KB": lambda cost: cost.bytes / KB,
    "requests": lambda cost: cost.requests,
    "last byte to results, ms": lambda cost: cost.late * 1000,
    "question to results, ms": lambda cost: cost.whole * 1000,
}


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, 95th percentile (the smallest value that so many do not exceed), maximum."""
    ordered = sorted(values)
    return median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1], ordered[-1]


def by_kind(costs: Sequence[QueryCost]) -> dict[str, float]:
    """Mean bytes of a query by what they are for, the most first."""
    kinds = {kind for cost in costs for kind in cost.kinds}
    means = {kind: mean(cost.kinds.get(kind, 0) for cost in costs) for kind in kinds}
    return dict(sorted(means.items(), key=lambda item: -item[1]))


COSTS: Mapping[str, Callable[[Cost], float]] = {
    "wall": lambda cost: cost.wall,
    "cpu": lambda cost: cost.cpu,
    "memory": lambda cost: cost.memory,
}


def ratio(figures: Figures, figure: str) -> float | None:
    """gen / Pagefind of making the indexes: the median of the pairs' ratios."""
    if "pagefind" not in figures.index:
        return None
    value = COSTS[figure]
    pairs = zip(figures.index["gen"], figures.index["pagefind"], strict=True)
    return median(value(gen) / value(other) for gen, other in pairs)


def as_json(figures: Figures) -> dict[str, object]:
    return {
        **asdict(figures),
        "ratios": {name: ratio(figures, name) for name in COSTS} if figures.index else {},
        "queries": {
            engine: {"first": _summary(found.first), "further": _summary(found.further)}
            for engine, found in figures.sessions.items()
        },
        "limits": {"first": figures.first_limit, "further": FURTHER_LIMIT, "late": LATE_LIMIT},
        "failures": list(figures.failures()),
        "missed limits": list(figures.misses()),
    }


def _summary(costs: Sequence[QueryCost]) -> dict[str, object]:
    names = ("median", "p95", "max")
    rows = {
        name: dict(zip(names, spread([figure(cost) for cost in costs]), strict=True))
        for name, figure in MEASURES.items()
    }
    return {**rows, "mean bytes by kind": by_kind(costs)}
