"""Sites in several languages: each page leads to itself in the others, both ways, for as long as it is there."""

import re
from datetime import datetime

import pytest

from tests.groups import Config, Folder, clean_build, config, difference, document, dump, site


def two_languages() -> Config:
    made = config()
    made["kinds"]["english"] = {
        "name": "English",
        "columns": {"news": {"name": "News", "kind": "news"}, "visit": {"name": "Visit", "kind": "news"}},
    }
    made["sites"].append(site("en", "Small Town", "english", language="en", translation_of="hub"))
    return made


@pytest.fixture
def bilingual(folder: Folder) -> Folder:
    english = document("News from the town", "2026-02-01", "Text.\n", translates="../../hub/news/first.md")
    folder.put({"sites.yaml": dump(two_languages()), "content/en/news/first.md": english})
    assert not folder.build().issues
    return folder


def languages(folder: Folder, path: str) -> dict[str, str]:
    """Language → address that a page names."""
    page = folder.tree()[path].decode()
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


@pytest.mark.parametrize(
    ("chinese", "english", "address"),
    [("index.html", "index.html", ""), ("news/first.html", "news/first.html", "news/first.html"),
     ("news/index.html", "news/index.html", "news/"), ("archive/index.html", "archive/index.html", "archive/"),
     ("sitemap.html", "sitemap.html", "sitemap.html")],
)  # fmt: skip
def test_both_pages_name_both(bilingual: Folder, chinese: str, english: str, address: str) -> None:
    both = {
        "zh-CN": f"https://hub.test/{address}",
        "en": f"https://en.test/{address}",
        "x-default": f"https://hub.test/{address}",
    }
    assert languages(bilingual, f"hub/{chinese}") == both
    assert languages(bilingual, f"en/{english}") == both


@pytest.mark.parametrize(
    "path",
    [
        "hub/notices/index.html",
        "en/visit/index.html",
        "hub/404.html",
        "edu/index.html",
        "hub/archive/2026/index.html",
    ],
)
def test_a_page_that_is_in_one_language_names_none(bilingual: Folder, path: str) -> None:
    assert languages(bilingual, path) == {}


def test_both_may_have_one_site_code(folder: Folder) -> None:
    made = two_languages()
    made["sites"][-1]["site_code"] = made["sites"][0]["site_code"]
    folder.put({"sites.yaml": dump(made)})
    assert not folder.build().issues


def test_pages_bear_their_language(bilingual: Folder) -> None:
    tree = bilingual.tree()
    assert b'<html lang="en">' in tree["en/news/first.html"]
    assert b'<html lang="zh-CN">' in tree["hub/news/first.html"]


def test_a_page_without_its_like_leads_to_the_other_home_page(bilingual: Folder) -> None:
    assert (
        b'<a hreflang="en" href="https://en.test/">English</a>' in bilingual.tree()["hub/notices/index.html"]
    )
    exact = b'<a hreflang="zh-CN" href="https://hub.test/news/first.html">\xe4\xb8\xad\xe6\x96\x87</a>'
    assert exact in bilingual.tree()["en/news/first.html"]


def test_a_translation_comes_and_goes(bilingual: Folder) -> None:
    for hidden in (True, False):
        page = document("News", "2026-02-01", translates="../../hub/news/first.md", draft=hidden)
        bilingual.put({"content/en/news/first.md": page})
        result = bilingual.build()
        assert not result.issues
        assert bool(languages(bilingual, "hub/news/first.html")) is not hidden
        expected = clean_build(bilingual.files)[1]
        assert bilingual.tree() == expected, difference(bilingual.tree(), expected)


def test_a_translation_is_named_once_it_is_published(bilingual: Folder) -> None:
    page = document("News", "2026-07-01", translates="../../hub/news/first.md")
    bilingual.put({"content/en/news/first.md": page})
    bilingual.build()
    assert not languages(bilingual, "hub/news/first.html")
    bilingual.build(now=datetime(2026, 7, 2))
    assert "en" in languages(bilingual, "hub/news/first.html")


def test_a_site_that_is_no_longer_a_translation_is_told_of_its_documents(bilingual: Folder) -> None:
    made = two_languages()
    del made["sites"][-1]["translation_of"]
    bilingual.put({"sites.yaml": dump(made)})
    result = bilingual.build()
    assert [(issue.code, issue.site) for issue in result.issues] == [("translation.place", "en")]
    assert {issue.code for issue in clean_build(bilingual.files)[0].issues} == {"translation.place"}


def test_lists_don_t_mix_languages_unless_a_site_is_named(bilingual: Folder) -> None:
    """A glob stands for sites in the language of the one that asks: when it collects, and when it shares."""
    bilingual.put(
        {
            "content/en/news/more.md": document("More news", "2026-02-02", share=["*/news"]),
            "content/edu/news/d.md": document("分享", "2026-02-03", share=["*/news", "en/visit"]),
        }
    )
    assert not bilingual.build().issues
    tree = bilingual.tree()
    assert "分享" in tree["jtj/news/index.html"].decode()
    assert "分享" not in tree["en/news/index.html"].decode()
    assert "分享" in tree["en/visit/index.html"].decode(), "named by its id"
    for other in ("hub", "jtj"):
        assert b"More news" not in tree[f"{other}/news/index.html"]


def test_words_within_a_text_are_in_the_language_of_its_site(bilingual: Folder) -> None:
    text = "!!! warning\n    Beware.[^1]\n\n[^1]: Here.\n"
    for one in ("en", "hub"):
        bilingual.put({f"content/{one}/news/w.md": document("W", "2026-02-02", text)})
    assert not bilingual.build().issues
    english, chinese = (bilingual.tree()[f"{one}/news/w.html"].decode() for one in ("en", "hub"))
    assert '<p class="admonition-title">Warning</p>' in english
    assert 'title="Back to note 1 in the text"' in english
    assert '<p class="admonition-title">注意</p>' in chinese
    assert 'title="回到正文第 1 处注释"' in chinese


def test_searches_name_kinds_in_the_language_of_their_site(bilingual: Folder) -> None:
    tree = bilingual.tree()
    assert b'"news":"News"' in tree["en/search/index.js"]
    assert '"news":"工作动态"'.encode() in tree["hub/search/index.js"]


def test_the_english_edition_of_the_hub_has_no_office_above_it(bilingual: Folder) -> None:
    """It is the same authority in another language, and what is below it is so in either."""
    made = two_languages()
    made["sites"].append(site("school", "The school", "english", language="en"))
    bilingual.put({"sites.yaml": dump(made)})
    bilingual.build()
    tree = bilingual.tree()
    assert b"parentOrganization" not in tree["en/index.html"]
    assert (
        b'"parentOrganization":{"@type":"GovernmentOrganization","name":"Small Town"'
        in tree["school/index.html"]
    )
    assert (
        '"parentOrganization":{"@type":"GovernmentOrganization","name":"小城"'.encode()
        in tree["edu/index.html"]
    )
