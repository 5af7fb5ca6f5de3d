"""First and further queries in a real browser: bytes and requests that go over the wire, and how long results take."""

import random
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

from benchmarks.measure import FailureError
from benchmarks.search.engines import PAGEFIND_ADDRESS, PAGEFIND_PAGE
from benchmarks.search.server import Served, Traffic, serve
from benchmarks.search.slowed import slowed_page
from tests.browser.chromium import launch

FURTHER = 3
"""Queries after the first in each session."""
_RESULTS = 10
_TIMEOUT = 120_000
_SETTLED = 0.1
_GLANCE = 100  # milliseconds between two looks at a page: looking at each frame would slow it

SHELL = "page"
_KINDS: Mapping[str, str] = {
    r".*\.(html|css|svg|ico)": SHELL,
    r".*/assets/(search|suggestions)\.[0-9a-f]+\.js": "script",
    r".*/search/index\.js": "manifest",
    r".*/search/fold-[^/]+\.js": "variants",
    r".*/search/[^/]+/head\.js": "heads",
    r".*/search/[^/]+/\d+\.js": "shards",
    r".*/search/[^/]+/[tl]\d+\.js": "tails",
    r".*/search/[^/]+/p\d+[^/]*\.js": "packs",
    r".*/search/[^/]+/c[^/]+\.js": "parts",
    r"/pagefind/[^/]+\.js": "script",
    r"/pagefind/pagefind-entry\.json": "manifest",
    r"/pagefind/wasm\..*": "wasm",
    r"/pagefind/[^/]+\.pf_meta": "heads",
    r"/pagefind/index/.*": "shards",
    r"/pagefind/fragment/.*": "packs",
}

SESSION_FILES = frozenset({"manifest", "heads"})
"""Of these kinds only the first query of a session loads any."""


def kind_of(path: str) -> str:
    """What a file is for, in gen's words; Pagefind's index chunks are its shards, its fragments its packs."""
    return next((kind for pattern, kind in _KINDS.items() if re.fullmatch(pattern, path)), "other")


@dataclass
class Cost:
    """One query. `late`: from the last byte to the results; `whole`: from the question to the results; seconds."""

    phrase: str
    bytes: int
    requests: int
    shell: int
    late: float
    whole: float
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass
class Sessions:
    """The queries of all sessions of an engine."""

    first: list[Cost] = field(default_factory=list)
    further: list[Cost] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)
    """The BenchmarkIndex of each session's slowed CPU."""
    alone: list[float] = field(default_factory=list)
    """From the last byte of ten packs until all have run, if nothing is done with them: no client shows them sooner. Seconds."""


def cost_of(phrase: str, served: Sequence[Served], asked: float, shown: float) -> Cost:
    """`asked` and `shown` are moments of the same clock as the server's."""
    data = [one for one in served if kind_of(one.path) != SHELL]
    kinds: dict[str, int] = {}
    for one in data:
        kinds[kind_of(one.path)] = kinds.get(kind_of(one.path), 0) + one.bytes
    last = max([asked, *(one.ended for one in data)])
    shell = sum(one.bytes for one in served if kind_of(one.path) == SHELL)
    total = sum(one.bytes for one in data)
    return Cost(phrase, total, len(data), shell, max(0.0, shown - last), shown - asked, kinds)


# What tells, in the page, when the last results of a query are in the document: those drawn when nothing is busy.
_WATCH = """addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("g-search");
  new MutationObserver(() => {
    if (box.querySelector(".busy").hidden) window.shownAt = Date.now() / 1000;
  }).observe(box.querySelector(".hits"), { childList: true });
})"""
_SHOWN = "() => window.shownAt"
_TYPE = """text => {
  const input = document.querySelector("#g-search .q");
  window.shownAt = 0;
  input.focus();
  input.value = text;
  const asked = Date.now() / 1000;
  input.form.requestSubmit();
  return asked;
}"""
_LOAD = """async addresses => {
  await Promise.all(addresses.map(address => new Promise((done, fail) => {
    const script = document.createElement("script");
    script.onload = done;
    script.onerror = () => fail(new Error(address));
    script.src = address;
    document.head.append(script);
  })));
  return Date.now() / 1000;
}"""
_PAGEFIND = """async text => {
  const asked = Date.now() / 1000;
  if (!window.pagefind) {
    window.pagefind = await import("/pagefind/pagefind.js");
    await window.pagefind.init();
  }
  const { results } = await window.pagefind.search(text);
  await Promise.all(results.slice(0, 10).map(one => one.data()));
  return [asked, Date.now() / 1000];
}"""


