"""Lighthouse (mobile preset) over one page of each kind of the repository's content, served by nginx as `gen server` says.

    npm ci --prefix benchmarks/lighthouse
    python -m benchmarks.lighthouse [--only TEXT] [--part K/N] [--runs 3] [--json FILE]

Prints a table of points. Performance is timed, so a busy machine takes points from it: with `--runs 3` each page that lost
any is looked at thrice, and its median run counts. Each audit that costs a point must have its reason in `reasons.yaml`;
exits with 1 if one has none. `404.html` is left out: Lighthouse refuses pages that a server answers with 404, as ours does.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from gen import urls
from gen.compress import compress
from tests.browser.chromium import find_chromium
from tests.browser.test_walk import one_of_each
from tests.html.built import NOW, REPOSITORY, Built
from tests.servers.running import Ports, certificate, free_ports, nginx

HERE = Path(__file__).parent
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ATTEMPTS = 3
"""Now and then Lighthouse loses the trace of a page and asks to be run again."""
REASONS: dict[str, str] = yaml.safe_load((HERE / "reasons.yaml").read_text(encoding="utf-8"))
_PROGRAM = HERE / "node_modules/lighthouse/cli/index.js"


@dataclass(frozen=True)
class Report:
    """What Lighthouse says of a page: points of 100 by category, and what cost points, by audit."""

    path: str
    points: dict[str, int]
    lost: dict[str, str]


@contextmanager
def served(folder: Path) -> Iterator[tuple[Built, Ports]]:
    """The repository's sites at their own domains, over HTTPS on loopback."""
    built, ports = Built(REPOSITORY, folder / "out", local=False), free_ports()
    gen = [sys.executable, "-m", "gen"]
    group = folder / "group"
    group.mkdir()
    for name in ("content", "themes", "sites.yaml"):
        (group / name).symlink_to(REPOSITORY / name)
    words = ["build", "--quiet", "--date", f"{NOW:%Y-%m-%d}", "--root", str(group), "--out", str(built.out)]
    subprocess.run([*gen, *words], cwd=REPOSITORY, check=True)
    compress(built.out, os.cpu_count() or 1)
    made = folder / "certificates"
    certificate(made, "any")
    for host in {site.domain for site in built.group.sites.values()}:
        (made / host).symlink_to(made / "any")
    words = ["server", "nginx", "--out", str(built.out), "--certificates", str(made)]
    more = ["--http", str(ports.http), "--https", str(ports.https)]
    conf = subprocess.run(
        [*gen, *words, *more], cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout
    with nginx(folder / "nginx", conf, ports.https):
        yield built, ports


def look(built: Built, ports: Ports, path: str) -> Report:
    """Runs Lighthouse on a page."""
    site, _, address = path.partition("/")
    url = urls.absolute(built.group.sites[site].url, address)
    flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--ignore-certificate-errors",
        f"--host-resolver-rules='MAP * 127.0.0.1:{ports.https}'",
    ]
    words = [
        "node",
        str(_PROGRAM),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    for _ in range(ATTEMPTS):
        ended = subprocess.run(
            [*words, f"--chrome-flags={' '.join(flags)}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env={**os.environ, "CHROME_PATH": find_chromium()},
        )
        if not ended.returncode:
            return read(path, json.loads(ended.stdout))
    raise SystemExit(f"{quote(path)}: {ended.stderr[-2000:]}")


def median(reports: Sequence[Report]) -> Report:
    """The run in the middle, by performance; all that it says is of one run."""
    return sorted(reports, key=lambda one: one.points["performance"])[len(reports) // 2]


def best_known(built: Built, ports: Ports, path: str, runs: int) -> Report:
    """What a page is worth: a run without loss needs no other, else the median of `runs`."""
    reports = [look(built, ports, path)]
    while reports[0].lost and len(reports) < runs:
        reports.append(look(built, ports, path))
    return median(reports)


def portion(paths: Sequence[str], part: str) -> list[str]:
    """The K-th of N portions, so that a run may be kept short."""
    number, _, count = part.partition("/")
    return list(paths[int(number) - 1 :: int(count)])


def read(path: str, told: dict[str, Any]) -> Report:
    """The part of Lighthouse's report that counts."""
    lost = {}
    for category in told["categories"].values():
        for entry in category["auditRefs"]:
            audit = told["audits"][entry["id"]]
            if entry["weight"] and audit["score"] is not None and audit["score"] < 1:
                lost[entry["id"]] = audit.get("displayValue") or audit["title"]
    points = {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES}
    costly = {name: value for name, value in lost.items() if _costs(told, name)}
    return Report(path, points, costly)


def _costs(told: dict[str, Any], audit: str) -> bool:
    """Whether the audit's category has less than 100 points; metrics may fall short of 1 and cost nothing."""
    return any(
        (category["score"] or 0) < 1 and any(entry["id"] == audit for entry in category["auditRefs"])
        for category in told["categories"].values()
    )


def table(reports: Sequence[Report]) -> str:
    rows = [f"| page | {' | '.join(CATEGORIES)} | what costs points |", "|---|---|---|---|---|---|"]
    for one in reports:
        points = " | ".join(str(one.points[name]) for name in CATEGORIES)
        lost = "; ".join(f"`{name}`: {value}" for name, value in one.lost.items())
        rows.append(f"| {one.path} | {points} | {lost} |")
    return "\n".join(rows)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.lighthouse")
    options.add_argument("--only", default="", help="pages whose path has this text")
    options.add_argument("--part", default="1/1", metavar="K/N", help="the K-th of N portions of the pages")
    options.add_argument(
        "--runs", type=int, default=1, help="how often a page that loses points is looked at"
    )
    options.add_argument("--json", type=Path, help="a file for the figures")
    asked = options.parse_args()
    if not re.fullmatch(r"[1-9]\d*/[1-9]\d*", asked.part):
        options.error("--part is written as 2/5")
    if not _PROGRAM.is_file() or not shutil.which("node"):
        raise SystemExit("npm ci --prefix benchmarks/lighthouse")
    with (
        tempfile.TemporaryDirectory(prefix="gen-lighthouse-") as place,
        served(Path(place)) as (built, ports),
    ):
        paths = [path for path in one_of_each(built) if asked.only in path and not path.endswith("404.html")]
        reports = []
        for path in portion(paths, asked.part):
            reports.append(best_known(built, ports, path, asked.runs))
            print(path, reports[-1].points, file=sys.stderr, flush=True)
    print(table(reports))
    if asked.json:
        asked.json.write_text(json.dumps([vars(one) for one in reports], ensure_ascii=False, indent=1))
    lost = sorted({audit for one in reports for audit in one.lost})
    for audit in lost:
        print(f"- `{audit}`: {REASONS.get(audit, 'NO REASON IS WRITTEN')}")
    return 0 if set(lost) <= REASONS.keys() else 1


if __name__ == "__main__":
    sys.exit(main())
