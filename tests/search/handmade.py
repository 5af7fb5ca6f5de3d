"""A second, slow reading of docs/search.md: small indexes written by hand, and what a query must find in them.

It shares nothing with `gen.search` but the analysis, so that the two can't be wrong together.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from gen.search.analysis import Query, fold, grams, whole, words

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./"
VALUE = (1, 3, 5, 7, 9, 11, 13, 24)
RANK: dict[str, Any] = {"freshness": 0.5, "half_life": 2.0, "expired": 0.5, "kinds": {"policies": 1.2}}
KINDS = {"news": "工作动态", "notices": "通知公告", "policies": "政策文件"}
SITES = {
    "edu": ("市教育局", "../../edu/", "shi jiao yu ju"),
    "hub": ("市政府", "../", "shi zheng fu"),
}
PLACES = {
    f"{site}/{column}": (name, column, pinyin, f"{column}/index.html")
    for site in SITES
    for column, name, pinyin in (
        ("news", "要闻", "yao wen"),
        ("notices", "公告公示", "gong gao gong shi"),
        ("policies", "政策文件", "zheng ce wen jian"),
    )
}
BOOSTS = (("headings", 4.0, 0.5, 60), ("attachments", 2.0, 0.5, 40), ("text", 1.0, 0.75, 1000))


@dataclass(frozen=True)
class Doc:
    """A document; `day` is its ISO date, `key` what orders those of one day."""

    key: str
    place: str
    day: str
    title: str
    text: str = ""
    number: str = ""
    headings: str = ""
    attachments: str = ""
    expired: bool = False
    parts: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        site, column = self.place.split("/")
        return f"{SITES[site][1]}{column}/{self.key}.html"

    @property
    def month(self) -> int:
        return int(self.day[:4]) * 12 + int(self.day[5:7]) - 1

    @cached_property
    def levels(self) -> dict[str, int]:
        """Each of its terms with its level."""
        weights: dict[str, float] = {}
        for name, boost, b, pivot in BOOSTS:
            value = getattr(self, name) if name != "text" else self.text + "".join(self.parts)
            norm = 1 - b + b * len(fold(value)) / pivot
            for term in [*_grams(value, 2, 3), *(f"={word}" for word in words(value))]:
                weights[term] = weights.get(term, 0) + boost / norm
        found = {term: min(6, math.floor(7 * weight / (weight + 1.2))) for term, weight in weights.items()}
        for value in (self.title, self.number):
            for term in [*_grams(value, 1, 2, 3), *(f"={word}" for word in words(value)), whole(value)]:
                found[term] = 7
        found.pop("", None)
        return found


def _grams(text: str, *sizes: int) -> list[str]:
    return [gram for run in fold(text).split("\n") for size in sizes for gram in grams(run, size)]


def order(docs: Iterable[Doc], huge: bool = False) -> list[Doc]:
    """The order of ordinals: by place, then newest first; those of the last fifteen months before all others if it is huge."""
    found = sorted(sorted(docs, key=lambda doc: (doc.day, doc.key), reverse=True), key=lambda doc: doc.place)
    return sorted(found, key=lambda doc: doc.month not in _newest_months(found)) if huge else found


def _newest_months(docs: Iterable[Doc]) -> range:
    newest = max(doc.month for doc in docs)
    return range(newest - 14, newest + 1)


# ---- what a query must find ----


def common_from(live: int, least: int) -> int:
    return max(least, math.ceil(live / 10))


@dataclass(frozen=True)
class Model:
    """`common`: the fewest documents that make a term common."""

    docs: Sequence[Doc]
    common: int = 1000

    def find(self, typed: str, **filters: object) -> list[tuple[Doc, int, float]]:
        """All that is found, in order, with tier and score."""
        query = Query(typed)
        found = [(doc, self._tier(doc, query)) for doc in self.docs]
        scored = [(doc, tier, self._score(doc, query.scored)) for doc, tier in found if tier]
        if not scored:
            pieces = self._pieces(query)
            for doc in self.docs:
                told = [term for term in pieces if self._is_told(doc, term)]
                if len("".join(told)) > 2 and len("".join(told)) >= len("".join(pieces)) / 2:
                    scored.append((doc, 0, self._score(doc, told)))
        scored.sort(key=lambda one: (one[0].day, one[0].key), reverse=True)
        scored.sort(key=lambda one: one[0].place)
        if filters.get("sort") == "date":
            return sorted(scored, key=lambda one: one[0].day, reverse=True)
        scored.sort(key=lambda one: one[0].day[:4], reverse=True)
        return sorted(scored, key=lambda one: (one[1], one[2]), reverse=True)

    @staticmethod
    def _tier(doc: Doc, query: Query) -> int:
        if query.whole in doc.levels:
            return 4 if doc.levels[query.whole] == 7 else 3
        if not query.terms:
            return 0
        if all(term in doc.levels for term in query.phrase):
            return 2
        return 1 if all(term in doc.levels for term in query.terms) else 0

    def _pieces(self, query: Query) -> list[str]:
        have = {
            term: sum(term in one.levels for one in self.docs) for term in (*query.scored, *query.scattered)
        }
        known = [term for term in query.scored if have[term]]
        known += [
            pair
            for pair in query.scattered
            if have[pair] and not any(pair in term for term in query.scored if have[term])
        ]
        rare = [term for term in known if have[term] < common_from(len(self.docs), self.common)]
        return rare if len("".join(rare)) > 2 else known

    def _is_told(self, doc: Doc, term: str) -> bool:
        have = sum(term in one.levels for one in self.docs)
        is_common = have >= common_from(len(self.docs), self.common)
        is_new = doc.month > max(one.month for one in self.docs) - 12
        return term in doc.levels and (not is_common or doc.levels[term] == 7 or is_new)

    def _idf(self, term: str) -> float:
        have = sum(term in doc.levels for doc in self.docs)
        have = min(have, common_from(len(self.docs), self.common))
        return math.log(1 + (len(self.docs) - have + 0.5) / (have + 0.5))

    def _value(self, doc: Doc, term: str) -> int:
        have = sum(term in one.levels for one in self.docs)
        level = doc.levels[term]
        return VALUE[3 if level < 7 and have >= common_from(len(self.docs), self.common) else level]

    def _score(self, doc: Doc, terms: Iterable[str]) -> float:
        newest = max(one.month for one in self.docs)
        age = (newest - _ranked(doc.month, newest, 24)) / 12
        score: float = sum(self._idf(term) * self._value(doc, term) for term in terms if term in doc.levels)
        score *= 1 + RANK["freshness"] * 2 ** (-age / RANK["half_life"])
        score *= RANK["kinds"].get(PLACES[doc.place][1], 1)
        return score * RANK["expired"] if doc.expired else score


# ---- the files ----


def _ranked(month: int, newest: int, recent: int) -> int:
    return month if month > newest - recent else month // 12 * 12


def vlq(numbers: Iterable[int]) -> str:
    out = ""
    for number in numbers:
        left = number
        while left > 31:
            out += DIGITS[left % 32 + 32]
            left //= 32
        out += DIGITS[left]
    return out


def gaps(numbers: Iterable[int]) -> str:
    found = sorted(numbers)
    return vlq(number - before for before, number in zip([0, *found], found, strict=False))


def shard(term: str, shards: int, size: int = 3) -> int:
    key = term.removeprefix("=")
    if key == term or (len(key) <= 6 and not key[0].isascii()):
        key = key[:size]
    value = 2166136261
    for char in key:
        value = ((value ^ ord(char)) * 16777619) % 2**32
    return (value ^ value >> 15) % shards


@dataclass
class Index:
    """A folder `search/` with the index of several segments. A list longer than `inline` characters gets a tail, and one of
    a tenth of the segment's documents a tail without levels; in a huge index titles have a tail of their own then, and
    so have the others of the last fifteen months."""

    folder: Path
    shards: int = 7
    key: int = 3
    inline: int = 1_000_000
    huge: bool = False
    common: int = 1000
    segments: list[list[Doc]] = field(default_factory=list)
    dead: list[set[int]] = field(default_factory=list)
    packs: list[dict[int, str]] = field(default_factory=list)
    fold: str = "門门開开"
    table: str = "繁體"
    second: int = ord("鸛")
    """Where the second part of the table begins."""
    words: str = ""
    release: int = 0

    def write(self, name: str, value: object) -> None:
        path = self.folder / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"genSearch({json.dumps(name)},{json.dumps(value, ensure_ascii=False)})\n", "utf-8")

    @property
    def live(self) -> list[Doc]:
        return [
            doc
            for docs, dead in zip(self.segments, self.dead, strict=True)
            for ordinal, doc in enumerate(docs)
            if ordinal not in dead
        ]

    def name(self, number: int) -> str:
        return f"s{self.release}{number}"

    def add(self, docs: Iterable[Doc]) -> None:
        """A further segment."""
        self.segments.append(order(docs, self.huge))
        self.dead.append(set())
        self.packs.append({})
        self._segment(len(self.segments) - 1)
        self.manifest()

    def manifest(self) -> None:
        live = self.live
        value = {
            "v": 1,
            "own": "hub",
            "live": len(live),
            "common": common_from(len(live), self.common),
            "newest": max((doc.month for doc in live), default=0),
            "segments": [
                {
                    "id": self.name(number),
                    "docs": len(docs),
                    "shards": self.shards,
                    "key": self.key,
                    "young": sum(doc.month in _newest_months(docs) for doc in docs) if self.huge else 0,
                    "dead": gaps(self.dead[number]),
                    "packs": {str(pack): name for pack, name in self.packs[number].items()},
                }
                for number, docs in enumerate(self.segments)
            ],
            "sites": SITES,
            "places": PLACES,
            "kinds": KINDS,
            "fold": self.fold,
            "table": ["fold-1", [0, self.second]],
            "rank": RANK,
        }
        self.write("index", value)
        pairs = sorted(zip(self.table[::2], self.table[1::2], strict=True))
        for part, is_second in enumerate((False, True)):
            some = [pair for pair in pairs if (ord(pair[0]) >= self.second) == is_second]
            self.write(
                f"fold-1-{part}", [gaps(ord(char) for char, _ in some), "".join(other for _, other in some)]
            )

    def _segment(self, number: int) -> None:
        docs, name = self.segments[number], self.name(number)
        newest, months = max(doc.month for doc in docs), list[int]()
        places = [(place, list(some)) for place, some in groupby(docs, key=lambda doc: doc.place)]
        for _, some in places:
            each = [_ranked(doc.month, newest, 36) for doc in some]
            months += [before - month for before, month in pairwise([newest, *each])]
        sizes = [min(3, len(docs) - start) for start in range(0, len(docs), 3)]
        head = {
            "places": [place for place, _ in places],
            "counts": vlq(len(some) for _, some in places),
            "months": vlq(months),
            "newest": newest,
            "packs": vlq(sizes),
            "expired": gaps(ordinal for ordinal, doc in enumerate(docs) if doc.expired),
            "before": [vlq(self._before(older, doc) for doc in docs) for older in self.segments[:number]],
            "words": self.words,
        }
        self.write(f"{name}/head", head)
        for pack in range(len(sizes)):
            self.pack(number, pack)
        for year in {doc.day[:4] for doc in docs}:
            days = (date.fromisoformat(doc.day) for doc in docs if doc.day[:4] == year)
            self.write(f"{name}/y{year}", vlq(31 * (day.month - 1) + day.day - 1 for day in days))
        for ordinal, doc in enumerate(docs):
            for part, text in enumerate(doc.parts, 1):
                self.write(f"{name}/c{ordinal}-{part}", self.coded(text))
        self._postings(docs, name)

    @staticmethod
    def _before(older: Sequence[Doc], doc: Doc) -> int:
        return sum(one.place == doc.place and (one.day, one.key) > (doc.day, doc.key) for one in older)

    def pack(self, number: int, pack: int) -> None:
        """Writes a pack, under its present name."""
        found: list[object] = []
        for ordinal, doc in list(enumerate(self.segments[number]))[pack * 3 : pack * 3 + 3]:
            address = doc.url.removeprefix(SITES[doc.place.split("/")[0]][1])
            flags, parts = int(doc.expired), len(doc.parts)
            unseen = f"{doc.headings}\n{doc.attachments}"
            entry = [
                self.coded(doc.title),
                address,
                doc.day,
                doc.number,
                flags,
                self.coded(doc.text),
                parts,
                unseen,
            ]
            found.append(None if ordinal in self.dead[number] else entry)
        suffix = self.packs[number].get(pack)
        self.write(f"{self.name(number)}/p{pack}" + (f"-{suffix}" if suffix else ""), found)

    def coded(self, text: str) -> str:
        """`text` with each pair of `words` as one character, pair by pair."""
        kept = re.sub("[\x7f-\u07ff]", lambda found: "\x7f" + found[0], text)
        for number in range(len(self.words) // 2):
            pair = self.words[number * 2 : number * 2 + 2]
            kept = re.sub(f"(?<!\x7f){re.escape(pair)}", chr(0x80 + number), kept)
        return kept

    def _postings(self, docs: Sequence[Doc], name: str) -> None:
        lists: dict[str, dict[int, int]] = {}
        for ordinal, doc in enumerate(docs):
            for term, level in doc.levels.items():
                lists.setdefault(term, {})[ordinal] = level
        shards = ["|"] * self.shards
        tails = 0
        newest = _newest_months(docs)
        for term in sorted(lists):
            text = _levels(lists[term])
            if len(text) > self.inline:
                by_level = sorted(lists[term], key=lambda ordinal: (-lists[term][ordinal], ordinal))
                half = len(by_level) // 2
                halves = by_level[:half], by_level[half:]
                first, rest = ({one: lists[term][one] for one in part} for part in halves)
                text = _levels(first)
                parts: list[tuple[str, list[int]]] = [(_levels(rest), [])]
                if len(by_level) * 10 >= len(docs):
                    titles = [one for one in rest if rest[one] == 7]
                    others = sorted(one for one in rest if rest[one] < 7)
                    new = [one for one in others if docs[one].month in newest]
                    old = [one for one in others if one not in new]
                    groups = ((titles, []), ([], new), ([], old)) if self.huge else ((titles, others),)
                    parts = [
                        (self._group(7, sure, len(docs)) + self._group(3, unsure, len(docs)), unsure)
                        for sure, unsure in groups
                        if sure or unsure
                    ]
                for tail, unsure in parts:
                    self.write(f"{name}/t{tails}", tail)
                    text += f">{tails}"
                    if unsure:
                        self.write(f"{name}/l{tails}", "".join(str(rest[one]) for one in unsure))
                        text += f"l{tails}"
                    tails += 1
                if self.huge and len(by_level) * 10 >= len(docs) and others:
                    text += f">{len(old)}"
            shards[shard(term, self.shards, self.key)] += f"{term}:{text}|"
        for number, text in enumerate(shards):
            self.write(f"{name}/{number}", text)

    @staticmethod
    def _group(level: int, some: Sequence[int], documents: int) -> str:
        if not some:
            return ""
        if len(some) < documents / 5:
            return f"{level}{gaps(some)}"
        each = [ordinal in some for ordinal in range(documents)] + [False] * 5
        sixes = (each[at : at + 6] for at in range(0, documents, 6))
        return f"{level}8" + "".join(DIGITS[sum(bit << n for n, bit in enumerate(six))] for six in sixes)


def _levels(found: Mapping[int, int]) -> str:
    return "".join(
        f"{level}{gaps(ordinal for ordinal, one in found.items() if one == level)}"
        for level in range(7, -1, -1)
        if level in found.values()
    )
