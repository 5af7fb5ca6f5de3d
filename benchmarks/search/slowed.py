"""Pages on a slowed CPU, and how slow it is beside real devices.

Four times slower than the machine means another phone on every machine, and on a busy one any at all. So each page's
machine is measured first, by Lighthouse's BenchmarkIndex, and slowed no further than what four times means there.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.measure import FailureError

SLOWDOWN = 4.0
SLOWED = 1750 / SLOWDOWN
"""The BenchmarkIndex of what Lighthouse slows four times, a high-end desktop (1,500 to 2,000): a phone of the middle (125 to 800)."""
_LIGHTHOUSE = Path(__file__).parents[1] / "lighthouse/node_modules/lighthouse"
_PRINT = (
    "import(process.argv[1]).then(all => console.log(all.pageFunctions.computeBenchmarkIndex.toString()))"
)


def slowdown_for(index: float) -> float:
    """How many times a machine of that BenchmarkIndex is slowed."""
    return max(1.0, min(SLOWDOWN, index / SLOWED))


@contextmanager
def slowed_page(browser: Browser) -> Iterator[tuple[Page, float]]:
    """A page of a context of its own, and the BenchmarkIndex that is left to it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        index = float(page.evaluate(f"({index_function()})()"))
        slowdown = slowdown_for(index)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        yield page, index / slowdown
    finally:
        context.close()


@cache
def index_function() -> str:
    """The JavaScript function that works out the BenchmarkIndex. Raises FailureError if Lighthouse is not installed."""
    module = _LIGHTHOUSE / "core/lib/page-functions.js"
    if not module.exists():
        raise FailureError("Lighthouse is missing: npm ci --prefix benchmarks/lighthouse")
    command = ["node", "--input-type=module", "--eval", _PRINT, str(module)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
