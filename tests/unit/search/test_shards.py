"""A segment's files, read back by the letter of docs/search.md, are the postings and records that they were made of."""

import json
import re
from collections.abc import Sequence, Set
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gen.render.records import SearchRecord, in_order, month_of
from gen.search import entries, ordinals, packs, segment, shards, tails, words
from gen.search.analysis import fold
from gen.search.entries import script
from gen.search.ordinals import numbered
from gen.search.postings import make_postings
from gen.search.segment import Segment, SegmentMaker
from gen.search.shards import codes_of, shard_numbers, term_hashes
from tests.unit.search.test_update import record

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./"
PLACES = ("edu/news", "edu/notices", "hub/news")


# ---- reading back ----


def numbers(text: str) -> list[int]:
    found, value, power = [], 0, 1
    for char in text:
        digit = DIGITS.index(char)
        value += digit % 32 * power
        power *= 32
        if digit < 32:
            found.append(value)
            value, power = 0, 1
    assert power == 1, "the last number is whole"
    return found


def sums(text: str) -> list[int]:
    steps = numbers(text)
    return [sum(steps[: place + 1]) for place in range(len(steps))]


def levels(text: str) -> dict[int, int]:
    """Ordinal → level."""
    parts = re.findall(r"([0-7])(8?)([^0-9]+)", text)
    assert "".join(level + as_bits + ordinals for level, as_bits, ordinals in parts) == text
    given_levels = [int(level) for level, _, _ in parts]
    assert given_levels == sorted(set(given_levels), reverse=True), "the best first"
    found = [
        (ordinal, int(level))
        for level, as_bits, ordinals in parts
        for ordinal in (bits(ordinals) if as_bits else sums(ordinals))
    ]
    assert len(dict(found)) == len(found), "each document once"
    return dict(found)


def bits(text: str) -> list[int]:
    """The places of all bits that are set, six a character, the lowest first."""
    return [6 * at + bit for at, char in enumerate(text) for bit in range(6) if DIGITS.index(char) >> bit & 1]


def shard_of(term: str, count: int, size: int) -> int:
    """FNV-1a over code points, the high bits folded in."""
    key = term[:size]
    if term.startswith("="):
        key = term[1:] if len(term) - 1 > 6 or term[1].isascii() else term[1 : 1 + size]
    value = 2166136261
    for char in key:
        value = (value ^ ord(char)) * 16777619 % 2**32
    return (value ^ (value >> 15)) % count


def plain(text: str, words: str) -> str:
    """A text as it was before a segment's words came in."""
    found, chars = [], iter(text)
    for char in chars:
        code = ord(char) - 0x80
        if char == "\x7f":
            found.append(next(chars))
        elif 0 <= code < 0x780:
            found.append(plain(words[2 * code : 2 * code + 2], words))
        else:
            found.append(char)
    return "".join(found)


