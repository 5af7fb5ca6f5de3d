"""Words into text: reads vocabulary.txt and fills its patterns.

Owns the dice and the grammar. A phrase depends on nothing but the dice's seed, and the dice use only
`random.Random.random`, the one method whose sequence Python promises to keep between versions.
"""

import functools
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_VOCABULARY = Path(__file__).with_name("vocabulary.txt")
_SECTION = re.compile(r"\[([a-z.]+)\]$")
_SLOT = re.compile(r"\{([a-z0-9]+)\}")

# A pattern cut at its slots: text, slot, text, slot, …, text.
Pattern = tuple[str, ...]
T = TypeVar("T")


class Dice:
    """A stream of draws that is the same on every machine."""

    def __init__(self, *seed: int) -> None:
        number = 0
        for part in seed:
            number = number * 1_000_000_007 + part
        self._next = random.Random(number).random

    def below(self, limit: int) -> int:
        return int(self._next() * limit)

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        return self._next() < probability

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def sample(self, choices: Sequence[T], count: int) -> list[T]:
        """`count` different choices (fewer if there are not so many), in drawn order."""
        rest = list(choices)
        return [rest.pop(self.below(len(rest))) for _ in range(min(count, len(rest)))]


@dataclass(frozen=True)
class Topic:
    """What a document is about; its words appear in the title and all through the body."""

    slug: str
    name: str
    tags: tuple[str, ...]
    things: tuple[str, ...]
    deeds: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All that vocabulary.txt says, parsed once."""

    topics: tuple[Topic, ...]
    departments: tuple[tuple[str, str, str], ...]  # id, name without the city, short form in document numbers
    words: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, tuple[Pattern, ...]]


@functools.cache
def vocabulary() -> Vocabulary:
    sections = _sections(_VOCABULARY.read_text(encoding="utf-8"))
    topics = tuple(_topic(line) for line in sections.pop("topics"))
    departments = tuple(_department(line) for line in sections.pop("departments"))
    patterns = {
        name: tuple(tuple(_SLOT.split(line)) for line in lines)
        for name, lines in sections.items()
        if any(_SLOT.search(line) for line in lines)
    }
    words = {name: tuple(" ".join(lines).split()) for name, lines in sections.items() if name not in patterns}
    return Vocabulary(topics, departments, words, patterns)


def _sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if opened := _SECTION.fullmatch(line):
            lines = sections.setdefault(opened[1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def _topic(line: str) -> Topic:
    head, tags, things, deeds = (part.split() for part in line.split("|"))
    return Topic(head[0], head[1], tuple(tags), tuple(things), tuple(deeds))


def _department(line: str) -> tuple[str, str, str]:
    ident, name, short = line.split()
    return ident, name, short


@dataclass(frozen=True)
class Voice:
    """Speaks patterns about one topic in one year."""

    dice: Dice
    topic: Topic
    year: int

    def say(self, kind: str) -> str:
        """One phrase of a kind that vocabulary.txt has patterns for, e.g. `sentences`."""
        return self._fill(self.dice.pick(vocabulary().patterns[kind]))

    def say_different(self, kind: str, count: int) -> list[str]:
        """`count` phrases, no two from the same pattern."""
        return [self._fill(pattern) for pattern in self.dice.sample(vocabulary().patterns[kind], count)]

    def word(self, slot: str) -> str:
        return _FILLERS[slot](self)

    def _fill(self, pattern: Pattern) -> str:
        parts = list(pattern)
        for place in range(1, len(parts), 2):
            filler = _FILLERS[parts[place]]
            word = filler(self)
            parts[place] = filler(self) if word in parts else word  # one more try at not saying it twice
        return "".join(parts)


def _list(name: str) -> Callable[[Voice], str]:
    return lambda voice: voice.dice.pick(vocabulary().words[name])


def _joined(first: str, last: str) -> Callable[[Voice], str]:
    def fill(voice: Voice) -> str:
        words = vocabulary().words
        return voice.dice.pick(words[first]) + voice.dice.pick(words[last])

    return fill


def _number(low: int, high: int) -> Callable[[Voice], str]:
    return lambda voice: str(voice.dice.between(low, high))


def _percent(voice: Voice) -> str:
    return f"{voice.dice.between(12, 99)}.{voice.dice.below(10)}%"


def _money(voice: Voice) -> str:
    return f"{voice.dice.between(1, 4800)}.{voice.dice.below(100):02d}万元"


_FILLERS: Mapping[str, Callable[[Voice], str]] = {
    "topic": lambda voice: voice.topic.name,
    "thing": lambda voice: voice.dice.pick(voice.topic.things),
    "deed": lambda voice: voice.dice.pick(voice.topic.deeds),
    "town": _list("towns"),
    "village": _joined("villages.first", "villages.last"),
    "person": _joined("surnames", "given"),
    "office": _list("offices"),
    "quality": _list("qualities"),
    "measure": _list("measures"),
    "people": _list("people"),
    "result": _list("results"),
    "place": _list("places"),
    "unit": _list("units"),
    "year": lambda voice: str(voice.year),
    "quarter": _number(1, 4),
    "month": _number(1, 12),
    "day": _number(1, 28),
    "hour": _number(8, 10),
    "hour2": _number(17, 21),
    "n": _number(2, 980),
    "few": _number(2, 20),
    "price": _number(200, 8000),
    "percent": _percent,
    "money": _money,
}