class Gen:
    """gen's search page of the hub, as a visitor has it: the first query in the address, further ones typed."""

    def __init__(self, address: str, hub: str) -> None:
        self._folder = f"{address}/sites/{hub}/search/"
        self._page = self._folder + "index.html"

    def first(self, page: Page, text: str) -> tuple[float, float]:
        page.add_init_script(_WATCH)
        page.goto(f"{self._page}?q={quote(text)}", wait_until="commit")
        shown = _wait(page, text)
        return page.evaluate("() => performance.timeOrigin / 1000"), shown

    def further(self, page: Page, text: str) -> tuple[float, float]:
        asked = page.evaluate(_TYPE, text)
        return asked, _wait(page, text)

    def load(self, page: Page, packs: Sequence[str]) -> float:
        """Loads packs by their names below `search/` as the client does, and nothing more. When all have run."""
        ended: float = page.evaluate(_LOAD, [self._folder + name for name in packs])
        return ended


class Pagefind:
    """Pagefind's script on an empty page; its results are there when the first ten have their data."""

    def __init__(self, address: str) -> None:
        self._page = f"{address}{PAGEFIND_ADDRESS}"

    def first(self, page: Page, text: str) -> tuple[float, float]:
        page.goto(self._page)
        return self.further(page, text)

    def further(self, page: Page, text: str) -> tuple[float, float]:
        asked, shown = page.evaluate(_PAGEFIND, text)
        return asked, shown


def _wait(page: Page, text: str) -> float:
    try:
        page.wait_for_function(_SHOWN, timeout=_TIMEOUT, polling=_GLANCE)
    except Exception as error:
        raise FailureError(f"the search page showed nothing for “{text}”: {error}") from error
    shown: float = page.evaluate(_SHOWN)
    return shown


def measure_sessions(
    out: Path, hub: str, bundle: Path | None, typed: Sequence[str], count: int, rounds: int
) -> dict[str, Sessions]:
    """Sessions with an empty cache: one begins with each of the first `count` phrases and goes on with those after.

    Each is done `rounds` times, the engines in turn.
    """
    folders, pages = {"/sites/": out}, {PAGEFIND_ADDRESS: PAGEFIND_PAGE}
    if bundle:
        folders["/pagefind/"] = bundle
    with serve(folders, pages) as (address, traffic), launch() as browser:
        engines: dict[str, Any] = {"gen": Gen(address, hub)}
        if bundle:
            engines["pagefind"] = Pagefind(address)
        found = {name: Sessions() for name in engines}
        packs = packs_of(out / hub)
        for start in range(count):
            sys.stderr.write(f"session {start + 1} of {count}\n")
            asked = [typed[(start + step) % len(typed)] for step in range(FURTHER + 1)]
            others = packs[start * _RESULTS % len(packs) :] + packs
            costs: dict[str, list[list[Cost]]] = {name: [] for name in engines}
            for _, (name, engine) in product(range(rounds), engines.items()):
                with slowed_page(browser) as (page, speed):
                    began_at = len(traffic.served)
                    costs[name].append(_session(page, traffic, engine, asked))
                    if isinstance(engine, Gen):
                        found[name].alone.append(_alone(page, traffic, engine, others, began_at))
                found[name].speeds.append(speed)
            for name, sessions in found.items():
                first, *further = map(typical, zip(*costs[name], strict=True))
                sessions.first.append(first)
                sessions.further += further
        return found


def typical(rounds: Sequence[Cost]) -> Cost:
    """One query of several rounds: the dearest in bytes, the times in the middle. A busy machine is late, a client always."""
    late, whole = median(cost.late for cost in rounds), median(cost.whole for cost in rounds)
    return replace(max(rounds, key=lambda cost: cost.bytes), late=late, whole=whole)


def packs_of(site: Path) -> list[str]:
    """The packs of a built site, by their names below `search/`, in an order that is always the same and of no meaning."""
    names = sorted(file.relative_to(site / "search").as_posix() for file in site.glob("search/*/p*.js"))
    random.Random(0).shuffle(names)
    return names


def _session(page: Page, traffic: Traffic, engine: Any, asked: Sequence[str]) -> list[Cost]:
    costs = []
    for number, text in enumerate(asked):
        work: Callable[[Page, str], tuple[float, float]] = engine.further if number else engine.first
        before = len(traffic.served)
        began, shown = work(page, text)
        time.sleep(_SETTLED)
        traffic.wait_until_quiet()
        costs.append(cost_of(text, traffic.served[before:], began, shown))
    return costs


def _alone(page: Page, traffic: Traffic, engine: Gen, packs: Sequence[str], began_at: int) -> float:
    """Ten packs that the session, whose first answer is number `began_at`, has not in its cache."""
    known = [one.path for one in traffic.served[began_at:]]
    fresh = (name for name in packs if not any(path.endswith("/" + name) for path in known))
    before = len(traffic.served)
    ended = engine.load(page, list(islice(fresh, _RESULTS)))
    traffic.wait_until_quiet()
    return max(0.0, ended - max(one.ended for one in traffic.served[before:]))