class Read:
    """A segment's files as values."""

    def __init__(self, segment: Segment, files: dict[str, bytes]) -> None:
        self.values: dict[str, Any] = {}
        self.files = files
        assert set(segment.files) == files.keys()
        assert segment.size == sum(map(len, files.values()))
        for file, data in files.items():
            name = file.removesuffix(".js")
            found = re.fullmatch(r'genSearch\("([^"]*)",(.*)\)\n', data.decode(), re.DOTALL)
            assert found, "one call"
            assert found[1] == f"{segment.id}/{name}"
            self.values[name] = json.loads(found[2])
        self.id = segment.id
        self.shards = segment.shards
        self.key = segment.key
        self.packs = segment.packs
        self.young = segment.young
        self.spared: dict[str, Set[int]] = {}
        """The terms whose lists say of how many documents their last tails are, once they were read, with these documents."""

    def named(self, pattern: str) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if re.fullmatch(pattern, name)}

    def postings(self) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        rest = self.named(r"[tl]\d+")
        used = set()
        assert sorted(self.named(r"\d+"), key=int) == [str(number) for number in range(self.shards)]
        for number, text in self.named(r"\d+").items():
            assert text.startswith("|")
            assert text.endswith("|")
            for one in filter(None, text.split("|")):
                term, _, given = one.partition(":")
                first, *tails = given.split(">")
                count = tails.pop() if len(tails) > 1 else ""
                assert term not in found
                assert shard_of(term, self.shards, self.key) == int(number)
                found[term] = levels(first)
                for tail in tails:
                    name, _, figures = f"t{tail}".partition("l")
                    used |= {name, *([f"l{figures}"] if figures else [])}
                    others = levels(rest[name])
                    if figures:
                        assert {level for level in others.values() if level < 7} == {3}
                        unsure = sorted(ordinal for ordinal, level in others.items() if level < 7)
                        others |= dict(zip(unsure, map(int, rest[f"l{figures}"]), strict=True))
                    if count and tail == tails[-1]:
                        self.spared[term] = others.keys() if int(count) else set()
                        assert int(count) in {0, len(others)}
                        assert max(others.values()) < 7
                    assert not found[term].keys() & others.keys()
                    assert min(levels(first).values()) >= max(others.values())
                    found[term] |= others
        assert used == rest.keys(), "every tail belongs to a list"
        return found

    def head(self) -> dict[str, Any]:
        head: dict[str, Any] = self.values["head"]
        return head

    def entries(self) -> list[list[Any]]:
        sizes = numbers(self.head()["packs"])
        found = [self.values[f"p{number}"] for number in range(len(sizes))]
        assert [len(entries) for entries in found] == sizes
        assert len(self.named(r"p\d+")) == len(sizes)
        return [entry for entries in found for entry in entries]

    def text(self, ordinal: int, entry: Sequence[Any]) -> str:
        first: str = entry[5]
        more = (self.values[f"c{ordinal}-{part}"] for part in range(1, entry[6] + 1))
        return "".join(map(self.plain, (first, *more)))

    def plain(self, text: str) -> str:
        return plain(text, self.head()["words"])


def made(found: Sequence[SearchRecord], before: Sequence[Sequence[int]] = ()) -> Read:
    with TemporaryDirectory() as name:
        folder = Path(name)
        maker = SegmentMaker(folder, found)
        for postings in make_postings(found):
            maker.add(postings)
        segment = maker.finish(before)
        return Read(segment, {file.name: file.read_bytes() for file in folder.iterdir()})


