"""The browser's search and the server's are one: the same documents, in the same order, of the same tiers, with the same counts."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gen.render.records import SearchRecord
from gen.search import commonness, ordinals, segment, tails, update, words
from gen.search.analysis import variants
from gen.search.engine import WhooshEngine
from gen.search.results import PAGE_SIZE, Request, Sort
from tests import groups
from tests.search.test_client import Client
from tests.unit.search.test_update import OWN, Shelf, record

FACETS = ("site", "column", "year", "kind")


@dataclass(frozen=True)
class Answer:
    """What both engines must agree on. A hit is (output file, tier, score); a facet's values are in order, with counts."""

    total: int
    hits: list[tuple[str, int, float]]
    facets: dict[str, list[tuple[str, int]]]
    scattered: bool

    def rounded(self) -> dict[str, Any]:
        """For comparison: sums of the same numbers, which two languages may round differently at the last place."""
        hits = [(where, tier, float(f"{score:.9g}")) for where, tier, score in self.hits]
        return {**asdict(self), "hits": hits}


@dataclass(frozen=True)
class Asked:
    """A request, for either engine."""

    query: str
    site: str = ""
    column: str = ""
    year: int = 0
    kind: str = ""
    sort: str = "relevance"
    page: int = 1


def ask_client(client: Client, owner: str, asked: Asked) -> Answer:
    filters = {key: value for key, value in asdict(asked).items() if key != "query" and value}
    found = client.search(asked.query, **filters)
    hits = [
        (posixpath.normpath(f"{owner}/search/{hit['url']}"), hit["tier"], hit["score"])
        for hit in found["hits"]
    ]
    facets = {name: [(one["value"], one["count"]) for one in found["facets"][name]] for name in FACETS}
    return Answer(found["total"], hits, facets, found["scattered"])


def ask_engine(engine: WhooshEngine, asked: Asked) -> Answer:
    request = Request(**{**asdict(asked), "sort": Sort(asked.sort)})
    found = engine.search(request)
    hits = [(f"{hit.path.removesuffix('.md')}.html", hit.tier, hit.score) for hit in found.hits]
    facets = {name: [(one.value, one.count) for one in found.facets[name]] for name in FACETS}
    return Answer(found.total, hits, facets, found.scattered)


