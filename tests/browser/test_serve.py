"""`gen serve` as an editor meets it: save, look, mend."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.html.built import NOW, REPOSITORY

pytestmark = pytest.mark.browser

DOCUMENT = "content/edu/news/first-day.md"
ADDRESS = "edu/news/first-day.html"
SECONDS = 15
"""How long a change may take to show on a loaded machine; the time it took is printed."""
PANEL = "#g-preview-errors"


class Server:
    """A running `gen serve` on a new group, and what it says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines: list[str] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}/"
        words = ["serve", "--root", str(root), "--port", str(port), "--date", f"{NOW:%Y-%m-%d}"]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "gen", *words],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def builds(self) -> int:
        """How often it has built so far; it reports each build in one line."""
        return sum(1 for line in self.lines if re.search(r"个站点已完成|sites? built", line))

    def wait_for(self, done: Callable[[], bool]) -> None:
        ends = time.monotonic() + SECONDS
        while not done():
            assert time.monotonic() < ends, "".join(self.lines)
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.02)

    def rest(self) -> None:
        """Waits until nothing has been built for a while."""
        before = -1
        while before != self.builds:
            before = self.builds
            time.sleep(1)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("serve") / "group"
    subprocess.run(
        [sys.executable, "-m", "gen", "init", str(root)], cwd=REPOSITORY, check=True, capture_output=True
    )
    started = Server(root)
    try:
        started.wait_for(lambda: any(started.base in line for line in started.lines))
        yield started
    finally:
        started.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """The document's page, open in a window that stays open."""
    server.rest()
    made, heard = browser.new_page(), list[str]()
    made.set_default_timeout(SECONDS * 1000)
    made.on("console", lambda message: heard.append(message.text))
    with made.expect_websocket():
        made.goto(server.base + ADDRESS)
    yield made
    made.close()
    assert [line for line in heard if "Content Security Policy" in line] == []


@pytest.fixture
def document(server: Server) -> Iterator[Path]:
    path = server.root / DOCUMENT
    before = path.read_text(encoding="utf-8")
    yield path
    path.write_text(before, encoding="utf-8")


def shows(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text, timeout=SECONDS * 1000)


def test_saved_change_shows_by_itself(page: Page, document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = []
    for number in range(5):
        text = document.read_text(encoding="utf-8") + f"\n第{number}次修改。\n"
        started = time.perf_counter()
        document.write_text(text, encoding="utf-8")
        page.get_by_text(f"第{number}次修改").wait_for()
        times.append(time.perf_counter() - started)
    with capsys.disabled():
        print(f" [save to screen: median {sorted(times)[2]:.2f} s, worst {max(times):.2f} s]", end="")


def test_changed_title_shows_on_an_open_list(
    browser: Browser, page: Page, server: Server, document: Path
) -> None:
    del page
    home = browser.new_page()
    with home.expect_websocket():
        home.goto(server.base)
    document.write_text(
        document.read_text(encoding="utf-8").replace("新学期第一天", "新学期第二天"), encoding="utf-8"
    )
    shows(home, "新学期第二天")
    home.close()


def test_broken_front_matter_is_told_on_the_page_until_mended(page: Page, document: Path) -> None:
    right = document.read_text(encoding="utf-8")
    document.write_text(right.replace("标题:", "标提:"), encoding="utf-8")
    panel = page.locator(PANEL)
    expect(panel).to_contain_text(f"{DOCUMENT}:2: ", timeout=SECONDS * 1000)
    expect(panel).to_contain_text("标题")
    expect(panel).to_have_css("position", "fixed")
    assert re.search(r"；|;", panel.inner_text()), "what is wrong; how to mend it"
    shows(page, "全市各学校按时开学")
    document.write_text(right, encoding="utf-8")
    expect(panel).to_have_count(0, timeout=SECONDS * 1000)
    shows(page, "全市各学校按时开学")


def test_broken_group_is_told_until_mended(page: Page, server: Server) -> None:
    path = server.root / "sites.yaml"
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace("group:", "gruop:", 1), encoding="utf-8")
    expect(page.locator(PANEL)).to_contain_text("sites.yaml:", timeout=SECONDS * 1000)
    path.write_text(right, encoding="utf-8")
    expect(page.locator(PANEL)).to_have_count(0, timeout=SECONDS * 1000)


def test_burst_of_saves_is_one_build(
    page: Page, server: Server, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or two on a machine so busy that the saves lie further apart: what comes during a build is one more."""
    before, text = server.builds, document.read_text(encoding="utf-8")
    for number in range(10):
        document.write_text(f"{text}\n连存{number}。\n", encoding="utf-8")
    shows(page, "连存9")
    server.rest()
    made = server.builds - before
    assert made in (1, 2)
    with capsys.disabled():
        print(f" [builds for ten saves: {made}]", end="")


def test_save_while_the_page_reloads_is_not_lost(page: Page, server: Server, document: Path) -> None:
    """A second save that is built between a page's fetch and its call for reloads still shows."""
    text = document.read_text(encoding="utf-8")
    for number in range(4):
        before = server.builds
        document.write_text(f"{text}\n先存{number}。\n", encoding="utf-8")
        server.wait_for(lambda before=before: server.builds > before)  # type: ignore[misc]
        document.write_text(f"{text}\n后存{number}。\n", encoding="utf-8")
        shows(page, f"后存{number}")


def test_missing_page_is_the_sites_own(page: Page, server: Server) -> None:
    answer = page.goto(f"{server.base}edu/news/nothing.html")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("没有找到这个页面")
