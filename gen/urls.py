"""Addresses: where an output file lies inside its site, and how one page points at another.

An address is a site-relative path of an output file, unquoted: `news/2013/fangtan.html`, `news/index.html`.
Hrefs are quoted; they name `index.html` inside a site, so that a tree can be read from a disk, and leave it out in
absolute URLs, so that a page has one canonical form.
"""

from functools import lru_cache
from urllib.parse import quote

INDEX = "index.html"
_SAFE = "/-_.~!$'()*+,;=:@"


@lru_cache(maxsize=65_536)
def _quoted(address: str) -> str:
    return quote(address, safe=_SAFE)


def relative(address: str, page: str) -> str:
    """The href by which the page at address `page` reaches `address` of the same site."""
    to, here = _quoted(address).split("/"), _quoted(page).split("/")
    common, most = 0, min(len(to), len(here)) - 1
    while common < most and to[common] == here[common]:
        common += 1
    href = "../" * (len(here) - 1 - common) + "/".join(to[common:])
    return f"./{href}" if ":" in href.split("/", 1)[0] else href


def absolute(base: str, address: str) -> str:
    """The canonical URL of `address` in the site whose URL is `base` (which ends in a slash)."""
    if address == INDEX or address.endswith("/" + INDEX):
        address = address[: -len(INDEX)]
    return base + _quoted(address)


def is_web_address(value: str) -> bool:
    """Whether a link leads out of the repository by a scheme that documents may use."""
    return value.lower().startswith(("http://", "https://", "mailto:", "tel:"))
