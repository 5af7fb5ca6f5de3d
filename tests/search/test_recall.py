"""Every phrase that stands in a document finds it, however it is written; and titles are found first."""

import os
import posixpath
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest
from filelock import FileLock

from benchmarks.corpus import write_corpus
from benchmarks.documents import Corpus
from benchmarks.group import sites
from gen.config.model import Group
from gen.config.resolve import load_group
from gen.render import records
from gen.render.records import SearchRecord
from gen.search.engine import WhooshEngine
from gen.search.results import PAGE_SIZE, Request
from gen.workspace import engine_path
from tests.html.built import REPOSITORY, build_repository
from tests.search.test_client import Client

LEAST, MOST = 2, 8
"""Letters and figures of a phrase; what stands between them goes with it and isn't counted."""
_ENDS = re.compile("[。！？!?｡！？\n\r\u2028\u2029]")
Rewrite = Callable[[str, Random], str]


@dataclass(eq=False)
class Searched:
    """A built group whose searches are asked."""

    root: Path
    out: Path
    clients: dict[str, Client] = field(default_factory=dict)

    @cached_property
    def group(self) -> Group:
        return load_group(self.root)

    @cached_property
    def records(self) -> list[SearchRecord]:
        with closing(sqlite3.connect(self.root / ".gen" / "state.sqlite")) as connection:
            rows = connection.execute("SELECT value FROM search_records ORDER BY path")
            return [records.decode(value) for (value,) in rows]

    @cached_property
    def engine(self) -> WhooshEngine:
        return WhooshEngine(engine_path(self.root, "state"), self.group)

    def client(self, owner: str) -> Client:
        if owner not in self.clients:
            self.clients[owner] = Client(self.out / owner / "search")
        return self.clients[owner]

    def close(self) -> None:
        self.engine.close()
        for client in self.clients.values():
            client.close()

    def phrases(self, number: int, seed: int) -> Iterator[tuple[str, SearchRecord]]:
        """Cut at random from titles, numbers, names of attachments, headings and texts."""
        random = Random(seed)
        while number:
            one = random.choice(self.records)
            text = random.choice((one.title, *one.numbers, one.attachments, one.headings, one.text, one.text))
            if phrase := cut(random.choice(_ENDS.split(text)), random, LEAST, MOST):
                number -= 1
                yield phrase, one

    def missed_by(self, typed: str, one: SearchRecord) -> set[str]:
        """The searches that don't have a document among those that have all of what is typed."""
        request = Request(typed, column=one.place, year=one.published.year, size=10_000)
        found = self.engine.search(request).hits
        missed = set() if any(hit.path == one.path and hit.tier > 0 for hit in found) else {"whoosh"}
        for owner in {self.group.hub, one.site}:
            if not self._has(owner, request, f"{one.site}/{one.address}"):
                missed.add(f"the client of {owner}")
        return missed

    def _has(self, owner: str, asked: Request, output: str) -> bool:
        for page in count(1):
            answer = self.client(owner).search(asked.query, column=asked.column, year=asked.year, page=page)
            if any(where(owner, hit["url"]) == output and hit["tier"] > 0 for hit in answer["hits"]):
                return True
            if page * PAGE_SIZE >= answer["total"]:
                break
        return False

    def ranks(self, fragment: str) -> dict[str, float]:
        """Each search's reciprocal rank of the first whose title has a fragment."""
        folded = _letters(fragment)
        titles = {
            "whoosh": [
                "".join(piece.text for piece in hit.title)
                for hit in self.engine.search(Request(fragment)).hits
            ],
            "client": [
                "".join(piece["text"] for piece in hit["title"])
                for hit in self.client(self.group.hub).search(fragment)["hits"]
            ],
        }
        places = {
            name: next((place for place, title in enumerate(found, 1) if folded in _letters(title)), 0)
            for name, found in titles.items()
        }
        return {name: 1 / place if place else 0.0 for name, place in places.items()}


def where(owner: str, url: str) -> str:
    """The output file that a hit's relative URL means."""
    return unquote(posixpath.normpath(f"{owner}/search/{url}"))


def _letters(text: str) -> str:
    return "".join(char for char in text if is_counted(char)).casefold()


