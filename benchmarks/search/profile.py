"""Where the client's time goes: Chromium's profiler over the queries of some sessions, on the slowed CPU.

    python -m benchmarks.search.profile BUILT_FOLDER HUB PHRASE [PHRASE ...]

BUILT_FOLDER holds the sites, as `out/` does. The first phrase begins a session with an empty cache, the others follow.
Prints each function's own time (slowed as by `slowed.py`, as the visitor waits for it) by the query that it served.
"""

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.search.browser import Gen
from benchmarks.search.server import serve
from benchmarks.search.slowed import slowed_page
from tests.browser.chromium import launch

_INTERVAL = 200  # microseconds between two samples
_SHOWN = 14
_IDLE = frozenset({"(idle)", "(root)"})
_SETTLED = 0.3


def own_times(profile: Mapping[str, Any]) -> Counter[str]:
    """Milliseconds in each function itself, by its name and line."""
    names = {
        node[
            "id"
        ]: f"{node['callFrame']['functionName'] or 'anonymous'}:{node['callFrame']['lineNumber'] + 1}"
        if node["callFrame"]["url"]
        else node["callFrame"]["functionName"]
        for node in profile["nodes"]
    }
    found: Counter[str] = Counter()
    for node, step in zip(profile["samples"], profile["timeDeltas"], strict=True):
        if names[node] not in _IDLE:
            found[names[node]] += step / 1000
    return found


def profile(out: Path, hub: str, asked: Sequence[str]) -> dict[str, Counter[str]]:
    """Own times of each query of one session."""
    found = {}
    with (
        serve({"/sites/": out}, {}) as (address, traffic),
        launch() as browser,
        slowed_page(browser) as (page, _),
    ):
        engine = Gen(address, hub)
        session = page.context.new_cdp_session(page)
        session.send("Profiler.enable")
        session.send("Profiler.setSamplingInterval", {"interval": _INTERVAL})
        for number, text in enumerate(asked):
            session.send("Profiler.start")
            (engine.further if number else engine.first)(page, text)
            time.sleep(_SETTLED)
            traffic.wait_until_quiet()
            found[text] = own_times(session.send("Profiler.stop")["profile"])
    return found


def main() -> None:
    out, hub, *asked = sys.argv[1:]
    for text, times in profile(Path(out), hub, asked).items():
        sys.stdout.write(f"== {text}: {sum(times.values()):.0f} ms\n")
        for name, spent in times.most_common(_SHOWN):
            sys.stdout.write(f"{spent:8.1f} ms  {name}\n")


if __name__ == "__main__":
    main()