texts = st.text(st.sampled_from("教育放假aB1 。\n〔𠮷\u2028\"'\\<|:>=é·\x7f\x80"), max_size=30)
documents = st.lists(
    st.builds(
        lambda place, name, title, text, numbers_, year, month, day, minute, expired: record(
            f"{place}/{name}.md",
            title,
            text,
            numbers=numbers_,
            published=datetime(year, month, day, 0, minute),
            expired=expired,
        ),
        st.sampled_from(PLACES),
        st.integers(0, 99),
        texts,
        st.one_of(texts, st.tuples(texts, st.integers(1, 20)).map(lambda pair: pair[0] * pair[1])),
        st.lists(texts.filter(bool), max_size=2),
        st.sampled_from((1999, 2023, 2025, 2026)),
        st.sampled_from((1, 2, 12)),
        st.sampled_from((1, 28)),
        st.sampled_from((0, 30)),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda one: one.path,
).map(numbered)


@pytest.fixture(autouse=True, scope="module")
def small_files() -> Any:
    """Lists have tails, shards and packs are many, and texts have parts, in a few documents."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "SHARD_CHARS", (300, 300))
        patch.setattr(segment, "PACK_CHARS", (60, 60))
        patch.setattr(tails, "LONG_LIST", 6)
        patch.setattr(tails, "INLINE", 3)
        patch.setattr(entries, "PART_CHARS", 40)
        patch.setattr(packs, "BLOCK", 100)
        patch.setattr(words, "SHARED", 2)
        patch.setattr(words, "AT_ONCE", 2)
        yield


def postings_of(found: Sequence[SearchRecord]) -> dict[str, dict[int, int]]:
    return {
        term: dict(zip(docs.tolist(), given_levels.tolist(), strict=True))
        for one in make_postings(found)
        for term, docs, given_levels in one
    }


@given(documents)
def test_postings_are_read_back(found: list[SearchRecord]) -> None:
    read = made(found)
    assert read.postings() == postings_of(found)
    assert not read.spared


@given(documents)
def test_postings_of_a_huge_segment_are_read_back(found: list[SearchRecord]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordinals, "HUGE", 1)
        patch.setattr(tails, "HUGE_LONG_LIST", 5)
        patch.setattr(tails, "HUGE_INLINE", 2)
        found = numbered(found)
        assert made(found).postings() == postings_of(found)


@pytest.fixture
def all_are_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordinals, "HUGE", 1)
    monkeypatch.setattr(tails, "HUGE_LONG_LIST", 5)
    monkeypatch.setattr(tails, "HUGE_INLINE", 2)


@pytest.mark.usefixtures("all_are_huge")
def test_tail_of_a_common_term_tells_of_how_many_documents_it_is_and_has_no_titles() -> None:
    found = numbered(
        record(f"edu/news/{n:02}.md", f"放假{n}" if n < 28 else "题", "通知。放假" if n < 48 else "无")
        for n in range(60)
    )
    read = made(found)
    lists = read.postings()
    assert {"放假", "通知"} <= read.spared.keys()
    assert sum(level == 7 for level in lists["放假"].values()) == 28
    few = numbered(record(f"edu/news/{n:02}.md", "题", "通知" if n < 5 else "无") for n in range(60))
    only_titles = numbered(record(f"edu/news/{n:02}.md", "通知", "无") for n in range(60))
    for others in (few, only_titles):
        read = made(others)
        assert "通知" in read.postings()
        assert "通知" not in read.spared


@pytest.mark.usefixtures("all_are_huge")
def test_newest_documents_of_a_common_term_are_in_no_tail_that_a_first_page_does_without() -> None:
    found = numbered(
        record(f"edu/news/{n:02}.md", "题", "通知", published=datetime(2026 - n // 12, 12 - n % 12, 1))
        for n in range(40)
    )
    read = made(found)
    assert len(read.postings()["通知"]) == 40
    old = {ordinal for ordinal, one in enumerate(found) if month_of(one) <= 2026 * 12 + 11 - 15}
    assert len(old) == 25
    assert read.spared["通知"] == old
    young = numbered(record(f"edu/news/{n:02}.md", "题", "通知") for n in range(40))
    read = made(young)
    assert len(read.postings()["通知"]) == 40
    assert read.spared["通知"] == set()


@given(documents, st.booleans())
def test_head_tells_of_each_document_its_place_month_and_standing(
    found: list[SearchRecord], is_huge: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordinals, "HUGE", 1 if is_huge else 1000)
        found = numbered(found)
        read = made(found)
    head = read.head()
    assert head["newest"] == max(map(month_of, found))
    young = [one for one in found if month_of(one) > head["newest"] - 15] if is_huge else []
    assert read.young == len(young)
    assert found == young + in_order(one for one in found if one not in young)
    counts = numbers(head["counts"])
    places = [place for place, count in zip(head["places"], counts, strict=True) for _ in range(count)]
    assert places == [one.place for one in found]
    assert all(one != following for one, following in pairwise(head["places"]))
    steps = iter(numbers(head["months"]))
    months = []
    for _, group in groupby(places):
        month = head["newest"]
        for _ in group:
            month -= next(steps)
            months.append(month)
    oldest = head["newest"] - 36
    assert months == [month if month > oldest else month // 12 * 12 for month in map(month_of, found)]
    assert sums(head["expired"]) == [ordinal for ordinal, one in enumerate(found) if one.expired]


@given(documents)
def test_packs_have_what_results_show(found: list[SearchRecord]) -> None:
    read = made(found)
    entries = read.entries()
    assert len(entries) == len(found)
    for ordinal, (one, entry) in enumerate(zip(found, entries, strict=True)):
        title, address, day, number, flags, _, _, *_ = entry
        assert (read.plain(title), address, number) == (one.title, one.address, one.number)
        assert day == f"{one.published:%Y-%m-%d}"
        assert flags == one.expired
        assert read.text(ordinal, entry) == one.text
    parts = sum(entry[6] for entry in entries)
    assert len(read.named(r"c\d+-\d+")) == parts


@given(documents)
def test_days_are_those_of_each_year(found: list[SearchRecord]) -> None:
    read = made(found)
    years = {f"y{one.published.year}" for one in found}
    assert set(read.named(r"y\d+")) == years
    for year in years:
        moments = [one.published for one in found if f"y{one.published.year}" == year]
        days = [31 * (moment.month - 1) + moment.day - 1 for moment in moments]
        assert numbers(read.values[year]) == days


@given(documents, st.lists(st.integers(0, 5000), min_size=40, max_size=40))
def test_order_among_older_segments_is_told(found: list[SearchRecord], given_counts: list[int]) -> None:
    before = [given_counts[: len(found)], given_counts[-len(found) :]]
    head = made(found, before).head()
    assert list(map(numbers, head["before"])) == before


@given(documents, documents)
def test_segment_is_named_by_what_is_in_it(found: list[SearchRecord], others: list[SearchRecord]) -> None:
    mine, again, other = made(found), made(list(found)), made(others)
    assert (mine.id, mine.files) == (again.id, again.files)
    assert (mine.id == other.id) == (mine.files == other.files)


def test_tails_and_parts_really_occur_in_these_tests() -> None:
    found = numbered(record(f"edu/news/{n}.md", f"放假{n * n}", "放假通知。" * 30) for n in range(40))
    read = made(found)
    assert read.named(r"t\d+")
    assert read.named(r"c\d+-\d+")
    assert re.search("[\x80-\u07ff]", read.head()["words"]), "pairs of pairs"
    assert read.shards > 2
    assert len(read.postings()["放假"]) == 40


@given(st.lists(texts.map(fold).filter(bool), min_size=1), st.integers(1, 5000), st.sampled_from(shards.KEYS))
def test_terms_lie_in_the_shard_that_the_hash_says(terms: list[str], count: int, key: int) -> None:
    terms = [term.replace("\n", "") or "a" for term in terms]
    terms += [f"={term}" for term in terms]
    lengths = np.array([len(term) for term in terms])
    numbers_ = shard_numbers(term_hashes(codes_of("".join(terms)), lengths, key), count).tolist()
    assert numbers_ == [shard_of(term, count, key) for term in terms]


def test_short_whole_lies_with_the_first_gram_of_its_query() -> None:
    """But not one of figures or letters: of those too many begin alike."""
    for key in shards.KEYS:
        assert shard_of("=教育局", 1009, key) == shard_of("教育局", 1009, key)
        assert shard_of("=教育局2026", 1009, key) != shard_of("教育局", 1009, key)
        assert shard_of("=2026", 1009, key) != shard_of("202", 1009, key)


def test_what_begins_alike_lies_together_unless_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [record("edu/news/a.md", "题", "教育一，教育二，教育三，放假四，放假五")]
    monkeypatch.setattr(segment, "SHARD_CHARS", (100, 100))
    together = made(found)
    assert together.key == 2
    monkeypatch.setattr(segment, "SHARD_CHARS", (15, 15))
    apart = made(found)
    assert apart.key == 3
    assert apart.postings() == together.postings()


def test_data_is_a_script_whatever_is_in_it() -> None:
    data = json.dumps("</script>\u2028\u2029\"'\\\n", ensure_ascii=False).encode()
    made = script("a", data).decode()
    assert made.isprintable() or made[:-1].isprintable()
    assert json.loads(made.removeprefix('genSearch("a",').removesuffix(")\n")) == json.loads(data)


def test_long_text_is_cut_at_ends_of_sentences_and_nothing_is_lost() -> None:
    one = record("edu/news/a.md", "题", "这是一句话。" * 50 + "无标点" * 50)
    parts = entries.parts_of(one)
    assert "".join(parts) == one.text
    assert all(len(part) <= entries.PART_CHARS for part in parts)
    assert all(part.endswith("。") for part in parts[:6])


def test_entry_tells_what_is_found_by_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "PART_CHARS", 1_000)
    headings = "副标题\n一、范围\n放假\n元旦"
    one = record("edu/news/a.md", "放假通知", "一、范围\n全市", headings=headings)
    assert entries.plain_entry(one)[7:] == ["副标题\n元旦"]
    assert entries.plain_entry(record("edu/news/a.md", "放假通知", "全市", headings="放假"))[7:] == []


def test_tiny_segments_have_small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Smaller ones still where they come on top of all else that a query loads, as what a day's edits make."""
    found = [record(f"edu/news/{n:02}.md", f"第{n}号", "放假通知。") for n in range(40)]
    before = [[0] * len(found)]
    usual = made(found)
    monkeypatch.setattr(segment, "TINY_SHARD_CHARS", 100)
    monkeypatch.setattr(segment, "ADDED_SHARD_CHARS", 50)
    tiny, added = made(found), made(found, before)
    assert added.shards > tiny.shards > usual.shards
    monkeypatch.setattr(segment, "TINY", 40)
    assert made(found).shards == made(found, before).shards == usual.shards
    assert added.postings() == tiny.postings() == usual.postings()


def test_large_segments_have_smaller_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "SHARD_CHARS", (1000, 100))
    monkeypatch.setattr(segment, "PACK_CHARS", (1000, 100))
    found = [record(f"edu/news/{n:02}.md", f"第{n}号", "放假通知。") for n in range(40)]
    small = made(found)
    monkeypatch.setattr(segment, "LARGE", 40)
    large = made(found)
    assert large.shards > small.shards
    assert len(large.packs) > len(small.packs)
    monkeypatch.setattr(ordinals, "HUGE", 40)
    monkeypatch.setattr(segment, "HUGE_SHARD_CHARS", 50)
    huge = made(found)
    assert huge.shards > large.shards
    assert huge.postings() == large.postings() == small.postings()


