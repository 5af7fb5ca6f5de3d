"""A citizen searches where the answers come from the API: the page is the same, and says so when there is no answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, Route, expect
from tornado.web import Application

from gen.api.limits import Limits
from gen.api.server import EngineSource, routes
from gen.errors import GenError, Issue
from gen.search.results import Engine
from gen.searching import LatestEngine
from tests.browser.chromium import http_server
from tests.browser.test_search import (
    EDU,
    ENGLISH,
    HUB,
    PHRASE,
    TITLE,
    at,
    check_english,
    found,
    hits,
    says,
    search,
    take_both_filters_back,
)
from tests.html.built import copy_repository, gen
from tests.unit.search.test_api import served

pytestmark = pytest.mark.browser

GENEROUS = Limits(rate=10_000, burst=10_000)
STINGY = Limits(rate=0.01, burst=0)
MARKUP = "<img src=x onerror=window.hurt=1><b>蟠桃</b>节日程"
LOST = "没有连上服务器或服务器正忙"


@dataclass(frozen=True)
class City:
    """`web`: where its sites are; `api`: where its API is, below `/api/`, `/stingy/` (429) and `/empty/` (503)."""

    web: str
    api: str

    def becomes(self, name: str, page: Page) -> None:
        """From now on the page that asks the API reaches another, or nobody."""

        def elsewhere(route: Route) -> None:
            if name == "down":
                route.abort("connectionrefused")
            else:
                route.continue_(url=route.request.url.replace("/api/", f"/{name}/"))

        page.route(f"{self.api}/api/**", elsewhere)

    def returns(self, page: Page) -> None:
        page.unroute(f"{self.api}/api/**")


def nothing() -> Engine:
    raise GenError(Issue("", 0, "search.not_built"))


def application(engine: EngineSource) -> Application:
    return Application(
        [
            *routes(engine, GENEROUS, "/api"),
            *routes(engine, STINGY, "/stingy"),
            *routes(nothing, GENEROUS, "/empty"),
        ]
    )


def let_it_ask(settings: Path, api: str) -> None:
    """Sets the option of every site."""
    group = yaml.safe_load(settings.read_text(encoding="utf-8"))
    for site in group["sites"]:
        site.setdefault("options", {})["search_api"] = f"{api}/api/"
    settings.write_text(yaml.safe_dump(group, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """All sites of the repository's content, with a document more whose title is markup."""
    place = tmp_path_factory.mktemp("city")
    root, out = place / "root", place / "out"
    copy_repository(root)
    document = f'---\ntitle: "{MARKUP}"\npublished: 2026-03-01\n---\n蟠桃 &lt;i&gt;成熟&lt;/i&gt;。\n'
    (root / "content/edu/news/2026/biaoji.md").write_text(document, encoding="utf-8")
    with served(lambda: application(LatestEngine(root))) as client:
        api = f"http://127.0.0.1:{client.port}"
        let_it_ask(root / "sites.yaml", api)
        gen("build", "--local", "--root", root, "--out", out)
        with http_server(out) as web:
            yield City(web, api)


@pytest.fixture
def asked(page: Page, city: City) -> list[str]:
    """What the page asks the API, and what files of the index it fetches."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    return urls


def shown(page: Page) -> dict[str, Any]:
    """The results on the page. What it cuts out of a text is each engine's own choice."""
    seen: dict[str, Any] = page.evaluate(
        """() => {
          const all = (part, choose) => [...document.querySelectorAll("#g-search ." + part)].map(choose);
          const text = node => node.textContent.replace(/\\s+/g, " ").trim();
          const by = which => all("by-" + which + " a", text);
          return {
            total: +document.querySelector("#g-search .total").textContent,
            titles: all("hits > li h2", text),
            facts: all("hits > li .small", text),
            site: by("site"), column: by("column"), year: by("year"), kind: by("kind"),
            pages: all("pages a", text),
          };
        }"""
    )
    return seen


# ---- the same page ----

SAME = [
    (HUB, "q=义务教育"),
    (HUB, "q=通知"),
    (HUB, "q=通知&sort=date"),
    (HUB, "q=通知&page=2"),
    (HUB, "q=通知&site=edu"),
    (HUB, "q=通知&year=2026&kind=notices"),
    (HUB, "q=通知&site=edu&column=edu/notices&sort=date"),
    (HUB, "q=二手房 买卖"),
    (HUB, "q=九教基字[2026]18 號"),
    (HUB, "q=庐山公交"),
    (HUB, "q=庐"),
    (EDU, "q=通知"),
    (EDU, "q=招生&sort=date"),
    (EDU, "q=通知&page=2"),
]


