"""What was measured, as a table for people and as JSON for the next program.

A ratio is the median of the ratios of pairs that ran one after the other, which is steadier on a shared
machine than the ratio of the medians.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from benchmarks.measure import Cost

_FIGURES: Mapping[str, Callable[[Cost], float]] = {
    "wall": lambda cost: cost.wall,
    "cpu": lambda cost: cost.cpu,
    "memory": lambda cost: cost.memory,
}
_MEBI = 1024 * 1024
BOTH = "hugo + pagefind"
"""Hugo and then Pagefind: what makes the same as gen, pages and a search."""


@dataclass
class Result:
    """All costs of one size: by row, by tool, in the order of the repetitions."""

    documents: int
    sites: int
    rows: dict[str, dict[str, list[Cost]]] = field(default_factory=dict)
    # By the tool whose output was written: wall and cpu of each repetition.
    plain: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    # By tool: files and bytes.
    output: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, row: str, tool: str, cost: Cost) -> None:
        self.rows.setdefault(row, {}).setdefault(tool, []).append(cost)


def as_json(result: Result) -> dict[str, object]:
    return {
        "documents": result.documents,
        "sites": result.sites,
        "output": result.output,
        "plain": result.plain,
        "rows": [_row_as_json(row, costs) for row, costs in result.rows.items()],
    }


def _row_as_json(row: str, costs: Mapping[str, Sequence[Cost]]) -> dict[str, object]:
    tools = {
        tool: {"median": _medians(runs), "runs": [asdict(run) for run in runs]}
        for tool, runs in costs.items()
    }
    return {"row": row, **tools, "ratio": _ratios(costs)}


def _medians(runs: Sequence[Cost]) -> dict[str, float]:
    return {name: median(figure(run) for run in runs) for name, figure in _FIGURES.items()}


def _ratios(costs: Mapping[str, Sequence[Cost]]) -> dict[str, float] | None:
    """gen / Hugo with Pagefind, or Hugo alone where Pagefind did not run; nothing if only one of them ran."""
    peer = BOTH if BOTH in costs else "hugo"
    if "gen" not in costs or peer not in costs:
        return None
    pairs = list(zip(costs["gen"], costs[peer], strict=True))
    return {
        name: median(figure(gen) / figure(other) for gen, other in pairs if figure(other))
        for name, figure in _FIGURES.items()
    }


def as_table(result: Result) -> str:
    return "\n".join(_table_lines(result)) + "\n"


def _table_lines(result: Result) -> Iterator[str]:
    yield f"{result.documents} documents, {result.sites} sites (medians; s, s, MiB PSS)"
    tools = list(next(iter(result.rows.values())))
    heads = [f"{tool:^27}" for tool in tools]
    units = [f"{'wall':>9}{'cpu':>9}{'memory':>9}" for _ in tools]
    ratio = f"gen / {tools[-1]}" if len(tools) > 1 else ""
    yield "".join([f"{'':17}", *heads, f"{ratio:^24}"]).rstrip()
    yield "".join([f"{'':17}", *units, f"{'wall':>8}{'cpu':>8}{'memory':>8}" if ratio else ""])
    for row, costs in result.rows.items():
        yield _table_row(row, costs)
    for tool, runs in result.plain.items():
        wall, cpu = (median(run[name] for run in runs) for name in ("wall", "cpu"))
        yield f"{'plain writing':17}{wall:9.3f}{cpu:9.3f}{'':9} of {tool}'s output"
    for tool, size in result.output.items():
        yield f"{tool} wrote {size['files']} files, {size['bytes'] / _MEBI:.1f} MiB"


def _table_row(row: str, costs: Mapping[str, Sequence[Cost]]) -> str:
    cells = [f"{row:17}"]
    for runs in costs.values():
        middle = _medians(runs)
        cells.append(f"{middle['wall']:9.3f}{middle['cpu']:9.3f}{middle['memory'] / _MEBI:9.1f}")
    if ratios := _ratios(costs):
        cells.append("".join(f"{ratios[name]:8.3f}" for name in _FIGURES))
    return "".join(cells)
