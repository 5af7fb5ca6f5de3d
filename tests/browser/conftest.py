"""A browser, and the repository's own content for it to read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

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
