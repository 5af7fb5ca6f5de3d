"""A theme's words: in the language of the site, the nearest theme's first."""

import pytest

from gen.theme import load_themes
from gen.theme_texts import Said, translator
from tests.groups import Folder, config, dump

TEXTS = {"page": Said("第 {number} 页", "Page {number}"), "more": Said("更多", "More")}


def test_each_language_has_its_words() -> None:
    assert translator(TEXTS, "zh")("page", number=3) == "第 3 页"
    assert translator(TEXTS, "en")("page", number=3) == "Page 3"


def test_a_value_is_put_in_as_it_is() -> None:
    assert translator(TEXTS, "en")("page", number="{number.__class__}") == "Page {number.__class__}"


@pytest.mark.parametrize("ask", [lambda t: t("less"), lambda t: t("page")])
def test_what_is_missing_is_told(ask: object) -> None:
    with pytest.raises(LookupError):
        ask(translator(TEXTS, "zh"))  # type: ignore[operator]


def test_a_theme_inherits_and_replaces_texts(folder: Folder) -> None:
    folder.put({"themes/other/texts.yaml": b"texts:\n  home: {zh: \xe5\x8f\xa3, en: Gate}\n"})
    loaded, issues = load_themes(folder.root / "themes", {"other"})
    assert not issues
    assert {key: said.en for key, said in loaded["other"].texts.items()} == {
        "home": "Gate",
        "written": "Published on {day}",
    }


def test_a_site_speaks_its_language(folder: Folder) -> None:
    made = config()
    made["sites"][1]["language"] = "en-GB"
    folder.put({"sites.yaml": dump(made)})
    assert not folder.build().issues
    english, chinese = (folder.tree()[f"{site}/news/a.html"].decode() for site in ("edu", "xiu"))
    assert "Published on 2 January 2026" in english
    assert "Home / " in english
    assert "2026年1月4日发布" in chinese
    assert "首页 / " in chinese
    assert b'xml:lang="en-GB"' in folder.tree()["edu/feed.atom"]


def test_a_changed_text_remakes_the_pages_of_those_who_wear_it(built: Folder) -> None:
    built.put(
        {"themes/small/texts.yaml": built.files["themes/small/texts.yaml"].replace("首页".encode(), b"X")}
    )
    built.build()
    assert b"\xe4\xb8\xba\xe6\xb0\x91 X</p>" in built.tree()["edu/index.html"]
