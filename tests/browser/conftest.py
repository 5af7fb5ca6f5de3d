"""A browser, and the repository's own content for it to read."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import find_chromium, launch
from tests.html.built import needs
from tests.html.conftest import local, paged

__all__ = ["browser", "local", "paged"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not find_chromium():
        needs("Chromium is not installed; GEN_CHROMIUM may name it")
    with launch() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Ends by checking that no script complained."""
    made, heard = context.new_page(), list[str]()
    made.set_default_timeout(10_000)
    made.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    made.on("pageerror", lambda error: heard.append(str(error)))
    yield made
    assert [line for line in heard if not re.search("net::ERR|Failed to load", line)] == []