def is_counted(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN"


def cut(sentence: str, random: Random, least: int, most: int) -> str:
    """A piece of a sentence that begins and ends with a letter or figure; empty if it has too few."""
    places = [place for place, char in enumerate(sentence) if is_counted(char)]
    size = random.randint(least, most)
    if len(places) < size:
        return ""
    first = random.randrange(len(places) - size + 1)
    return sentence[places[first] : places[first + size - 1] + 1]


# ---- groups ----


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    """The repository's own."""
    built = build_repository(tmp_path_factory, "local")
    searched = Searched(built.root, built.out)
    yield searched
    searched.close()


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    """The benchmarks' one, small; built once for all test processes."""
    shared = tmp_path_factory.getbasetemp()
    place = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "corpus"
    with FileLock(f"{place}.lock"):
        searched = Searched(place / "root", place / "out")
        if not searched.out.exists():
            write_corpus(Corpus(400, sites(12)), searched.root, hugo=False)
            arguments = f"-m gen build --local --root {searched.root} --out {searched.out}".split()
            subprocess.run([sys.executable, *arguments], cwd=REPOSITORY, check=True, capture_output=True)
    yield searched
    searched.close()


@pytest.fixture(params=["content", "corpus"])
def searched(request: pytest.FixtureRequest) -> Searched:
    assert shutil.which("node")
    found: Searched = request.getfixturevalue(request.param)
    return found


# ---- recall ----


def _as_it_is(text: str, random: Random) -> str:
    return text


def _wide(text: str, random: Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@cache
def _to_traditional() -> Callable[[str], str]:
    convert: Callable[[str], str] = pytest.importorskip("opencc").OpenCC("s2t").convert
    return convert


def _traditional(text: str, random: Random) -> str:
    return _to_traditional()(text)


def _otherwise_parted(text: str, random: Random) -> str:
    """Other brackets, dashes and spaces, or none, where there are any."""
    marks = ("〔", "[", "（", "】", "-", "—", "－", "·", "、", "，", "《", "”", ":", "\u3000", "")
    return "".join(char if is_counted(char) else random.choice(marks) for char in text)


def _spaced(text: str, random: Random) -> str:
    """A space at any place, as people type and as texts are copied."""
    place, space = random.randrange(1, len(text)), random.choice(" \u3000\u00a0\t")
    return text[:place] + space + text[place:]


def _letter_by_letter(text: str, random: Random) -> str:
    return " ".join(text)


REWRITES = (_as_it_is, _wide, _traditional, _otherwise_parted, _spaced, _letter_by_letter)


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize("number", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_phrase_of_a_document_finds_it(searched: Searched, rewrite: Rewrite, number: int) -> None:
    random = Random(number)
    missed = []
    for phrase, one in searched.phrases(number, seed=7):
        typed = rewrite(phrase, random)
        if by := searched.missed_by(typed, one):
            missed.append((typed, phrase, one.path, sorted(by)))
    assert not missed, f"{len(missed)} of {number}: {missed[:8]}"


@pytest.mark.parametrize("number", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_title_is_found_first_by_a_part_of_it(searched: Searched, number: int) -> None:
    """The mean of the reciprocal ranks of the first title that has it."""
    random, sums, done = Random(3), {"whoosh": 0.0, "client": 0.0}, 0
    while done < number:
        if fragment := cut(random.choice(searched.records).title, random, 4, 8):
            done += 1
            for name, rank in searched.ranks(fragment).items():
                sums[name] += rank
    assert min(sums.values()) / number >= 0.95, sums


def test_what_a_visitor_reads_is_found(tmp_path_factory: pytest.TempPathFactory, content: Searched) -> None:
    """From the pages themselves: whatever stands in a document's paragraphs, tables and lists."""
    built, random = build_repository(tmp_path_factory, "local"), Random(11)
    by_output = {f"{one.site}/{one.address}": one for one in content.records}
    assert set(by_output) == set(built.shown)
    missed, done = [], 0
    for output in random.sample(sorted(by_output), min(80, len(by_output))):
        prose = [
            node
            for node in built.pages[output].root.all("p", "td", "th", "li", "h2", "h3", "blockquote")
            if any(above.classes == ["prose"] for above in node.up())  # not what a template names
        ]
        for node in random.sample(prose, min(2, len(prose))):
            if phrase := cut(random.choice(_ENDS.split(node.text())), random, LEAST, MOST):
                done += 1
                if by := content.missed_by(phrase, by_output[output]):
                    missed.append((phrase, output, sorted(by)))
    assert done > 50
    assert not missed, missed[:8]


def test_attachments_are_found_by_their_names(
    tmp_path_factory: pytest.TempPathFactory, content: Searched
) -> None:
    """As the front matter names them."""
    built, random = build_repository(tmp_path_factory, "local"), Random(13)
    by_output = {f"{one.site}/{one.address}": one for one in content.records}
    missed, done = [], 0
    for output, source in built.shown.items():
        for name in source.keys.get("attachments") or source.keys.get("附件") or ():
            if phrase := cut(Path(name).stem, random, 4, MOST):
                done += 1
                if by := content.missed_by(phrase, by_output[output]):
                    missed.append((phrase, output, sorted(by)))
    assert done
    assert not missed, missed[:8]
