"""What a theme may ask to be set in a document's own words: speakers of a transcript, the parts of an official document.

Editors write plain paragraphs. These filters put classes on them and change no word.
"""

import re
from datetime import date, datetime

from markupsafe import Markup

_TURN = re.compile(r"<p><strong>([^<]{1,30}?)</strong>\s*[：:]\s*")
_ADDRESSEE = re.compile(r"\A(\s*)<p>(?=[^<]{2,200}：</p>)")
_HOSTS, _PUBLIC = re.compile("主持"), re.compile("网友|网民|观众|听众|提问|市民|群众")


def turns(html: Markup) -> Markup:
    """Paragraphs that begin with a name in bold and a colon become turns of a talk, by who speaks."""

    def turn(match: re.Match[str]) -> str:
        name = match[1].rstrip("：:")
        kind = " host" if _HOSTS.search(name) else " public" if _PUBLIC.search(name) else ""
        return f'<p class="turn{kind}"><strong>{name}<span class="sr">：</span></strong>'

    return Markup(_TURN.sub(turn, str(html)))


def addressee(html: Markup) -> Markup:
    """The first paragraph, if it names those a document is sent to (主送机关), stands at the margin."""
    return Markup(_ADDRESSEE.sub(r'\1<p class="noindent">', str(html), count=1))


def is_signed(html: Markup, day: date | datetime | None) -> bool:
    """Whether a text ends with its date of signing, so that a page needn't add one."""
    if day is None:
        return True
    end = html[-400:]
    return 'class="signature"' in html or f"{day.year}年{day.month}月{day.day}日" in re.sub(
        r"\s|<[^>]*>", "", end
    )
