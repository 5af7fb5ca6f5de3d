"""Every kind of page, as people meet it: by eye in any light, by ear, by keyboard, on a phone, without scripts."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.browser.chromium import PREFIX, http_server
from tests.browser.test_walk import one_of_each
from tests.html.built import REPOSITORY, Built, needs

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = REPOSITORY / "tests/node_modules/axe-core/axe.min.js"
ELDER = "g-elder"
NARROW, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
LOOKS = [
    "color-contrast",
    "target-size",
    "link-in-text-block",
    "scrollable-region-focusable",
    "css-orientation-lock",
]
"""The rules that a change of colours or sizes alone can break; all of axe's rules run on each page in plain light."""


@pytest.fixture(scope="module")
def base(local: Built) -> Iterator[str]:
    with http_server(local.out) as address:
        yield address


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        needs("axe-core is not installed: npm ci --prefix tests")
    return AXE.read_text(encoding="utf-8")


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page of its own, and what it complains of or asks others for."""
    context = browser.new_context(viewport=WIDE, **options)
    page, heard = context.new_page(), list[str]()
    page.set_default_timeout(20_000)
    page.on(
        "console",
        lambda said: heard.append(f"{page.url}: {said.text}") if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda asked: (
            None if "127.0.0.1" in asked.url.split(PREFIX)[0] else heard.append(f"{page.url}: {asked.url}")
        ),
    )
    yield page, heard
    context.close()


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = page.evaluate("options => axe.run(document, {...options, resultTypes: ['violations']})", only)
    size = page.viewport_size
    assert size is not None
    return [
        f"{page.url.partition(PREFIX)[2]} at {size['width']}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


def at_both_widths(page: Page, rules: list[str] | None = None) -> list[str]:
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found += violations(page, rules)
    return found


def test_axe_finds_what_is_wrong(browser: Browser, axe: str) -> None:
    """A checker that never complains proves nothing."""
    with window(browser) as (page, _):
        page.set_content("<p style='color:#ccc;background:#fff'>faint</p><img src='data:,'>")
        page.evaluate(axe)
        assert {line.split(": ")[1] for line in violations(page)} >= {
            "image-alt",
            "color-contrast",
            "html-has-lang",
        }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_kind_of_page(
    browser: Browser, base: str, local: Built, axe: str, scheme: Any
) -> None:
    found = []
    with window(browser, color_scheme=scheme) as (page, heard):
        page.add_init_script(axe)
        for path in one_of_each(local):
            page.goto(base + path)
            found += at_both_widths(page, None if scheme == "light" else LOOKS)
            reach = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{path}: scrolls sideways at 320: {reach}"] if reach > 320 else []
    assert not found, "\n".join(found)
    assert heard == [], "no complaint of the browser, nothing asked of another site"


def test_elder_mode_is_as_easy_to_use(browser: Browser, base: str, local: Built, axe: str) -> None:
    """Larger text, by a link and without scripts: larger it must be, and no less accessible."""
    found = []
    size = "parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
    with window(browser) as (page, heard):
        page.add_init_script(axe)
        for path in one_of_each(local):
            page.goto(base + path)
            plain = page.evaluate(size)
            page.goto(f"{base}{path}#{ELDER}")
            if local.group.sites[path.partition("/")[0]].theme == "civic" and page.evaluate(size) <= plain:
                found.append(f"{path}: text is not larger")
            found += at_both_widths(page, LOOKS)
            reach = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{path}: scrolls sideways at 320: {reach}"] if reach > 320 else []
    assert not found, "\n".join(found)
    assert heard == []


def test_pages_say_the_same_without_scripts(browser: Browser, base: str, local: Built) -> None:
    said: dict[str, list[str]] = {}
    for enabled in (True, False):
        with window(browser, java_script_enabled=enabled) as (page, heard):
            for path in one_of_each(local):
                if local.kind(local.pages[path]) != "search":
                    page.goto(base + path)
                    said.setdefault(path, []).append(page.locator("main").inner_text())
            assert heard == []
    assert [path for path, (with_, without) in said.items() if with_ != without] == []
    assert all(len(text) > 20 for text, _ in said.values())


_FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const covering = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + box.height / 2);
  return {
    body: one === document.body,
    what: one.outerHTML.slice(0, 120),
    marked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none",
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    covered: Boolean(covering) && !one.contains(covering) && !covering.contains(one),
  };
}"""


def test_the_keyboard_reaches_everything_and_is_always_seen(
    browser: Browser, base: str, local: Built
) -> None:
    """From the top to the end by the tabulator alone: what has the focus is marked, on the screen and not covered."""
    wrong, walked = [], 0
    with window(browser, reduced_motion="reduce") as (page, heard):
        for path in one_of_each(local):
            if local.group.sites[path.partition("/")[0]].theme != local.group.sites[local.group.hub].theme:
                continue
            page.goto(base + path)
            for _ in range(60):
                page.keyboard.press("Tab")
                focused = page.evaluate(_FOCUSED)
                if focused["body"]:
                    break
                walked += 1
                if not focused["marked"] or not focused["seen"] or focused["covered"]:
                    wrong.append(f"{path}: {focused}")
    assert not wrong, "\n".join(wrong)
    assert heard == []
    assert walked > 500


def test_pages_may_not_run_what_is_not_theirs(browser: Browser, base: str, local: Built) -> None:
    """The policy works: script and style that get into a page do nothing."""
    with window(browser) as (page, heard):
        page.goto(f"{base}{local.group.hub}/index.html")
        page.evaluate(
            """() => {
              const made = document.createElement("div");
              made.innerHTML = '<b style="position:fixed" id="x">x</b><img src="http://elsewhere.test/x.png" onerror="window.hurt = 1">';
              document.body.append(made);
              const script = document.createElement("script");
              script.textContent = "window.hurt = 1";
              document.body.append(script);
            }"""
        )
        page.wait_for_timeout(200)
        assert page.evaluate("window.hurt") is None
        assert page.evaluate("getComputedStyle(document.getElementById('x')).position") == "static"
    assert len([line for line in heard if re.search("Content Security Policy", line)]) >= 3


_SHIFTS = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().reduce((sum, one) => sum + one.value, 0))).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(0), 1500);
})"""


def _late(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def test_the_search_page_does_not_jump_when_its_script_begins(
    browser: Browser, base: str, local: Built
) -> None:
    """The words for those without scripts wait a second for their place, so that others never see it close."""
    found = {}
    for path in (path for path in one_of_each(local) if local.kind(local.pages[path]) == "search"):
        with window(browser) as (page, _):
            page.set_viewport_size(ViewportSize(width=412, height=823))
            page.route("**/search*.js", _late)
            page.goto(base + path)
            found[path] = page.evaluate(_SHIFTS)
    assert len(found) > 1, "of each theme and language"
    assert max(found.values()) < 0.001, found