@pytest.mark.parametrize(("address", "given"), SAME, ids=[f"{a[:3]}-{q}" for a, q in SAME])
def test_page_is_the_one_that_the_browsers_own_index_makes(
    page: Page, city: City, asked: list[str], address: str, given: str
) -> None:
    """The site's index is there all the same: the page is asked to use it, and must not change but for the addresses."""
    page.goto(f"{city.web}{address}?{quote(given, safe='=&/')}")
    assert found(page)
    answered = shown(page)
    assert [dict(parse_qsl(urlsplit(url).query))["q"] for url in asked if "/api/search?" in url]
    assert not [url for url in asked if re.search(r"/search/\w+/", url)], (
        "no file of the index but the manifest"
    )
    page.route(
        f"**/{address}*",
        lambda route: route.fulfill(
            body=re.sub(r'data-api="[^"]*"', 'data-api=""', route.fetch().text()), content_type="text/html"
        ),
    )
    page.reload()
    assert found(page)
    assert answered == shown(page)


def test_results_lead_to_the_document(page: Page, city: City) -> None:
    page.goto(f"{city.web}{HUB}?q={quote(PHRASE)}")
    assert found(page)
    link = page.get_by_role("link", name=TITLE)
    expect(link).to_have_attribute(
        "href", re.compile(r"^https://edu\.jiujiang\.gov\.cn/notices/2026/\w[\w-]*\.html$")
    )


def test_filters_narrow_count_and_are_taken_back(page: Page, city: City) -> None:
    page.goto(f"{city.web}{HUB}?q={quote('通知')}")
    total = found(page)
    expect(at(page, "by-column")).to_be_hidden()
    site = at(page, "by-site a").filter(has_text="市教育局")
    count = int(re.findall(r"(\d+) 篇", site.inner_text())[0])
    assert 0 < count < total
    site.click()
    says(page, f"找到 {count} 篇")
    expect(page).to_have_url(re.compile(r"site=edu"))
    column = at(page, "by-column a").first
    left = int(re.findall(r"(\d+) 篇", column.inner_text())[0])
    column.click()
    says(page, f"找到 {left} 篇")
    take_both_filters_back(page)
    says(page, f"找到 {total} 篇")


def test_pages_follow_each_other_and_the_back_button_returns(page: Page, city: City) -> None:
    page.goto(f"{city.web}{HUB}?q={quote('通知')}")
    assert found(page) > 20
    first = hits(page)
    page.get_by_role("navigation", name="翻页").get_by_role("link", name="下一页").click()
    expect(at(page, "hits > li h2 a").first).not_to_have_text(first[0])
    assert not set(first) & set(hits(page))
    page.go_back()
    expect(at(page, "hits > li h2 a").first).to_have_text(first[0])


def test_page_of_one_site_asks_for_that_site_alone(page: Page, city: City, asked: list[str]) -> None:
    page.goto(f"{city.web}{EDU}?q={quote('通知')}")
    assert found(page)
    assert all("site=edu" in url for url in asked if "/api/search?" in url)
    expect(at(page, "by-site")).to_be_hidden()
    expect(at(page, "by-column")).to_be_visible()
    page.get_by_role("combobox").fill("")
    page.get_by_role("combobox").press_sequentially("通知", delay=30)
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    page.wait_for_timeout(500)
    outside = page.get_by_role("option").evaluate_all(
        "all => all.map(one => one.href).filter(href => /^https:/.test(href) && !/^https:..edu[.]/.test(href))"
    )
    assert outside == []


def test_a_site_in_english_is_searched_in_english(page: Page, city: City) -> None:
    """The service names years and kinds in the hub's language; the page says them in its own."""
    check_english(page, city.web + ENGLISH)


def test_sites_and_columns_are_offered_by_name_and_initials(page: Page, city: City) -> None:
    page.goto(f"{city.web}{HUB}?q=sjyj")
    link = page.get_by_role("navigation", name="站点和栏目").get_by_role("link", name="市教育局", exact=True)
    expect(link).to_be_visible()


# ---- suggestions ----


def test_suggestions_come_from_the_service(page: Page, city: City, asked: list[str]) -> None:
    page.goto(f"{city.web}{HUB}")
    box = page.get_by_role("combobox")
    box.press_sequentially("义务教育学校招生", delay=30)
    expect(page.get_by_role("option", name=TITLE)).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    box.fill("市教育局")
    expect(page.get_by_role("option", name="市教育局 站点")).to_be_visible()
    assert [url for url in asked if "/api/suggest?" in url]


def test_an_empty_field_asks_the_service_nothing(page: Page, city: City, asked: list[str]) -> None:
    page.goto(f"{city.web}{HUB}")
    for text in ("通知", "", "  "):
        page.get_by_role("combobox").fill(text)
        page.wait_for_timeout(400)
    page.get_by_role("button", name="搜索").click()
    expect(at(page, "ways")).to_be_visible()
    assert len([url for url in asked if "/api/" in url]) == 1


@pytest.mark.parametrize("name", ["stingy", "empty", "down"])
def test_typing_goes_on_without_suggestions_of_documents(page: Page, city: City, name: str) -> None:
    city.becomes(name, page)
    page.goto(f"{city.web}{HUB}")
    page.get_by_role("combobox").press_sequentially("市教育局", delay=30)
    expect(page.get_by_role("option", name="市教育局 站点")).to_be_visible()


# ---- nothing found; odd addresses ----


