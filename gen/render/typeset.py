"""What a theme may ask to be set in a document's own words: speakers of a transcript, the parts of an official document.

Editors write plain paragraphs. These filters put classes on them and change no word.
"""

import re
from datetime import date, datetime

from markupsafe import Markup

from gen.render.dates import chinese_date, english_date

_TURN = re.compile(r"<p><strong>([^<]{1,30}?)</strong>\s*[：:]\s*")
_ADDRESSEE = re.compile(r"\A(\s*)<p>(?=[^<]{2,200}：</p>)")
_HOSTS = re.compile(r"主持|\b(?:Host|Moderator|Presenter)\b")
_PUBLIC = re.compile(
    r"网友|网民|观众|听众|提问|市民|群众|\b(?:Question|Caller|Viewer|Listener|Resident|Public)\b"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_ENGLISH_LETTERS = 2.5
"""So many take the room of a Chinese character and say as much."""


def turns(html: Markup) -> Markup:
    """Paragraphs that begin with a name in bold and a colon become turns of a talk, by who speaks."""

    def turn(match: re.Match[str]) -> str:
        name = match[1].rstrip("：:")
        kind = " host" if _HOSTS.search(name) else " public" if _PUBLIC.search(name) else ""
        return f'<p class="turn{kind}"><strong>{name}<span class="sr">{"：" if _HAN.search(name) else ": "}</span></strong>'

    return Markup(_TURN.sub(turn, str(html)))


def addressee(html: Markup) -> Markup:
    """The first paragraph, if it names those a document is sent to (主送机关), stands at the margin."""
    return Markup(_ADDRESSEE.sub(r'\1<p class="noindent">', str(html), count=1))


def is_signed(html: Markup, day: date | datetime | None) -> bool:
    """Whether a text ends with its date of signing, so that a page needn't add one."""
    if day is None:
        return True
    end = re.sub(r"\s|<[^>]*>", "", html[-400:])
    days = chinese_date(day), english_date(day).replace(" ", "")
    return 'class="signature"' in html or any(written in end for written in days)


def shorten_chinese(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1] + "…"


def shorten_english(words: str, length: int) -> str:
    """As long as `length` Chinese characters are on a page, cut between words."""
    room = int(length * _ENGLISH_LETTERS)
    return words if len(words) <= room else words[:room].rpartition(" ")[0].rstrip(",;:") + "…"
