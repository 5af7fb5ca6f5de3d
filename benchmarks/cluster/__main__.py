"""Measures builds on a cluster, and works out a province from what a document costs.

    python -m benchmarks.cluster --documents 2000 10000 [--repetitions 3] [--disk DIR] [--json FILE]
    python -m benchmarks.cluster --province FILE

Each size is built in pairs, here and by two workers over TCP; the first pair that differs in a byte stops the run.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.cluster.province import Figures, table
from benchmarks.cluster.runs import compare, lines
from benchmarks.cluster.units import measure_units
from benchmarks.measure import FailureError

MANY_SITES = 1_500


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cluster", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[2_000, 10_000], metavar="N")
    parser.add_argument("--sites", type=int, default=40, metavar="N")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N")
    parser.add_argument("--disk", type=Path, metavar="DIR", help="where to work (default: temporary folder)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures here")
    parser.add_argument(
        "--province", type=Path, metavar="FILE", help="work out the province from such figures"
    )
    given = parser.parse_args(arguments)
    if given.province:
        print(table(msgspec.json.decode(given.province.read_bytes(), type=Figures)))
        return 0
    pairs = []
    try:
        for documents in given.documents:
            with tempfile.TemporaryDirectory(prefix="bench-", dir=given.disk) as name:
                pairs.append(compare(documents, given.sites, Path(name), given.repetitions))
                print("\n".join(lines(pairs[-1])), flush=True)
    except FailureError as failure:
        print(f"benchmark stopped: {failure}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="bench-", dir=given.disk) as name:
        units = measure_units(given.documents[-1], given.sites, Path(name))
        wide = measure_units(MANY_SITES * 2, MANY_SITES, Path(name) / "wide")
    units["many_sites_nothing_cpu"] = wide["nothing_cpu"]
    for unit, value in units.items():
        print(f"{unit:<32}{value:14.6f}" if value < 100 else f"{unit:<32}{value:14,.0f}")
    if given.json:
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        figures = Figures(machine, pairs, units)
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