def test_nothing_found_is_said_and_ways_on_are_offered(page: Page, city: City) -> None:
    page.goto(f"{city.web}{EDU}?q={quote('恐龙 招生')}")
    says(page, "没有文档包含完整的“恐龙 招生”。")
    ways = at(page, "ways")
    expect(ways.get_by_role("link", name="网站地图")).to_be_visible()
    ways.get_by_role("link", name="招生", exact=True).click()
    says(page, re.compile(r"找到 \d+ 篇"))
    expect(ways).to_be_hidden()


@pytest.mark.parametrize(
    "given", ["page=99999", "page=-3", "page=x", "sort=x", "q=通知&q=x", "extra=1", "site=", "page=1e3"]
)
def test_odd_addresses_show_results_all_the_same(page: Page, city: City, given: str) -> None:
    page.goto(f"{city.web}{HUB}?q={quote('通知')}&{quote(given, safe='=&')}")
    assert found(page)
    assert hits(page)
    if given == "page=99999":
        expect(at(page, "pages a[aria-current]")).to_have_text(at(page, "pages a").nth(-1).inner_text())


@pytest.mark.parametrize("given", ["year=1999", "year=x", "kind=x", "column=../..", "site=__proto__"])
def test_filter_that_leaves_nothing_can_be_taken_back(page: Page, city: City, given: str) -> None:
    page.goto(f"{city.web}{HUB}?q={quote('通知')}&{given}")
    says(page, "没有文档包含")
    page.get_by_role("navigation", name="取消筛选").get_by_role("link").click()
    says(page, re.compile(r"找到 \d+ 篇"))


@pytest.mark.parametrize(
    "query", ["\x00\x01", "词 " * 3000, "九" * 50_000, "\U00020bb7" * 300, "a" + "\U0001f600" * 300]
)
def test_hostile_queries_get_an_answer(page: Page, city: City, query: str) -> None:
    page.goto(f"{city.web}{HUB}")
    search(page, query)
    says(page, re.compile("找到|没有文档"))


def test_markup_in_titles_and_texts_is_text(page: Page, city: City) -> None:
    page.goto(f"{city.web}{HUB}?q={quote('蟠桃')}")
    assert found(page)
    link = at(page, "hits > li h2 a").filter(has_text="节日程")
    expect(link).to_have_text(MARKUP)
    expect(link.locator("mark")).to_have_text("蟠桃")
    text = at(page, "hits > li").filter(has_text="节日程").locator("p").first
    expect(text).to_have_text("蟠桃 <i>成熟</i>。")
    expect(text.locator("mark")).to_have_text("蟠桃")
    page.get_by_role("combobox").fill("节日程")
    expect(page.get_by_role("option", name=MARKUP)).to_be_visible()
    assert page.locator("main img, .hits b, .hits i, .suggestions b").count() == 0
    assert page.evaluate("window.hurt") is None


# ---- no answer ----


@pytest.mark.parametrize("name", ["stingy", "empty", "down"])
def test_no_answer_is_said_and_asked_for_again(page: Page, city: City, name: str) -> None:
    page.goto(f"{city.web}{HUB}?q={quote('通知')}")
    total = found(page)
    city.becomes(name, page)
    search(page, "学校")
    says(page, LOST)
    expect(at(page, "busy")).to_be_hidden()
    assert hits(page) == []
    retry = page.get_by_role("button", name="重试")
    retry.click()
    says(page, LOST)
    city.returns(page)
    retry.click()
    assert found(page)
    expect(at(page, "failed")).to_be_hidden()
    search(page, "通知")
    says(page, f"找到 {total} 篇")


@pytest.mark.parametrize(
    "body", ["<html>login</html>", "null", "[]", '{"total": 3}', '{"hits": [{}], "total": 1}']
)
def test_an_answer_that_is_none_is_told_too(page: Page, city: City, body: str) -> None:
    """As the gates of some networks give to any request."""
    page.route(
        f"{city.api}/api/**",
        lambda route: route.fulfill(body=body, headers={"Access-Control-Allow-Origin": "*"}),
    )
    page.goto(f"{city.web}{HUB}?q={quote('通知')}")
    says(page, LOST)


def test_slow_answer_is_waited_for_and_a_late_one_is_dropped(page: Page, city: City) -> None:
    held: list[Route] = []
    page.goto(f"{city.web}{HUB}")
    first = re.compile(rf"/api/search\?q={quote('通知')}$")
    page.route(first, lambda route: held.append(route))  # noqa: PLW0108 - it must be a function
    search(page, "通知")
    says(page, "正在搜索")
    search(page, PHRASE)
    total = found(page)
    held[0].continue_()
    page.wait_for_timeout(500)
    says(page, f"找到 {total} 篇")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def test_without_its_index_the_page_still_shows_what_the_service_found(page: Page, city: City) -> None:
    page.route("**/search/index.js*", lambda route: route.abort())
    page.goto(f"{city.web}{HUB}?q={quote('通知')}")
    assert found(page)
    assert hits(page)


def test_offline_is_told(page: Page, context: BrowserContext, city: City) -> None:
    page.goto(f"{city.web}{HUB}")
    context.set_offline(True)
    search(page, "通知")
    says(page, LOST)
    context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    assert found(page)
