"""A citizen walks through the sites in a real browser, without JavaScript: from a disk, and over HTTP."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from tests.browser.chromium import http_server
from tests.html.built import Built

pytestmark = pytest.mark.browser

POLICY = "jiujiang/policies/2026/yingshang-cuoshi.html"


@dataclass
class Walk:
    """An open browser window at the start of the sites, and all that it heard on the way."""

    base: str
    page: Page
    built: Built
    heard: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        self.page.goto(self.base + address)

    @property
    def here(self) -> str:
        """The output file that the window shows."""
        bare = unquote(self.page.url.removeprefix(self.base).partition("#")[0])
        return f"{bare}index.html" if bare.endswith("/") or not bare else bare

    def follow(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Clicks the first link of that name, as a person would."""
        self.click(self.page.locator(within).get_by_role("link", name=name).first)

    def click(self, link: Locator) -> None:
        before = self.page.url
        link.click()
        expect(self.page).not_to_have_url(before)

    def crumb(self, name: str) -> None:
        way = self.page.get_by_role("navigation", name="当前位置")
        self.click(way.get_by_role("link", name=name, exact=True))


@pytest.fixture(scope="module", params=["file", "http"])
def base(request: pytest.FixtureRequest, local: Built) -> Iterator[str]:
    if request.param == "file":
        yield local.out.as_uri() + "/"
        return
    with http_server(local.out) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(
        java_script_enabled=False, accept_downloads=True, viewport={"width": 1280, "height": 900}
    )
    yield made
    made.close()


@pytest.fixture
def walk(base: str, context: BrowserContext, local: Built) -> Iterator[Walk]:
    """Ends by checking that nothing complained and that nothing left the place the sites lie at."""
    page = context.new_page()
    made = Walk(base, page, local)

    def listen(message: ConsoleMessage) -> None:
        made.heard.append(f"{message.type}: {message.text} at {page.url}")

    def request(one: Request) -> None:
        made.requests.append(one.url)

    def failed(one: Request) -> None:
        if one.failure != "net::ERR_ABORTED":  # a link was followed meanwhile, or became a download
            made.heard.append(f"{one.failure}: {one.url}")

    def answered(one: Response) -> None:
        if one.status >= 400:
            made.heard.append(f"{one.status}: {one.url}")

    page.set_default_timeout(10_000)
    page.on("console", listen)
    page.on("pageerror", lambda error: made.heard.append(str(error)))
    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("request", request)
    page.goto(f"{base}jiujiang/index.html")
    yield made
    assert made.requests
    assert [url for url in made.requests if not url.startswith(base)] == []
    assert made.heard == []


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_from_the_hub_to_a_departments_attachment_and_back(walk: Walk, tmp_path: Path) -> None:
    walk.follow("市教育局")
    assert walk.here == "edu/index.html"
    walk.follow("关于做好2026年中心城区义务教育学校招生入学工作的通知")
    assert walk.here == "edu/notices/2026/yiwu-jiaoyu-zhaosheng.html"
    assert "招生入学" in heading(walk.page)
    with walk.page.expect_download() as download:
        walk.page.locator(".files").get_by_role("link", name="ruxue-dengjibiao.docx").click()
    download.value.save_as(tmp_path / "got.docx")
    committed = walk.built.root / "content/edu/notices/2026/yiwu-jiaoyu-zhaosheng/ruxue-dengjibiao.docx"
    assert (tmp_path / "got.docx").read_bytes() == committed.read_bytes()
    walk.crumb("通知公告")
    assert walk.here == "edu/notices/index.html"
    walk.crumb("首页")
    assert walk.here == "edu/index.html"
    walk.follow("中国九江", within="body")
    assert walk.here == "jiujiang/index.html"


def test_from_the_hub_to_a_channel_of_a_county(walk: Walk) -> None:
    walk.follow("修水县")
    assert walk.here == "xiushui/index.html"
    walk.follow("修水县教育体育局")
    channel = walk.here.rpartition("/")[0]
    walk.follow(re.compile("教体动态"), within="nav[aria-label=栏目]")
    assert walk.here == f"{channel}/news/index.html"
    walk.follow(re.compile("走教老师"))
    assert walk.here.startswith(f"{channel}/news/")
    assert "走教老师" in heading(walk.page)
    expect(walk.page.locator("footer")).to_contain_text("修水县教育体育局")
    walk.crumb("修水县教育体育局")
    assert walk.here == f"{channel}/index.html"


def test_collected_document_names_its_source_and_leads_there(walk: Walk) -> None:
    box = walk.page.locator("section", has=walk.page.get_by_role("heading", name="部门动态"))
    entry = box.locator("li").first
    source, title = entry.locator(".from").inner_text(), entry.get_by_role("link").inner_text()
    walk.click(entry.get_by_role("link"))
    assert not walk.here.startswith("jiujiang/")
    assert heading(walk.page) == title
    site = walk.built.group.sites[walk.here.partition("/")[0]]
    assert site.short_name == source
    expect(walk.page.locator("footer")).to_contain_text(site.organiser)


def test_old_address_takes_to_the_new(walk: Walk) -> None:
    source = next(one for one in walk.built.shown.values() if one.keys.get("aliases"))
    walk.go(f"{source.site}/{source.keys['aliases'][0]}")
    walk.page.wait_for_url("**/" + source.output)
    assert heading(walk.page) == source.title


