"""One document of the corpus, made from its number alone.

Document `i` of a corpus with the same seed and number of sites has the same bytes however many documents
there are, so a larger corpus only adds to a smaller one, and an edit can make any document anew without
reading it.
"""

import dataclasses
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from benchmarks.group import COLUMNS, PAGE_SIZE, Column, Site
from benchmarks.prose import Dice, Topic, Voice, vocabulary

LAST_DAY = "2026-11-20"  # no drawn date is later; edits add documents after it
_YEARS = (*range(2012, 2027), 2022, 2023, 2024, 2024, 2025, 2025)
_SERIALS = 9999  # an index number's serial has four digits
_HEADER, _BODY = 1, 2  # the two streams of a document's dice


@dataclass(frozen=True)
class Header:
    """What other documents may need to know of one: where it is and what it is called."""

    number: int
    site: Site
    column: Column
    topic: Topic
    day: str
    title: str

    @property
    def year(self) -> str:
        return self.day[:4]

    @property
    def slug(self) -> str:
        return f"{self.topic.slug}-{self.number:06d}"

    @property
    def path(self) -> str:
        """Below the content folder, without its suffix."""
        return f"{self.site.id}/{self.column.path}/{self.year}/{self.slug}"


@dataclass(frozen=True)
class Document:
    """A header with all that a writer needs to write the file."""

    header: Header
    tags: tuple[str, ...]
    time: str  # HH:MM
    facts: dict[str, str]  # front matter beyond title, date, tags and keywords; the same keys in both trees
    body: str

    def with_title(self, title: str) -> Self:
        return dataclasses.replace(self, header=dataclasses.replace(self.header, title=title))

    def with_day(self, day: str) -> Self:
        return dataclasses.replace(self, header=dataclasses.replace(self.header, day=day))

    def with_paragraph(self, text: str) -> Self:
        return dataclasses.replace(self, body=f"{self.body}\n{text}\n")


@dataclass(frozen=True)
class Corpus:
    """What makes a corpus: the same values, the same bytes."""

    documents: int
    sites: tuple[Site, ...]
    seed: int = 1

    def header(self, number: int) -> Header:
        site = self.sites[number % len(self.sites)]
        dice = Dice(self.seed, number, _HEADER)
        column = _column(dice)
        topic = dice.pick(vocabulary().topics)
        year = dice.pick(_YEARS)
        day = min(f"{year}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}", LAST_DAY)
        title = Voice(dice, topic, year).say("titles." + column.path.rpartition("/")[2])
        return Header(number, site, column, topic, day, title)

    def document(self, number: int) -> Document:
        header = self.header(number)
        dice = Dice(self.seed, number, _BODY)
        voice = Voice(dice, header.topic, int(header.year))
        tags = tuple(sorted(dice.sample(header.topic.tags, dice.between(1, 3))))
        time = f"{dice.between(8, 17):02d}:{dice.between(0, 59):02d}"
        facts = dict(self._facts(header, voice))
        return Document(header, tags, time, facts, self._body(header, voice))

    def _facts(self, header: Header, voice: Voice) -> Iterator[tuple[str, str]]:
        if voice.dice.chance(0.5):
            yield "summary", voice.say("summaries")
        yield "author", voice.word("person")
        if voice.dice.chance(0.7):
            yield "source", header.site.name
        rank = header.number // len(self.sites)
        formal = header.column.kind in ("policies", "disclosure")
        if not (formal or (header.column.kind == "notices" and voice.dice.chance(0.5))) or rank >= _SERIALS:
            return
        yield "index_number", _index_number(header, rank)
        yield "document_number", f"浔{header.site.short}字〔{header.year}〕{voice.dice.between(1, 180)}号"
        yield "disclosure", "主动公开"
        yield "signed", header.day
        yield "created", header.day
        yield "term", "常年公开"
        yield "scope", "面向全社会"
        yield "responsible", voice.word("office")
        if header.column.kind == "policies":
            yield "effect", "有效"

    def _body(self, header: Header, voice: Voice) -> str:
        dice = voice.dice
        blocks = [voice.say("openings") + _sentences(voice, 2)]
        parts = dice.between(3, 5)
        table_in = dice.below(parts) if dice.chance(0.3) else -1
        link_in = dice.below(parts) if dice.chance(0.4) and header.number else -1
        list_in = dice.below(parts)
        for part, heading in enumerate(voice.say_different("headings", parts)):
            blocks += [f"## {heading}", _sentences(voice, dice.between(3, 4))]
            if part == list_in:
                blocks.append(_list(voice))
            if part == table_in:
                blocks.append(_table(voice))
            blocks.append(_sentences(voice, dice.between(2, 3)))
            if part == link_in:
                blocks.append(self._link(header, dice))
        blocks.append(voice.say("closings"))
        return "\n\n".join(blocks) + "\n"

    def _link(self, header: Header, dice: Dice) -> str:
        """A sentence with a link to an earlier document, mostly of the same site."""
        back = dice.between(1, PAGE_SIZE) * len(self.sites)
        same_site = header.number >= back and dice.chance(0.75)
        target = self.header(header.number - back if same_site else dice.below(header.number))
        path = posixpath.relpath(target.path, posixpath.dirname(header.path))
        return f"相关内容请参阅[{target.title}]({path}.md)。"


def _column(dice: Dice) -> Column:
    place = dice.below(sum(column.share for column in COLUMNS))
    for column in COLUMNS:
        place -= column.share
        if place < 0:
            return column
    message = "the shares do not add up"
    raise AssertionError(message)


def _index_number(header: Header, rank: int) -> str:
    """Unique in the group: a document's rank in its site is its serial, whatever its category and year."""
    return f"{header.site.agency_code}-{header.column.category}-{header.year}-{rank + 1:04d}"


def _sentences(voice: Voice, count: int) -> str:
    return "".join(voice.say_different("sentences", count))


def _list(voice: Voice) -> str:
    numbered = voice.dice.chance(0.4)
    items = voice.say_different("items", voice.dice.between(3, 5))
    return "\n".join(f"{place}. {item}" if numbered else f"- {item}" for place, item in enumerate(items, 1))


def _table(voice: Voice) -> str:
    rows = [
        f"| {town} | {voice.word('thing')} | {voice.word('n')} | {voice.word('percent')} |"
        for town in voice.dice.sample(vocabulary().words["towns"], voice.dice.between(4, 7))
    ]
    return "\n".join(["| 单位 | 事项 | 数量 | 完成率 |", "| --- | --- | ---: | ---: |", *rows])