def test_terms_that_stand_together_wherever_they_stand_share_the_rest_of_their_lists() -> None:
    found = numbered(record(f"edu/news/{n}.md", f"第{n}号", "放假通知。" * (n % 3)) for n in range(40))
    read = made(found)
    tails = list(read.named(r"t\d+").values())
    assert len(tails) == len(set(tails))
    lists = [levels for term, levels in read.postings().items() if term in {"放假通", "假通知", "放假"}]
    assert len(lists) == 3
    assert lists[0] == lists[1] == lists[2]


@pytest.mark.parametrize(
    ("large", "text", "together"), [(40, "通知。" * 9, 1), (40, "通知。", 2), (41, "通知。" * 9, 2)]
)
def test_in_large_segments_of_long_texts_each_document_has_a_pack(
    monkeypatch: pytest.MonkeyPatch, large: int, text: str, together: int
) -> None:
    monkeypatch.setattr(words, "SHARED", 100)
    monkeypatch.setattr(segment, "PACK_CHARS", (120, 20))
    monkeypatch.setattr(segment, "LARGE", large)
    found = [record(f"edu/news/{n:02}.md", "题", text if n % 8 > 1 else "短") for n in range(40)]
    assert max(made(found).packs) >= together
    assert (max(made(found).packs) == 1) == (together == 1)
