"""What the heads of pages say to browsers and machines."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from gen import policy
from gen.render import linked_data
from tests.groups import Folder, config, document, dump

HOSTILE = '</script><b>&"]]>'


class _Head(HTMLParser):
    """The elements of a page's head, and its data blocks."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.metas: dict[str, str] = {}
        self.links: list[dict[str, str]] = []
        self.blocks: list[str] = []
        self._open = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self._open = tag == "script" and found.get("type") == "application/ld+json"
        if self._open:
            self.blocks.append("")
        if tag == "meta":
            key = found.get("name") or found.get("property") or found.get("http-equiv") or ""
            self.metas[key] = found.get("content", "")
        if tag == "link":
            self.links.append(found)

    def handle_data(self, data: str) -> None:
        if self._open:
            self.blocks[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    @property
    def graph(self) -> dict[str, dict[str, Any]]:
        """Type → node."""
        nodes = [node for block in self.blocks for node in json.loads(block)["@graph"]]
        return {node["@type"]: node for node in nodes}


def heads(folder: Folder) -> dict[str, _Head]:
    assert not folder.build().issues
    return {path: _Head(data) for path, data in folder.tree().items() if path.endswith(".html")}


def put(folder: Folder, kind: str, **matter: object) -> _Head:
    """The head of a document in a column of this kind."""
    made = config()
    made["kinds"]["department"]["columns"]["x"] = {"name": "栏", "kind": kind}
    page = document("题", "2026-05-01 09:30", "一段正文。\n\n又一段。\n", **matter)
    folder.put({"sites.yaml": dump(made), "content/edu/x/d.md": page, "content/edu/x/d/f.csv": b"a,b\n1,2\n"})
    return heads(folder)["edu/x/d.html"]


def test_every_page_says_what_it_may_load(folder: Folder) -> None:
    for path, head in heads(folder).items():
        rules = dict(rule.split(" ", 1) for rule in head.metas["Content-Security-Policy"].split("; "))
        assert rules["default-src"] == "'none'", path
        assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
        assert head.metas["referrer"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize(
    ("value", "sources"),
    [("https://search.test/api/", "'self' https://search.test"), ("http://127.0.0.1:8001/", "'self' http://127.0.0.1:8001"),
     ("/api/", "'self'"), ("", "'self'"), ("javascript:alert(1)", "'self'")],
)  # fmt: skip
def test_an_option_may_widen_it_by_an_origin(folder: Folder, value: str, sources: str) -> None:
    made = config()
    made["sites"][1]["options"] = {"service": value}
    theme = folder.files["themes/small/theme.yaml"] + b"  service: {type: text, allows: connect-src}\n"
    folder.put({"sites.yaml": dump(made), "themes/small/theme.yaml": theme})
    found = heads(folder)
    assert f"connect-src {sources};" in found["edu/index.html"].metas["Content-Security-Policy"]
    assert "connect-src 'self';" in found["hub/index.html"].metas["Content-Security-Policy"]


def test_an_option_that_would_break_out_of_the_policy_cannot() -> None:
    assert policy.origin("https://a.test; script-src *") == ""
    assert policy.origin("https://*/") == ""


def test_a_data_block_holds_no_line_end_of_scripts() -> None:
    block = str(linked_data.script([{"name": "\u2028</script"}]))
    assert "\u2028" not in block
    assert block.count("</script") == 1


def test_what_words_hold_cannot_end_the_data_block(folder: Folder) -> None:
    head = put(folder, "news", summary=HOSTILE, keywords=[HOSTILE])
    assert len(head.blocks) == 1
    assert not re.search("[<>&]", head.blocks[0])
    assert head.graph["Article"]["description"] == HOSTILE
    assert head.metas["og:description"] == HOSTILE


def test_home_pages_say_who_answers(folder: Folder) -> None:
    graph = heads(folder)["edu/index.html"].graph
    assert graph["GovernmentOrganization"]["name"] == "教育局"
    assert graph["GovernmentOrganization"]["telephone"] == "0792-1"
    assert graph["GovernmentOrganization"]["parentOrganization"]["name"] == "小城"
    assert (
        graph["WebSite"]["potentialAction"]["target"]["urlTemplate"]
        == "https://edu.test/search/?q={search_term_string}"
    )
    assert "parentOrganization" not in heads(folder)["hub/index.html"].graph["GovernmentOrganization"]


def test_pages_say_the_way_to_them(folder: Folder) -> None:
    steps = heads(folder)["edu/policies/interpretation/i.html"].graph["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step.get("item")) for step in steps] == [
        (1, "首页", "https://edu.test/"),
        (2, "政策", "https://edu.test/policies/"),
        (3, "解读", "https://edu.test/policies/interpretation/"),
        (4, "读懂办法", None),
    ]


def test_news_is_an_article_with_its_dates(folder: Folder) -> None:
    node = put(folder, "news", updated="2026-05-02", signed="2026-04-30", author="张三").graph["Article"]
    assert node["datePublished"] == "2026-05-01T09:30:00+08:00"
    assert node["dateModified"] == "2026-05-02T00:00:00+08:00"
    assert node["dateCreated"] == "2026-04-30"
    assert node["author"] == {"@type": "Person", "name": "张三"}
    assert node["publisher"]["url"] == "https://edu.test/"


def test_a_guide_is_a_service(folder: Folder) -> None:
    node = put(
        folder,
        "services",
        service={"audience": ["新生"], "place": ["一号窗口", "二号窗口"], "fee": ["不收费"]},
    ).graph["GovernmentService"]
    assert node["audience"] == [{"@type": "Audience", "name": "新生"}]
    assert node["availableChannel"]["serviceLocation"]["name"] == "一号窗口；二号窗口"


def test_a_letter_is_a_question_with_its_answer(folder: Folder) -> None:
    letter = {"received": "2026-04-01", "question": "何时开学？", "replied": "2026-04-02"}
    (question,) = put(folder, "letters", letter=letter).graph["FAQPage"]["mainEntity"]
    assert question["text"] == "何时开学？"
    assert question["acceptedAnswer"]["text"] == "一段正文。\n又一段。"


def test_data_are_a_dataset_with_files(folder: Folder) -> None:
    node = put(folder, "data", attachments=["d/f.csv"]).graph["Dataset"]
    assert [file["contentUrl"] for file in node["distribution"]] == ["https://edu.test/x/d/f.csv"]


def test_pages_that_nobody_should_find_say_little(folder: Folder) -> None:
    found = heads(folder)
    assert not found["edu/404.html"].blocks
    assert not [link for link in found["edu/404.html"].links if link["rel"] == "canonical"]
    (canonical,) = [link for link in found["edu/policies/old.html"].links if link["rel"] == "canonical"]
    assert canonical["href"] == "https://edu.test/policies/p.html"


def test_shared_pages_show_what_they_are(folder: Folder) -> None:
    found = heads(folder)
    metas = found["jtj/news/a.html"].metas
    assert (metas["og:type"], metas["og:title"], metas["og:site_name"]) == ("article", "修路", "交通局")
    assert metas["og:image"] == "https://jtj.test/news/a/road.png"
    assert metas["og:locale"] == "zh_CN"
    assert found["jtj/index.html"].metas["og:type"] == "website"
