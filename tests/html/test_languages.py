"""A site in English is in English: interface, feeds, styles; and it and its original name each other.

What is content and what is interface can't be told apart on a page. So the English site's own content holds no Chinese
character, which the first test makes sure of: whatever is Chinese on its pages and not marked so is interface. The
second group goes further: nothing in it is Chinese but the program, and it has every kind of column and state.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from gen.config.model import ColumnKind
from gen.theme import load_themes
from tests.groups import Config, Files, Folder, document, dump
from tests.html.built import REPOSITORY, Built, Node, Page, parse_page

HAN = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")
"""Chinese characters, and the punctuation that goes with them."""
ENGLISH = "en"
THEMES = ("civic", "plain")
NOW = datetime(2026, 6, 1)
SAID = {"主动公开", "常年公开", "有效", "废止", "柱状"}
"""Values that the law or the front matter's schema has in Chinese, which pages show in their own language."""


def is_chinese(node: Node) -> bool:
    marked = next((one for one in (node, *node.up()) if "lang" in one.attributes), None)
    return marked is not None and marked.attributes["lang"].startswith("zh")


def chinese_on(page: Page) -> Iterator[str]:
    """What of a page is Chinese and isn't marked as such, attributes included."""
    for node in page.root.walk():
        if not is_chinese(node):
            texts = (child for child in node.children if isinstance(child, str))
            yield from (
                f"{page.path}: <{node.tag}> {text.strip()[:80]}"
                for text in (*texts, *node.attributes.values())
                if HAN.search(text)
            )


# ---- the repository's English site ----


def test_its_content_has_no_chinese_character(local: Built) -> None:
    sources = [source for source in local.sources if source.site == ENGLISH]
    assert len(sources) > 10
    for source in sources:
        words = source.file.read_text(encoding="utf-8")
        assert not HAN.search(re.sub("|".join(SAID), "", words)), source.file
        assert "example" in words.lower(), f"{source.file} isn't marked as one"


def test_its_interface_is_english(built: Built) -> None:
    pages = [page for page in built.pages.values() if page.site == ENGLISH]
    assert {built.kind(page) for page in pages} >= {
        *("home", "column", "document", "archive", "year", "tags", "tag", "search", "sitemap", "404"),
    }
    assert [line for page in pages for line in chinese_on(page)] == []
    for name in ("feed.atom", "feed.json", "sitemap.xml"):
        assert not HAN.search(built.files[f"{ENGLISH}/{name}"].decode()), name


def test_pages_bear_the_language_of_their_site(built: Built) -> None:
    for page in built.pages.values():
        (root,) = page.root.all("html")
        assert root.attributes["lang"] == built.group.sites[page.site].language
        data = "".join(
            node.text()
            for node in page.root.all("script")
            if node.attributes.get("type", "").endswith("json")
        )
        assert set(re.findall(r'"inLanguage":"([^"]+)"', data)) <= {root.attributes["lang"]}, page.path


def alternates(page: Page) -> dict[str, str]:
    links = (node.attributes for node in page.root.all("link") if "hreflang" in node.attributes)
    return {one["hreflang"]: one["href"] for one in links}


def test_pages_name_their_translations_both_ways(public: Built) -> None:
    pairs = set()
    for page in public.pages.values():
        named = alternates(page)
        for language, url in named.items():
            target = public.place(url)
            assert target is not None, page.path
            assert alternates(public.pages[target]) == named, f"{page.path} and {target}"
            if language != "x-default" and target != page.path:
                pairs.add((page.path, target))
    assert {(there, here) for here, there in pairs} == pairs
    documents = {here for here, _ in pairs if here in public.shown and here.startswith(f"{ENGLISH}/")}
    assert documents == {
        source.output
        for source in public.shown.values()
        if source.site == ENGLISH and "translates" in source.keys
    }
    assert len(documents) > 5


def test_every_page_leads_to_the_other_language(public: Built) -> None:
    """At the top and at the bottom, in that language, whether or not this very page is there."""
    for page in public.pages.values():
        if page.site not in (ENGLISH, public.group.hub) or page.is_redirect:
            continue
        other = {ENGLISH: "zh-CN"}.get(page.site, ENGLISH)
        for part in (page.root.all("header")[0], page.root.all("footer")[-1]):
            (link,) = (node for node in part.all("a") if "hreflang" in node.attributes)
            assert link.attributes["lang"] == link.attributes["hreflang"] == other
            assert public.target(page, link.attributes["href"])[0] in public.pages


# ---- a group in English ----


def english_group(theme: str) -> Config:
    columns = {str(kind): {"name": f"The {kind}", "kind": str(kind), "update": "2w"} for kind in ColumnKind}
    place = {"name": "Town", "organiser": "The town", "contact": {"phone": "1", "email": "a@b.example"}}
    base = {**place, "domain": "town.test", "site_code": "0000000001", "icp": "1", "police": "2"}
    return {
        "group": {"name": "Towns", "hub": "hub", "language": "en", "theme": theme, "page_size": 2},
        "kinds": {
            "hub": {"name": "Portals", "columns": columns},
            "county": {"name": "Counties", "columns": {"news": columns["news"]}},
            "channel": {"name": "Channels", "columns": {"news": columns["news"]}},
        },
        "sites": [
            {**base, "id": "hub", "kind": "hub", "options": {"links": ["Elsewhere https://example.org/"]}},
            {
                **base,
                "id": "county",
                "kind": "county",
                "domain": "county.test",
                "site_code": "0000000002",
                "channels": {"school": {**place, "name": "School"}, "roads": {**place, "name": "Roads"}},
            },
        ],
    }


