"""Front matter that is made to break pages, feeds, addresses or other documents."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gen.render import feeds
from tests.groups import document
from tests.hostile.harness import Outcome, attack
from tests.invalid.cases import PLACE, doc

MARKUP = "<script>alert(1)</script>\"'&]]>--><img src=x onerror=alert(1)>"
BEYOND_XML = "甲\ufffe乙\uffff丙\x85丁"


def feeds_are_sound(found: Outcome) -> None:
    for path, data in found.tree.items():
        if path.endswith((".xml", ".atom")):
            ET.fromstring(data)
        elif path.endswith(".json"):
            json.loads(data)


FIELDS = (
    "title",
    "subtitle",
    "summary",
    "author",
    "source",
    "scope",
    "responsible",
    "document_number",
    "picture_alt",
)


def test_markup_in_any_field_is_shown_as_it_was_written(tmp_path: Path) -> None:
    matter = {field: MARKUP for field in FIELDS if field != "title"}
    data = document(MARKUP, "2026-05-30", tags=[MARKUP[:50]], keywords=[MARKUP], pinned=True, **matter)
    found = attack(
        tmp_path,
        {PLACE: data, "content/edu/news/c.md": data, "content/edu/_site.md": b"---\ntitle: '<b>'\n---\n"},
    )
    assert not found.issues
    assert "<script>" not in found.text()
    assert "<img src=x" not in found.text()
    assert "&lt;script&gt;" in found.page("edu/news/bad.html")
    feeds_are_sound(found)
    items = json.loads(found.tree["edu/feed.json"])["items"]
    assert MARKUP in {item["title"] for item in items}


@pytest.mark.slow
@pytest.mark.parametrize("field", FIELDS)
def test_control_characters_in_a_field_are_refused_by_line(field: str, tmp_path: Path) -> None:
    found = attack(
        tmp_path, {PLACE: f'---\ntitle: a\npublished: 2026-01-05\n{field}: "a\\x0bb"\n---\n'.encode()}
    )
    assert found.failed == {"edu"}
    assert 4 in {issue.line for issue in found.issues}


def test_no_character_of_a_title_breaks_the_feed() -> None:
    assert ET.fromstring(f"<a>{feeds._xml(BEYOND_XML)}</a>").text == "甲乙丙\x85丁"
    assert ET.fromstring(f"<a>{feeds._xml(''.join(map(chr, range(32))))}</a>") is not None


def test_a_summary_taken_from_a_text_with_strange_characters_keeps_feeds_sound(tmp_path: Path) -> None:
    found = attack(
        tmp_path, {PLACE: document("甲", "2026-05-30", "甲\x0b\x08\x1f\ufffe &#11; &#xFFFF; &#xD800; 乙")}
    )
    assert not found.issues
    feeds_are_sound(found)


@pytest.mark.parametrize("published", ["1850-06-01", "1000-01-01", "9999-12-31 23:59", "1927-01-01"])
def test_dates_far_away_are_written_as_feeds_want_them(published: str, tmp_path: Path) -> None:
    found = attack(tmp_path, {PLACE: document("远", published)})
    assert not found.issues
    feeds_are_sound(found)
    for item in json.loads(found.tree["edu/news/feed.json"])["items"]:
        assert len(item["date_published"]) == len("2026-03-01T09:30:00+08:00")


@pytest.mark.parametrize("field", ["term: 9999-12-31", "expires: 9999-12-31", "expires: 9999-12-31 23:59"])
def test_for_ever_may_be_written_as_the_last_day_of_all(field: str, tmp_path: Path) -> None:
    assert not attack(tmp_path, {PLACE: doc(f"{field}\n")}).issues


TAGS = [
    "../../x",
    ".",
    "..",
    "a/b",
    "CON",
    "index.html",
    "page-1",
    "C:\\x",
    "a?b#c%d",
    "~",
    "-rf",
    " 空 白 ",
    "\\0",
    "feed.json",
    "a" * 60,
    "长" * 60,
]


def test_any_tag_has_a_page_of_its_own_inside_its_site(tmp_path: Path) -> None:
    found = attack(tmp_path, {PLACE: document("标签", "2026-05-30", tags=TAGS)})
    assert not found.issues
    pages = {path for path in found.tree if path.startswith("edu/tags/") and path.count("/") == 3}
    assert len(pages) >= len(TAGS)
    assert all(len(part.encode()) < 256 for path in pages for part in path.split("/"))


@pytest.mark.parametrize("tags", ["['']", "[' ']", "['', 甲, '']", '["甲\\n乙"]', "甲，，、", "[]", ""])
def test_empty_and_broken_tags_leave_the_page_of_all_tags_alone(tags: str, tmp_path: Path) -> None:
    found = attack(tmp_path, {PLACE: doc(f"tags: {tags}\n")})
    assert not found.issues
    assert "edu/tags/index.html" in found.tree
    assert not any(path.startswith(("edu/tags//", "edu/tags/ ")) for path in found.tree)


def test_a_tag_of_500_characters_is_refused(tmp_path: Path) -> None:
    assert attack(tmp_path, {PLACE: doc(f"tags: [{'长' * 500}]\n")}).codes == {"front_matter.tag"}


ALIASES = {
    "../../../etc/x.html": "alias.form",
    "..": "alias.form",
    "news/../../x.html": "alias.form",
    "news/./x.html": "alias.form",
    "news//x.html": "alias.form",
    "news\\x.html": "alias.form",
    "news/x": "alias.form",
    "news/x.php?id=1": "alias.form",
    "https://evil.example/x.html": "alias.form",
    "news/%2e%2e/x.html": "alias.form",
    "news/x\u202e.html": "alias.form",
    "news/a.html/b.html": "alias.form",
    "news/feed.json/b.html": "alias.form",
    "news/bad/p.png/b.html": "alias.form",
    f"news/{'长' * 80}.html": "alias.form",
    "index.html": "alias.taken",
    "/index.html": "alias.taken",
    "404.html": "alias.taken",
    "news/index.html": "alias.taken",
    "news/page-1.html": "alias.taken",
    "news/a.html": "alias.taken",
    "news/bad.html": "alias.taken",
    "assets/x.html": "alias.taken",
    "archive/2026/index.html": "alias.taken",
    "tags/x.html": "alias.taken",
}


def test_old_addresses_that_are_none_are_refused(tmp_path: Path) -> None:
    places = {alias: f"edu/news/x{n}.md" for n, alias in enumerate(ALIASES)}
    bad = {
        f"content/{place}": document("甲", "2026-01-05", aliases=[alias]) for alias, place in places.items()
    }
    found = attack(tmp_path, {**bad, PLACE: doc(), "content/edu/notices/n.md": doc()})
    assert {alias: found.codes_of(place) for alias, place in places.items()} == {
        alias: {code} for alias, code in ALIASES.items()
    }


def test_an_old_address_that_is_the_documents_own_is_refused(tmp_path: Path) -> None:
    assert attack(tmp_path, {PLACE: doc("aliases: [news/bad.html]\n")}).codes == {"alias.taken"}


def test_an_old_address_with_a_nul_is_refused(tmp_path: Path) -> None:
    assert attack(tmp_path, {PLACE: doc('aliases: ["news/a\\0.html"]\n')}).codes == {"schema.control"}


@pytest.mark.parametrize(
    "alias",
    ["/abs.html", "old/2013/甲 乙.html", "a'b.html", "news/<b>.html".replace("<", "(").replace(">", ")")],
)
def test_an_old_address_of_any_honest_form_redirects(alias: str, tmp_path: Path) -> None:
    found = attack(tmp_path, {PLACE: document("甲", "2026-01-05", aliases=[alias])})
    assert not found.issues
    assert "bad.html" in found.page(f"edu/{alias.strip('/')}")


@pytest.mark.parametrize(
    "pattern", ["**", "*", "", "/", "../*", "hub/../edu", "hub/news/x", "a/b/c", "[", "hub/[", "*/"]
)
def test_a_share_that_leads_nowhere_is_refused(pattern: str, tmp_path: Path) -> None:
    assert attack(tmp_path, {PLACE: document("甲", "2026-01-05", share=[pattern])}).codes == {"share.nowhere"}


@pytest.mark.parametrize("pattern", ["*/*", "hub/*", "*/news", "???/n*", "[ej]*/news"])
def test_a_share_with_the_whole_group_is_harmless(pattern: str, tmp_path: Path) -> None:
    found = attack(tmp_path, {PLACE: document("共享", "2026-05-30", share=[pattern])})
    assert not found.issues
    assert "edu.test/news/bad.html" in found.page("hub/news/index.html")


def test_thousands_of_shares_do_not_cost_the_group_its_time(tmp_path: Path) -> None:
    patterns = [f"x{n}/*a*a*a*a*a*a*a*a*b" for n in range(2_000)]
    assert attack(tmp_path, {PLACE: document("甲", "2026-01-05", share=patterns)}).codes == {
        "front_matter.many"
    }


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://a b", "JAVASCRIPT:x", "http:/x"],
)
def test_a_source_that_is_no_web_address_is_refused(url: str, tmp_path: Path) -> None:
    assert attack(tmp_path, {PLACE: document("甲", "2026-01-05", source_url=url)}).codes == {"schema.pattern"}


@pytest.mark.parametrize("counts", [[0, 0], [-5, 5], [10**14, 1]])
def test_any_counts_of_a_survey_give_a_page(counts: list[int], tmp_path: Path) -> None:
    answers = [{"label": str(n), "count": count} for n, count in enumerate(counts)]
    survey = {
        "opens": "2026-01-01",
        "closes": "2026-01-02",
        "results": [{"question": "问", "answers": answers}],
    }
    found = attack(tmp_path, {PLACE: document("甲", "2026-01-05", survey=survey)})
    assert not found.failed