def pages_of(total: int, most: int = 3) -> Iterable[int]:
    return range(1, min(most, max(1, -(-total // PAGE_SIZE))) + 1)


# ---- a group after a history ----

WORDS = (
    *"教育局 放假 通知 关于 安排 学校 开学 义务 招生 办法 市民 公交 规划 2026 年 第1号 9月 GDP 十四五 𠮷野 a b".split(),
    "〔2026〕",
    "（试行）",
    "。",
    " ",
    "、",
)
PLACES = (
    "hub/news",
    "hub/notices",
    "edu/news",
    "edu/notices",
    "edu/policies",
    "jtj/news",
    "jtj/notices",
    "xiu/news",
)
SETTINGS = {"freshness": 0.7, "half_life": 2.0, "expired": 0.3, "kinds": {"policies": 1.5, "notices": 0.8}}


class History:
    """Random documents of few words, places and months: all ways to be equal occur."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.count = 0

    def text(self, most: int) -> str:
        return "".join(self.random.choices(WORDS, k=self.random.randint(1, most)))

    def new(self, path: str = "") -> SearchRecord:
        self.count += 1
        place = self.random.choice(PLACES)
        chance = self.random
        number = chance.choice(("", "", f"九教字〔2026〕{self.count % 9}号"))
        return record(
            path or f"{place}/d{self.count:04}.md",
            self.text(4) if chance.random() < 0.8 else "关于放假的通知",
            "\n".join(self.text(20) for _ in range(chance.randint(1, 3))),
            headings=self.text(3) if chance.random() < 0.3 else "",
            attachments=f"{self.text(2)}.pdf" if chance.random() < 0.3 else "",
            numbers=[number] if number else [],
            published=datetime(
                chance.choice((2022, 2024, 2025, 2026)), chance.choice((1, 2)), chance.choice((1, 2, 28)), 8
            ),
            expired=chance.random() < 0.15,
        )

    def run(self, shelf: Shelf, documents: int) -> None:
        """Several segments, with dead documents in the older ones."""
        shelf.take(*(self.new() for _ in range(documents)))
        for share in (10, 30, 120):
            paths = self.random.sample(sorted(shelf.held), max(1, documents // share))
            found = [self.new(path) for path in paths]
            shelf.take(*found, *(self.new() for _ in range(max(1, documents // share))))

    def queries(self, count: int, held: Iterable[SearchRecord]) -> Iterator[str]:
        """Phrases of texts, two words, numbers, scattered characters, single ones, and what is found nowhere."""
        texts = [text for one in held for text in (one.title, one.text, one.number) if text]
        for number in range(count):
            text = self.random.choice(texts)
            start = self.random.randrange(len(text))
            phrase = text[start : start + self.random.choice((2, 3, 4, 6, 9, 30))]
            kind = number % 9
            if kind < 3:
                yield phrase
            elif kind == 3:
                yield f"{self.random.choice(WORDS)} {self.random.choice(WORDS)}"
            elif kind == 4:
                yield "".join(self.random.sample(phrase, len(phrase)))
            elif kind == 5:
                yield self.random.choice("教放通9aG𠮷1")
            elif kind == 6:
                yield f"九教字[2026]{self.random.randrange(9)}号"
            elif kind == 7:
                yield f"{phrase} {self.text(2)}"
            else:
                yield self.otherwise(phrase)

    def otherwise(self, text: str) -> str:
        """In other forms of its characters: wide, traditional, apart."""
        forms: dict[str, list[str]] = {}
        for char, first in variants().items():
            forms.setdefault(first, []).append(char)
        wide = {chr(code): [chr(code + 0xFEE0)] for code in range(0x21, 0x7F)}
        return "".join(self.random.choice((forms | wide).get(char, [char])) for char in text)


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments, shards and long lists as a group of thousands has them."""
    monkeypatch.setattr(update, "SMALL", 1)
    monkeypatch.setattr(update, "GROWTH", 2)
    monkeypatch.setattr(segment, "SHARD_CHARS", (900, 900))
    monkeypatch.setattr(segment, "PACK_CHARS", (400, 400))
    monkeypatch.setattr(commonness, "LEAST", 2)
    monkeypatch.setattr(tails, "LONG_LIST", 40)
    monkeypatch.setattr(tails, "INLINE", 20)
    monkeypatch.setattr(words, "SHARED", 2)


@dataclass
class Group:
    shelf: Shelf
    history: History
    client: Client
    engine: WhooshEngine

    def asked(self, count: int) -> Iterator[Asked]:
        """Queries with all sorts of filters, in both orders."""
        chance = self.history.random
        for query in self.history.queries(count, self.shelf.held.values()):
            filters: dict[str, Any] = chance.choice(
                (
                    {},
                    {},
                    {"site": chance.choice(OWN)},
                    {"column": chance.choice(PLACES)},
                    {"year": chance.choice((2024, 2026))},
                    {"kind": chance.choice(("news", "policies"))},
                    {"site": "edu", "year": 2025, "kind": "notices"},
                )
            )
            yield Asked(query, **filters, sort=chance.choice(("relevance", "relevance", "date")))


@pytest.fixture(params=[1, 2, 3])
def group(tmp_path: Path, small_segments: None, request: pytest.FixtureRequest) -> Iterator[Group]:
    settings = groups.config()
    settings["group"]["search"] = SETTINGS
    shelf, history = Shelf(tmp_path / "shelf", settings), History(request.param)
    history.run(shelf, 120)
    held = shelf.segments()
    assert len(held) > 2
    assert any(one.live < one.documents for one in held)
    client, engine = Client(shelf.out / "hub/search"), shelf.engine()
    yield Group(shelf, history, client, engine)
    client.close()
    engine.close()
    shelf.close()


def test_both_engines_answer_alike(group: Group) -> None:
    hits = scattered = 0
    for asked in group.asked(200):
        first = ask_engine(group.engine, asked)
        for page in pages_of(first.total):
            turned = replace(asked, page=page)
            mine, other = ask_engine(group.engine, turned), ask_client(group.client, "hub", turned)
            assert mine.rounded() == other.rounded(), turned
            hits += len(mine.hits)
        scattered += first.scattered
    assert hits > 500
    assert scattered


@pytest.fixture
def huge_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordinals, "HUGE", 60)
    monkeypatch.setattr(tails, "HUGE_LONG_LIST", 12)
    monkeypatch.setattr(tails, "HUGE_INLINE", 6)


def test_first_pages_of_huge_indexes_are_those_of_the_engine(huge_segments: None, group: Group) -> None:
    """All but the counts, which are exact once somebody turns the page."""
    guessed = 0
    for asked in group.asked(300):
        mine, other = ask_engine(group.engine, asked), ask_client(group.client, "hub", asked)
        if group.client.search(asked.query).get("most"):
            guessed += 1
            assert other.rounded()["hits"] == mine.rounded()["hits"], asked
            turned = replace(asked, page=2)
            first, second = ask_engine(group.engine, turned), ask_client(group.client, "hub", turned)
            assert first.rounded() == second.rounded(), turned
        else:
            assert mine.rounded() == other.rounded(), asked
    assert guessed > 5


def test_tiers_come_before_scores_whatever_the_factors(tmp_path: Path) -> None:
    """The greatest that sites.yaml takes."""
    factor = 100.0
    settings = groups.config()
    settings["group"]["search"] = {"freshness": factor, "half_life": 0.01, "kinds": {"news": factor}}
    shelf = Shelf(tmp_path / "shelf", settings)
    exact = [
        record(f"edu/policies/e{n}.md", "关于放假通知的函", published=datetime(2020, 1, 2)) for n in range(12)
    ]
    apart = [
        record(f"edu/news/a{n}.md", "通知：放假", "x", published=datetime(2026, 1, 2)) for n in range(12)
    ]
    others = [record(f"jtj/news/o{n}.md", "题") for n in range(300)]
    shelf.take(*exact, *apart, *others)
    client, engine = Client(shelf.out / "hub/search"), shelf.engine()
    for query in ("放假通知", "放假 通知"):
        asked = Asked(query)
        mine = ask_engine(engine, asked)
        assert {tier for _, tier, _ in mine.hits} == {2}
        assert ask_client(client, "hub", asked).rounded() == mine.rounded()
    client.close()
    engine.close()
    shelf.close()