def english_contents() -> Files:
    """A document of every kind in each of its states, and all that a text may have."""
    body = "Words.\n\n## A\n\n## B\n\n## C\n\n!!! warning\n    Beware.\n\nA note.[^1]\n\n[^1]: Below.\n\n"
    body += '<table class="wide"><tr><td>1</td></tr></table>\n'
    law = {
        "document_number": "No. 1",
        "scope": "All",
        "disclosure": "主动公开",
        "term": "常年公开",
        "tags": ["Law"],
    }
    number = "G00001-0201-2026-000"
    asked = {"contact": "by post"}
    states = {
        "before": {"opens": "2026-07-01", "closes": "2026-08-01"},
        "now": {"opens": "2026-05-01", "closes": "2026-08-01"},
        "over": {"opens": "2026-03-01", "closes": "2026-04-01"},
    }
    result = [{"question": "Well?", "answers": [{"label": "Yes", "count": 2}, {"label": "No", "count": 1}]}]
    letter = {"received": "2026-01-02", "question": "Why?", "category": "Roads"}
    service = ("basis", "audience", "conditions", "materials", "steps", "time_limit", "fee", "place")
    made = {
        "policies/a": document("A", "2026-01-01", body, **law, effect="有效", index_number=number + "1"),
        "policies/b": document("B", "2026-01-02", body, **law, effect="废止", index_number=number + "2"),
        "policies/c": document("C", "2026-01-03", body, **law, effect="失效", signed="2026-01-01"),
        "policies/d": document("D", "2026-01-04", interprets="a.md", body="Words.\n"),
        "disclosure/a": document("A", "2026-01-01", body, **law, index_number=number + "3"),
        "notices/a": document("A", "2026-01-01", body, expires="2026-02-01"),
        "notices/b": document("B", "2026-01-01", body, pinned=True),
        "services/a": document("A", "2026-01-01", body, service={key: ["One", "Two"] for key in service}),
        "data/a": document(
            "A", "2026-01-01", body, chart={"file": "a/a.csv", "unit": "t"}, attachments=["a/a.csv"]
        ),
        "data/b": document("B", "2026-01-01", body, chart={"file": "b/b.csv", "kind": "折线"}),
        "surveys/result": document("R", "2026-01-01", body, answers="over.md"),
        "consultations/result": document("R", "2026-01-01", body, answers="over.md"),
        "letters/a": document("A", "2026-01-01", body, letter=letter),
        "letters/b": document("B", "2026-01-01", body, letter={**letter, "replied": "2026-01-03"}),
    }
    for state, span in states.items():
        made[f"consultations/{state}"] = document(state, "2026-01-01", body, consultation={**span, **asked})
        made[f"surveys/{state}"] = document(state, "2026-01-01", body, survey={**span, "results": result})
        talk = "**Host**: Well?\n\n**Guest**: Yes.\n"
        made[f"interviews/{state}"] = document(
            state, "2026-01-01", talk, interview={**span, "guests": ["A", "B"]}
        )
    for kind in ("news", "leaders", "organisation", "reports", "topics"):
        for name in "abcde":
            made[f"{kind}/{name}"] = document(
                name, "2026-01-01", body, summary="Long words. " * 40, author="A"
            )
    files = {f"content/hub/{path}.md": data for path, data in made.items()}
    table = b"Name,One,Two\na,1,2\nb,3,4\n"
    more = {
        "hub/data/a/a.csv": table,
        "hub/data/b/b.csv": table,
        "hub/_site.md": b"---\ntitle: Hello\n---\nWords.\n",
    }
    more |= {
        f"county/{place}/a.md": document("A", "2026-01-01", "Words.\n") for place in ("news", "school/news")
    }
    return files | {f"content/{path}": data for path, data in more.items()}


@pytest.mark.parametrize("theme", THEMES)
def test_in_a_group_without_chinese_content_nothing_is_chinese(tmp_path: Path, theme: str) -> None:
    found = (path for path in (REPOSITORY / "themes").rglob("*") if path.is_file())
    themes = {path.relative_to(REPOSITORY).as_posix(): path.read_bytes() for path in found}
    files = {"sites.yaml": dump(english_group(theme)), **themes, **english_contents()}
    folder = Folder(tmp_path / "root", files)
    assert not folder.build(NOW).issues
    tree = folder.tree()
    pages = [parse_page(path, data) for path, data in tree.items() if path.endswith(".html")]
    assert len(pages) > 50
    assert [line for page in pages for line in chinese_on(page)] == []
    machines = [path for path in tree if path.endswith((".atom", ".json", ".xml")) and "/search/" not in path]
    assert machines
    assert [path for path in machines if HAN.search(tree[path].decode())] == []
    for path, data in tree.items():
        if path.endswith(".css"):
            said = re.findall(r'(?:^|\n)([^\n{]*)\{[^}]*content: *"([^"]*)"', data.decode())
            chinese = {selector for selector, words in said if HAN.search(words)}
            english = {
                selector.removeprefix(":lang(en) ") for selector, words in said if ":lang(en)" in selector
            }
            assert chinese <= english, path


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_is_there_in_both_languages(theme: str) -> None:
    loaded, issues = load_themes(REPOSITORY / "themes", {theme})
    assert not issues
    texts = loaded[theme].texts
    asked = {
        key
        for source in loaded[theme].templates.values()
        for key in re.findall(r'\bt\("([a-z_]+)"[,)]', source)
    }
    assert asked <= texts.keys()
    assert [key for key, said in texts.items() if HAN.search(said.en)] == []
    assert all(one < other for one, other in pairwise(texts)), "in order, so that one finds them"
