"""A province on paper: what was measured of one document, times its documents, over its machines.

Everything is taken to grow as the documents do, which holds for the steps of a cold build and was measured to hold for
an edit (docs/performance.md); what that leaves out is said in docs/scale.md.
"""

from collections.abc import Iterator

import msgspec

from benchmarks.cluster.runs import Pair

DOCUMENTS = 10_000_000
SITES = 1_500
CORES = 256
"""Of all workers: eight machines with 32 each."""
BUILDERS_CORES = 32
GROUPS = 12
"""If every city of a province, and the province's own offices, is a group."""
EDITS = 20_000
BUILDS = 96
"""In a working day of eight hours, one every five minutes."""
NETWORK = 1.25e9
"""Bytes a second of each machine: 10 Gbit/s."""
SHIP, HAND_OVER = "ship the catalogue", "hand out tasks, take in results"
_OWN = ("accept_cpu", "write_cpu", "index_rest_cpu", "render_ship_cpu", "index_ship_cpu")
_GB = 1e9


class Figures(msgspec.Struct, frozen=True):
    """What `python -m benchmarks.cluster --json` writes."""

    machine: str
    pairs: list[Pair]
    units: dict[str, float]


class Row(msgspec.Struct, frozen=True):
    """A step of a cold build: milliseconds of CPU a document, on how many cores, and its seconds for the province."""

    name: str
    milliseconds: float
    cores: int
    network_bytes: float = 0.0

    @property
    def seconds(self) -> float:
        return self.milliseconds / 1000 * DOCUMENTS / self.cores + self.network_bytes * DOCUMENTS / NETWORK


def steps(figures: Figures) -> list[Row]:
    """A cold build on the cluster, in order."""
    units = {name: value * 1000 for name, value in figures.units.items()}
    packed = figures.units["render_answers_packed_bytes"] + figures.units["index_answers_packed_bytes"]
    return [
        Row(
            "each machine fetches and checks out the content",
            units["checkout_wall"],
            1,
            figures.units["git_bytes"],
        ),
        Row("read", units["read_cpu"], CORES),
        Row("accept and plan", units["accept_cpu"], 1),
        Row(SHIP, units["render_ship_cpu"] + units["index_ship_cpu"], 1, packed),
        Row("render", units["render_cpu"], CORES),
        Row("write and note", units["write_cpu"], 1),
        Row("the sites' indexes", units["site_index_cpu"], CORES),
        Row("the hub's index", units["hub_index_cpu"], 1),
        Row("note the indexes", units["index_rest_cpu"], 1),
        Row(HAND_OVER, _handing_over(figures) * 1000, 1),
    ]


def _handing_over(figures: Figures) -> float:
    """What the building process spends beyond its own steps: on tasks, and on unpacking what comes of them."""
    own = sum(figures.units[name] for name in _OWN)
    return _slope(figures, "parent_cpu") - own


def _slope(figures: Figures, name: str) -> float:
    """What each document more adds, between the two sizes that were measured."""
    small, large = figures.pairs[0], figures.pairs[-1]
    return float((getattr(large, name) - getattr(small, name)) / (large.documents - small.documents))


def table(figures: Figures) -> str:
    """All of it, as Markdown."""
    return "\n".join((*_cold(figures), "", *_kept(figures), "", *_day(figures)))


def _cold(figures: Figures) -> Iterator[str]:
    yield "| cold build | ms of CPU a document | cores | 10 million documents |"
    yield "|---|---:|---:|---:|"
    rows = steps(figures)
    for row in rows:
        yield f"| {row.name} | {row.milliseconds:.3f} | {row.cores} | {_time(row.seconds)} |"
    spread = sum(row.seconds for row in rows if row.cores > 1)
    together = sum(row.seconds for row in rows)
    yield f"| **together** | {sum(row.milliseconds for row in rows):.3f} | | **{_time(together)}**, of which {_time(spread)} on the workers |"
    alone = sum(row.seconds * max(1, row.cores / BUILDERS_CORES) for row in rows if "ship" not in row.name)
    yield f"| the same on the build server alone | | {BUILDERS_CORES} | {_time(alone)} |"
    yield f"| one of {GROUPS} groups, on a build server of its own | | {BUILDERS_CORES} | {_time(alone / GROUPS)} |"


def _kept(figures: Figures) -> Iterator[str]:
    units = figures.units
    memory = _slope(figures, "parent_memory")
    yield "| kept or shipped | a document | 10 million documents |"
    yield "|---|---:|---:|"
    for name, unit in (
        ("content, as files", "content_bytes"),
        ("one commit of it in Git", "git_bytes"),
        ("state", "state_bytes"),
        ("catalogue that each worker's machine gets to render", "render_answers_bytes"),
        ("the same on the way", "render_answers_packed_bytes"),
        ("records that it gets to index", "index_answers_bytes"),
        ("the same on the way", "index_answers_packed_bytes"),
        ("output", "out_bytes"),
        ("the group's Whoosh index", "engine_bytes"),
    ):
        yield f"| {name} | {units[unit]:,.0f} B | {units[unit] * DOCUMENTS / _GB:,.0f} GB |"
    store = figures.pairs[-1].store_bytes / figures.pairs[-1].documents
    yield f"| all that goes through the store, each parcel once | {store:,.0f} B | {store * DOCUMENTS / _GB:,.0f} GB |"
    yield f"| files of output | {units['out_files']:.2f} | {units['out_files'] * DOCUMENTS / 1e6:,.0f} million |"
    yield f"| memory of the building process | {memory:,.0f} B | {memory * DOCUMENTS / _GB:,.0f} GB |"


def _day(figures: Figures) -> Iterator[str]:
    units = figures.units
    each = EDITS / BUILDS / 2
    work = each * (units["body_edit_cpu"] + units["new_edit_cpu"])
    notice = units["many_sites_nothing_cpu"]
    yield "| a working day, on the build server alone | |"
    yield "|---|---:|"
    yield f"| builds; texts edited and documents added in each | {BUILDS}; {each:.0f} and {each:.0f} |"
    yield f"| CPU of a build with nothing to do, {SITES:,} sites | {notice:.2f} s |"
    yield f"| CPU of an edited text; its pages | {units['body_edit_cpu'] * 1000:.1f} ms; {units['body_edit_pages']:.1f} |"
    yield f"| CPU of a new document; its pages | {units['new_edit_cpu'] * 1000:.1f} ms; {units['new_edit_pages']:.1f} |"
    yield f"| CPU of a build | {notice + work:.1f} s |"
    yield f"| CPU of the day | {_time((notice + work) * BUILDS)} |"


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
