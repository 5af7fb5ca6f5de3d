"""How one page points at another."""

import pytest

from gen.urls import absolute, is_web_address, relative


@pytest.mark.parametrize(
    ("address", "page", "href"),
    [("index.html", "index.html", "index.html"), ("news/a.html", "index.html", "news/a.html"), ("a.html", "news/b/c.html", "../../a.html"),
     ("news/甲 乙.html", "news/b.html", "%E7%94%B2%20%E4%B9%99.html"), ("a:b.html", "c.html", "./a:b.html"), ("news/x/p.png", "news/x.html", "x/p.png")],
)  # fmt: skip
def test_a_page_reaches_another_of_its_site_relatively(address: str, page: str, href: str) -> None:
    assert relative(address, page) == href


def test_a_canonical_address_leaves_the_index_out() -> None:
    assert absolute("https://a.test/", "news/index.html") == "https://a.test/news/"
    assert absolute("https://a.test/", "news/myindex.html") == "https://a.test/news/myindex.html"


@pytest.mark.parametrize(
    ("value", "yes"),
    [("HTTPS://x", True), ("tel:1", True), ("javascript:x", False), ("//x", False), ("a.md", False)],
)
def test_only_some_schemes_lead_out(value: str, yes: bool) -> None:
    assert is_web_address(value) == yes