def test_contents_list_jumps_to_the_heading(walk: Walk) -> None:
    walk.go(POLICY)
    walk.follow("三、容缺受理", within=".toc")
    assert walk.here == POLICY
    expect(walk.page.get_by_role("heading", name="三、容缺受理")).to_be_in_viewport()


def test_older_pages_of_a_list_and_back(browser: Browser, paged: Built) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.set_default_timeout(10_000)
    page.goto(f"{paged.out.as_uri()}/jiujiang/news/index.html")
    page.get_by_role("link", name="较早的内容").click()
    expect(page).to_have_url(re.compile(r"/page-\d+\.html$"))
    expect(page.locator(".lines li, .news li").first).to_be_visible()
    page.get_by_role("link", name="较新的内容").click()
    page.get_by_role("link", name="较早的内容").click()
    page.close()


def test_menu_opens_and_closes_on_a_phone(walk: Walk) -> None:
    walk.page.set_viewport_size({"width": 360, "height": 740})
    link = walk.page.locator("nav[aria-label=栏目]").get_by_role("link", name="政策文件")
    expect(link).to_be_hidden()
    walk.page.get_by_role("link", name="栏目", exact=True).click()
    expect(link).to_be_visible()
    walk.page.get_by_role("link", name="收起栏目").click()
    expect(link).to_be_hidden()
    walk.page.get_by_role("link", name="栏目", exact=True).click()
    walk.click(link)
    assert walk.here == "jiujiang/policies/index.html"


def test_first_key_reaches_the_skip_link(walk: Walk) -> None:
    for address in ("jiujiang/index.html", POLICY, "tjj/index.html"):
        walk.go(address)
        walk.page.keyboard.press("Tab")
        focused = walk.page.locator(":focus")
        expect(focused).to_have_text("跳到正文")
        expect(focused).to_be_in_viewport()
        walk.page.keyboard.press("Enter")
        expect(walk.page).to_have_url(re.compile("#g-main$"))
        walk.page.keyboard.press("Tab")
        expect(walk.page.locator("main :focus")).to_have_count(1)


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    """A window in which tests may measure; the pages themselves have no script."""
    made = browser.new_context()
    yield made.new_page()
    made.close()


def one_of_each(built: Built) -> list[str]:
    """For every theme and language: the heaviest page of each kind, documents and columns by the kind of their column."""
    found: dict[tuple[str, str, str, str], str] = {}
    for path, page in built.pages.items():
        kind, (site, _, column) = built.kind(page), built.whose(page)
        if kind == "redirect":
            continue
        key = (
            site.theme,
            site.language,
            kind,
            column.kind if column and kind in ("document", "column") else "",
        )
        if key not in found or len(built.files[path]) > len(built.files[found[key]]):
            found[key] = path
    return sorted(found.values())


@pytest.mark.parametrize("width", [320, 768])
def test_no_page_scrolls_sideways(scripted: Page, local: Built, width: int) -> None:
    scripted.set_viewport_size({"width": width, "height": 640})
    wide, pages = [], one_of_each(local)
    for path in pages:
        scripted.goto(f"{local.out.as_uri()}/{path}")
        reach = scripted.evaluate("document.documentElement.scrollWidth")
        if reach > width:
            wide.append(f"{path}: {reach}")
    assert wide == []
    assert len(pages) > 30


def test_text_can_be_twice_as_large(scripted: Page, local: Built) -> None:
    """WCAG 2.1, 1.4.4: what 200 % zoom leaves of a desktop's window needs no sideways scrolling."""
    scripted.set_viewport_size({"width": 640, "height": 450})
    wide = []
    for path in one_of_each(local):
        scripted.goto(f"{local.out.as_uri()}/{path}")
        if scripted.evaluate("document.documentElement.scrollWidth") > 640:
            wide.append(path)
    assert wide == []


def test_page_prints_without_navigation(scripted: Page, local: Built) -> None:
    scripted.goto(f"{local.out.as_uri()}/{POLICY}")
    scripted.emulate_media(media="print")
    expect(scripted.locator("nav").first).to_be_hidden()
    expect(scripted.locator(".address")).to_contain_text("https://www.jiujiang.gov.cn/policies/")


_SEEN = """name => {
  const one = document.querySelector(name), box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.width > 0 && one.contains(over) && style.color !== style.backgroundColor;
}"""


def test_nothing_lies_over_the_name_of_a_site_on_paper(scripted: Page, local: Built) -> None:
    scripted.set_viewport_size({"width": 720, "height": 900})
    scripted.emulate_media(media="print")
    for path in ("jiujiang/index.html", "edu/index.html", "xiushui/jiaoyu/index.html"):
        scripted.goto(f"{local.out.as_uri()}/{path}")
        assert scripted.evaluate(_SEEN, ".brand b"), path


def test_white_words_turn_black_on_paper(scripted: Page, local: Built) -> None:
    """Browsers leave out backgrounds: what is white on a colour would be white on white."""
    scripted.emulate_media(media="print")
    colour = "([name, part]) => getComputedStyle(document.querySelector(name), part).color"
    for path, name, part in (
        ("jiujiang/business/index.html", ".topic h1", None),
        ("jiujiang/services/2025/qiye-kaiban.html", ".guide > li", "::before"),
    ):
        scripted.goto(f"{local.out.as_uri()}/{path}")
        assert scripted.evaluate(colour, [name, part]) == "rgb(0, 0, 0)", path
