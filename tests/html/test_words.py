"""What pages say and leave unsaid: once, and only while it holds."""

from tests.html.built import Built, Node, Page


def page_of(built: Built, path: str) -> Page:
    return built.pages[path]


def having(page: Page, name: str) -> list[Node]:
    return [node for node in page.root.walk() if name in node.classes]


def test_a_consultation_says_how_to_comment_only_while_it_is_open(local: Built) -> None:
    said = {}
    for path, source in local.shown.items():
        asked = source.keys.get("consultation", source.keys.get("征集"))
        site = local.group.sites[source.site]
        if asked and site.words == "zh" and local.kind(local.pages[path]) == "document":
            said[path] = (
                "怎样提意见" in local.pages[path].root.text(),
                "征集已经结束" in local.pages[path].root.text(),
            )
    assert {over for _, over in said.values()} == {True, False}
    assert all(told != over for told, over in said.values())


def test_a_topic_names_no_document_twice_before_all_that_it_gathers(local: Built) -> None:
    page = page_of(local, "jiujiang/business/index.html")
    boxes = [node for node in page.root.all("section") if "box" in node.classes]
    names = [link.text() for box in boxes for item in box.all("li", "h3") for link in item.all("a")]
    assert names
    assert len(names) == len(set(names))
    headings = [node.text() for node in page.root.all("h2")]
    assert headings[-1] == "专题全部内容"
    assert "营商环境专题" not in headings, "it would lead from the page to itself"


def test_the_name_of_a_site_or_channel_is_seen_once_above_its_home_page(local: Built) -> None:
    for path in ("jiujiang/index.html", "edu/index.html", "xiushui/jiaoyu/index.html"):
        (heading,) = page_of(local, path).root.all("h1")
        assert "sr" in heading.classes, path
        brands = [node.text() for node in having(page_of(local, path), "brand")]
        assert any(heading.text() in brand for brand in brands), path


def test_a_reply_begins_at_the_margin_with_whom_it_answers(local: Built) -> None:
    page = page_of(local, "jiujiang/letters/2026/gongjiao-banci.html")
    first = having(page, "noindent")[0]
    assert first.text() == "陈女士："
    assert any("reply" in node.classes for node in first.up())


def test_a_register_has_no_column_for_numbers_that_nothing_bears(local: Built) -> None:
    heads = {
        path: [node.text() for node in page.root.all("th") if node.attributes.get("scope") == "col"]
        for path, page in local.pages.items()
        if path.endswith("disclosure/index.html")
    }
    assert "文件编号" not in heads["jiujiang/disclosure/index.html"]
    for path, names in heads.items():
        numbers = [node for node in page_of(local, path).root.all("td") if "〔" in node.text()]
        assert bool(numbers) == ("文件编号" in names), path


def test_a_lost_reader_is_shown_ways_on(local: Built) -> None:
    page = page_of(local, "jiujiang/404.html")
    (tiles,) = having(page, "tiles")
    targets = {local.target(page, link.attributes["href"])[0] for link in tiles.all("a")}
    assert {"jiujiang/index.html", "jiujiang/sitemap.html", "jiujiang/archive/index.html"} <= targets
