"""The browser's engine, asked through Node: with indexes written by hand, and with the built sites' own."""

import json
import random
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gen.search.analysis import Query, fold
from tests.html.built import Built, needs
from tests.search.handmade import Doc, Index, Model, shard

SCRIPT = Path(__file__).with_name("client.cjs")
CHARS = "教育局关于放假通知安排学校门开"
Answer = dict[str, Any]


class Client:
    """A running client of one index; its answers."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("node") or ""
        if not program:
            needs("Node is not installed")
        self._process = subprocess.Popen(
            [program, str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, **request: object) -> Answer:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: Answer = json.loads(self._process.stdout.readline())
        return answer

    def search(self, query: str, **more: object) -> Answer:
        answer = self.ask(q=query, **more)
        assert "error" not in answer, answer
        return answer

    def urls(self, query: str, **more: object) -> list[str]:
        return [hit["url"] for hit in self.search(query, **more)["hits"]]

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


Start = Callable[[Path], Client]


@pytest.fixture
def start() -> Iterator[Start]:
    made: list[Client] = []

    def started(folder: Path) -> Client:
        made.append(Client(folder))
        return made[-1]

    yield started
    for client in made:
        client.close()


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "search")


def joined(pieces: list[Answer]) -> str:
    return "".join(f"[{one['text']}]" if one["hit"] else one["text"] for one in pieces)


HOLIDAY = Doc(
    "h", "edu/notices", "2026-01-05", "关于放假的通知", "各学校：现将放假安排通知如下。", "九教字〔2026〕1号"
)
BUS = Doc("b", "hub/news", "2025-11-24", "公交改道", "因施工，101 路公交改走长虹大道。学生放假期间照常运行。")
PLAN = Doc(
    "p", "hub/policies", "2024-03-02", "教育发展规划（GDP 篇）", "到2030年，教育投入占 GDP 的比重提高。"
)
OLD = Doc("o", "edu/notices", "2023-01-05", "关于放假的通知", "旧的安排。", expired=True)
FOUR = (HOLIDAY, BUS, PLAN, OLD)


# ---- analysis: as Python has it ----


def test_terms_of_queries_are_the_same_in_both_languages(index: Index, start: Start) -> None:
    index.table = ""
    index.add(FOUR)
    client = start(index.folder)
    client.search("公交")  # the manifest brings the variants
    typed = [
        "放假通知",
        "关于 放假！的 通知",
        "九教字〔2026〕1号",
        "ＧＤＰ　占比",
        "a b c",
        "a",
        "，。！",
        "Éclair İstanbul ﬁne ½ ① ㎡",
        "教" * 200,
        "  开门 开门 ",
        "1.2.3 3.2.1",
        "二〇二六年全市义务教育阶段学校招生入学工作实施办法及其有关事项的通知",
        "𠮷野家 𠮷",
        "x" * 90,
        "? ! 。",
        "教育\n放假\t通知",
        *("".join(random.Random(seed).choices(CHARS + " 。a1", k=seed)) for seed in range(1, 60)),
    ]
    for text, parsed in zip(typed, client.ask(parse=typed)["parse"], strict=True):
        query = Query(text)
        assert parsed["phrase"] == list(query.phrase), text
        assert parsed["terms"] == list(query.terms), text
        assert parsed.get("whole", "") == query.whole or not query.whole, text
        assert parsed["scattered"] == list(query.scattered) or not query.scattered, text


def test_texts_are_folded_as_in_python(index: Index, start: Start) -> None:
    """Of the characters that no table of variants changes: all below U+2E80 that both know, and full-width forms."""
    index.add(FOUR)
    client = start(index.folder)
    codes = [*range(1, 0x2E80), *range(0xFF00, 0xFFF0)]
    chars = [chr(code) for code in codes if unicodedata.category(chr(code)) != "Cn"]
    for char, found in zip(chars, client.ask(fold=chars)["fold"], strict=True):
        assert found == fold(char), hex(ord(char))


# ---- what is found ----


def test_text_title_and_number_are_found_however_they_are_written(index: Index, start: Start) -> None:
    index.add(FOUR)
    client = start(index.folder)
    for text in ("长虹大道", "长虹 大道", "長虹大道", "１０１路", "101路公交", "gdp", "GDP的比重"):
        index_of = {"gdp": PLAN, "GDP的比重": PLAN}.get(text, BUS)
        assert client.urls(text)[0] == index_of.url, text
    for text in ("九教字〔2026〕1号", "九教字[2026]1号", "九教字20261号", "九教字（2026） 1 号", "2026〕1"):
        assert client.urls(text) == [HOLIDAY.url], text
    assert client.search("九教字〔2026〕1号")["hits"][0]["tier"] == 4
    assert client.urls("假") == [HOLIDAY.url, OLD.url]
    assert client.urls("，。") == []
    assert client.urls("") == []


def test_sentences_are_not_joined(index: Index, start: Start) -> None:
    index.add([Doc("a", "hub/news", "2026-01-01", "题", "先放假。安排在后")])
    client = start(index.folder)
    assert client.urls("放假。安排") == ["../news/a.html"]
    assert client.search("放假安排")["scattered"]


def test_hit_tells_all_that_results_show(index: Index, start: Start) -> None:
    index.add(FOUR)
    found = start(index.folder).search("放假的通知")["hits"]
    assert [hit["expired"] for hit in found] == [False, True]
    first = found[0]
    assert joined(first["title"]) == "关于[放假的通知]"
    assert (first["url"], first["published"], first["number"]) == (
        HOLIDAY.url,
        "2026-01-05",
        "九教字〔2026〕1号",
    )
    assert (first["site"], first["site_name"]) == ("edu", "市教育局")
    assert (first["column"], first["column_name"], first["kind"]) == ("edu/notices", "公告公示", "notices")


def documents(seed: int, count: int) -> list[Doc]:
    """Documents of few different characters and months, so that all ways to be equal occur."""
    chance = random.Random(seed)

    def text(most: int) -> str:
        return "".join(chance.choices(CHARS + "。 ", k=chance.randint(1, most)))

    places = ("edu/news", "edu/notices", "hub/news", "hub/policies")
    return [
        Doc(
            f"k{number:03}",
            chance.choice(places),
            f"{chance.choice((2021, 2023, 2025))}-{chance.choice((1, 2)):02}-{chance.choice((1, 9, 28)):02}",
            text(6) if chance.random() < 0.7 else "通知",
            text(40),
            chance.choice(("", "", f"教字〔2026〕{number % 7}号")),
            text(9),
            expired=chance.random() < 0.2,
        )
        for number in range(count)
    ]


def queries(seed: int) -> list[str]:
    chance = random.Random(seed)
    made = [
        "".join(chance.choices(CHARS + " ", k=chance.choice((1, 2, 2, 3, 3, 4, 6, 12)))) for _ in range(60)
    ]
    return ["通知", "教字〔2026〕3号", "教育局 通知", "放假安排学校开门", *made]


@pytest.mark.parametrize("inline", [1_000_000, 4], ids=["whole lists", "lists with tails"])
@pytest.mark.parametrize("common", [1_000, 1], ids=["no common terms", "common terms"])
@pytest.mark.parametrize("seed", [1, 2])
def test_order_is_that_of_the_contract(
    index: Index, start: Start, seed: int, common: int, inline: int
) -> None:
    """In three segments with dead documents, against a slow reading of the same rules."""
    index.inline, index.key, index.common = inline, seed + 1, common
    found = documents(seed, 90)
    for part in (found[:50], found[50:75], found[75:]):
        index.add(part)
    index.dead[:] = [{0, 7, 8, 30}, {3}, set()]
    index.manifest()
    client, model = start(index.folder), Model(index.live, common)
    count = 0
    for typed in queries(seed):
        for sort in ("relevance", "date"):
            expected = model.find(typed, sort=sort)
            pages = range(1, max(1, -(-len(expected) // 10)) + 1)
            answers = [client.search(typed, sort=sort, page=page) for page in pages]
            hits = [hit for answer in answers for hit in answer["hits"]]
            assert [hit["url"] for hit in hits] == [doc.url for doc, _, _ in expected], (typed, sort)
            assert [hit["tier"] for hit in hits] == [tier for _, tier, _ in expected], (typed, sort)
            assert [hit["score"] for hit in hits] == pytest.approx([score for _, _, score in expected])
            assert answers[0]["total"] == len(expected)
            assert answers[0]["scattered"] == (bool(expected) and not any(tier for _, tier, _ in expected))
            count += len(expected)
    assert count > 500


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_filters_leave_what_has_the_value_and_count_what_the_others_leave(
    index: Index, start: Start, sort: str
) -> None:
    index.add(documents(3, 80))
    client, model = start(index.folder), Model(index.live)
    values: dict[str, Callable[[Doc], str]] = {
        "site": lambda doc: doc.place.split("/")[0],
        "column": lambda doc: doc.place,
        "year": lambda doc: doc.day[:4],
        "kind": lambda doc: doc.place.split("/")[1],
    }
    for filters in (
        {},
        {"site": "edu"},
        {"year": 2025},
        {"site": "edu", "column": "edu/news", "year": 2023},
        {"kind": "news", "site": "hub"},
        {"kind": "constructor"},
        {"year": "x"},
    ):
        found = [doc for doc, _, _ in model.find("通知", sort=sort)]
        passing = {
            name: [
                doc for doc in found if all(values[k](doc) == str(v) for k, v in filters.items() if k != name)
            ]
            for name in values
        }
        answer = client.search("通知", sort=sort, **filters)
        left = [doc for doc in found if all(values[k](doc) == str(v) for k, v in filters.items())]
        assert answer["total"] == len(left)
        assert [hit["url"] for hit in answer["hits"]] == [doc.url for doc in left[:10]]
        for name, value in values.items():
            counts = {facet["value"]: facet["count"] for facet in answer["facets"][name]}
            assert counts == {
                one: [value(doc) for doc in passing[name]].count(one) for one in map(value, passing[name])
            }


def test_page_out_of_range_shows_the_last(index: Index, start: Start) -> None:
    index.add(documents(3, 30))
    client = start(index.folder)
    last = client.search("通知", page=3)
    assert client.search("通知", page=99)["hits"] == last["hits"]
    assert client.search("通知", page=99)["page"] == last["page"]


# ---- long lists ----


def test_first_page_is_shown_before_a_late_tail_is_there_if_that_can_not_change_it(
    index: Index, start: Start
) -> None:
    index.inline = 30
    others = [Doc(f"x{n:03}", "edu/news", "2025-01-09", "别的", "这里有通知一则", "", "") for n in range(80)]
    index.add(documents(5, 60) + others)
    client = start(index.folder)
    assert client.search("通知")["partly"] == []
    client = start(index.folder)
    answer = client.search("通知", late=500)
    assert len(answer["partly"]) == 1
    assert 0 < answer["partly"][0]["total"] < answer["total"]
    assert answer["partly"][0]["urls"] == [hit["url"] for hit in answer["hits"]]
    assert answer["total"] == len(Model(index.live).find("通知"))


def test_first_page_waits_for_a_tail_that_may_make_its_term_common(index: Index, start: Start) -> None:
    """Until all are counted it isn't known whether it counts how often a text has the term."""
    index.inline, index.common = 30, 1
    often = [Doc(f"o{n:03}", "edu/news", "2021-01-09", "别的", "通知。" * (n + 2)) for n in range(20)]
    once = [
        Doc(f"x{n:03}", "edu/news", f"2025-01-{n % 28 + 1:02}", "别的", "通知" + "文" * 900)
        for n in range(60)
    ]
    index.add(often + once)
    answer = start(index.folder).search("通知", late=500)
    assert answer["partly"] == []
    assert [hit["url"] for hit in answer["hits"]] == [
        doc.url for doc, _, _ in Model(index.live, 1).find("通知")[:10]
    ]
    assert answer["hits"][0]["url"] == once[55].url


def test_nothing_is_fetched_for_a_first_page_that_a_tail_may_change(index: Index, start: Start) -> None:
    index.inline = 4
    index.add(documents(5, 60))
    answer = start(index.folder).search("通知", late=500)
    assert answer["partly"] == []
    assert answer["total"] == len(Model(index.live).find("通知"))


# ---- huge indexes: a first page without the tails of common terms ----

LATER = Doc("later", "hub/policies", "2027-06-01", "后", "空")
"""So new that others are not of the last fifteen months."""


def tails_of(answer: Answer) -> list[str]:
    return [name for name in answer["fetched"] if "/t" in name]


def crowd(seed: int, count: int) -> list[Doc]:
    """Documents of words of which some are in half of all, and others in few; odd ones have most of them in titles."""
    chance = random.Random(seed)
    words = {"教育局": 0.5, "放假通知": 0.4, "安排学校": 0.3, "开门": 0.2, "教育局开门": 0.1, "学校放假": 0.1}

    def some(share: float) -> str:
        return "。".join(word for word, often in words.items() if chance.random() < often * share)

    return [
        Doc(
            f"k{number:03}",
            chance.choice(("edu/news", "edu/notices", "hub/news", "hub/policies")),
            f"{chance.choice((2021, 2023, 2025))}-{chance.choice((1, 2)):02}-{chance.choice((1, 9, 28)):02}",
            some(1.2 if seed % 2 else 0.2) or "题",
            some(1),
            "",
            some(0.1),
            expired=chance.random() < 0.2,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_first_page_of_a_huge_index_is_that_of_the_contract(index: Index, start: Start, seed: int) -> None:
    """And all others, filters, dates and counts are exact."""
    index.huge, index.inline, index.common = True, 4, 1
    found = crowd(seed, 150)
    for part in (found[:110], found[110:140], found[140:]):
        index.add(part)
    client, model = start(index.folder), Model(index.live, 1)
    guessed = told = 0
    words = ("教育局", "放假", "放假通知", "学校", "开门", "局开门", "校放假", "育局", "门教", "通知")
    for typed in (*words, *(f"{one} {other}" for one in words for other in words if one != other)):
        expected = model.find(typed)
        answer = client.search(typed)
        assert [hit["url"] for hit in answer["hits"]] == [doc.url for doc, _, _ in expected[:10]], typed
        assert [hit["tier"] for hit in answer["hits"]] == [tier for _, tier, _ in expected[:10]], typed
        scores = [score for _, _, score in expected[:10]]
        assert [hit["score"] for hit in answer["hits"]] == pytest.approx(scores)
        if answer.get("most"):
            guessed += 1
            sites = sum(one["count"] for one in answer["facets"]["site"])
            assert len(expected) <= answer["total"] <= sites
        else:
            told += 1
            assert answer["total"] == len(expected)
        exact = client.search(typed, page=2)
        assert [hit["url"] for hit in exact["hits"]] == [
            doc.url for doc, _, _ in (expected[10:20] or expected[:10])
        ]
        for again in ({}, {"year": 2025}, {"sort": "date"}):
            assert not client.search(typed, **again).get("most")
        assert client.search(typed)["total"] == len(expected)
    assert guessed > 20
    assert told > 20


WORK = [
    Doc(f"w{n:03}", "edu/news", f"2025-{n % 12 + 1:02}-09", f"工作{n}", "教育工作通知。" + "文" * n)
    for n in range(60)
]


@pytest.fixture
def huge(index: Index) -> Index:
    """All documents of `WORK` have 通知 in their text, and many more besides."""
    index.huge, index.inline, index.common = True, 12, 1
    others = [Doc(f"o{n:03}", "hub/news", f"2024-{n % 12 + 1:02}-03", "别的", "通知一则") for n in range(40)]
    unrelated = [Doc(f"n{n:03}", "hub/news", "2021-01-01", "无关", "无") for n in range(20)]
    index.add([LATER, *WORK, *others, *unrelated])
    return index


def test_tails_of_common_terms_come_when_somebody_turns_the_page_filters_or_sorts(
    huge: Index, start: Start
) -> None:
    for more in ({"page": 2}, {"site": "edu"}, {"year": 2024}, {"kind": "news"}, {"sort": "date"}):
        client = start(huge.folder)
        first = client.search("通知")
        assert first["most"]
        assert tails_of(first) == []
        then = client.search("通知", **more)
        assert not then.get("most")
        assert len(tails_of(then)) == 1, more
        assert tails_of(client.search("通知")) == []
        assert client.search("通知")["total"] == 100


@pytest.mark.parametrize("is_huge", [True, False])
def test_titles_with_a_common_term_are_suggested_though_they_stand_in_its_tail(
    index: Index, start: Start, is_huge: bool
) -> None:
    index.huge, index.inline, index.common = is_huge, 4, 1
    titles = [Doc(f"t{n:02}", "edu/news", "2025-01-09", f"通知{n}") for n in range(120)]
    index.add([*titles, Doc("z", "hub/news", "2021-01-01", "开门通知"), *WORK])
    found = start(index.folder).ask(suggest="通知 开门")
    assert [joined(hit["title"]) for hit in found["hits"]] == ["[开门][通知]"]
    assert all(one["site"] for one in found["hits"])


def test_one_common_term_is_counted_without_its_tail(huge: Index, start: Start) -> None:
    assert start(huge.folder).search("通知")["total"] == 100


def test_documents_that_lack_a_common_term_are_left_out(index: Index, start: Start) -> None:
    """Their own words are rare, and all of them are looked at: the count is exact."""
    index.huge, index.inline, index.common = True, 30, 1
    rare = [
        Doc(f"r{n}", "edu/news", "2025-06-01", "学校", f"开门{n}。" + ("通知" if n % 3 else "无"))
        for n in range(12)
    ]
    index.add([LATER, *WORK, *rare])
    answer = start(index.folder).search("开门 通知")
    assert tails_of(answer) == []
    assert not answer.get("most")
    assert answer["total"] == 8
    assert {hit["url"] for hit in answer["hits"]} == {doc.url for n, doc in enumerate(rare) if n % 3}
    assert [one["count"] for one in answer["facets"]["site"]] == [8]


def test_no_text_is_looked_at_in_vain_where_few_of_the_newest_have_the_term(
    index: Index, start: Start
) -> None:
    """Of the newest it is known who has it, and of others it is hardly more."""
    index.huge, index.inline, index.common = True, 12, 60
    newest = [
        Doc(f"a{n:03}", "edu/news", "2027-02-09", "新", "开门。" + ("通知" if n < 4 else "无"))
        for n in range(25)
    ]
    older = [
        Doc(f"b{n:03}", "edu/news", "2021-01-09", "旧", "开门。" + ("通知" if n < 9 else "无"))
        for n in range(25)
    ]
    index.add([LATER, *WORK, *newest, *older])
    answer = start(index.folder).search("开门 通知")
    assert answer["total"] == 13
    assert not answer.get("most")
    shown = {one.url for one in [*newest[:4], *older[:9]]}
    assert {hit["url"] for hit in answer["hits"]} < shown
    packs = [name for name in answer["fetched"] if "/p" in name]
    assert len(packs) <= 2 + 4, "three documents share a pack"


def test_who_of_the_newest_has_a_common_term_is_known(index: Index, start: Start) -> None:
    """So that none of their texts is looked at in vain."""
    index.huge, index.inline, index.common = True, 3, 1
    few, text = range(0, 90, 7), "通知" + "文" * 900
    newest = [Doc(f"a{n:03}", "hub/news", "2027-02-09", "新", text if n in few else "无") for n in range(90)]
    index.add([LATER, *newest, *WORK])
    answer = start(index.folder).search("通知")
    assert len(tails_of(answer)) == 1
    assert answer["most"]
    assert [hit["url"] for hit in answer["hits"]] == [newest[n].url for n in reversed(few)][:10]
    assert len([name for name in answer["fetched"] if "/p" in name]) == 10


def test_tails_come_if_too_few_of_the_first_have_the_term(index: Index, start: Start) -> None:
    index.huge, index.inline, index.common = True, 30, 45
    rare = [
        Doc(f"r{n:02}", "edu/news", "2025-06-01", "学校", "开门。" + ("无" if n > 9 else "通知"))
        for n in range(40)
    ]
    index.add([LATER, *WORK, *rare])
    answer = start(index.folder).search("开门 通知")
    assert len(tails_of(answer)) == 2
    assert not answer.get("most")
    assert answer["total"] == 10


@pytest.mark.parametrize("more", [{"headings": "教育通知"}, {"parts": ("还有通知。",)}], ids=["tag", "part"])
def test_term_that_no_text_shows_is_found_all_the_same(
    index: Index, start: Start, more: dict[str, Any]
) -> None:
    """A tag is told with the text; a further part of a long text is not, so that the tails must come."""
    index.huge, index.inline, index.common = True, 12, 1
    hidden = Doc("h", "edu/news", "2025-06-01", "学校", "开门。", **more)
    index.add([LATER, *WORK, hidden])
    answer = start(index.folder).search("开门 通知")
    assert [(hit["url"], hit["tier"]) for hit in answer["hits"]] == [(hidden.url, 1)]
    assert len(tails_of(answer)) == ("parts" in more)


def test_hit_that_has_the_words_but_not_as_a_phrase_is_counted_all_the_same(
    index: Index, start: Start
) -> None:
    index.huge, index.inline, index.common = True, 12, 1
    apart = Doc("x", "edu/news", "2026-02-09", "题", "放假。通知")
    others = [Doc(f"d{n:02}", "edu/news", "2025-02-09", "题", "放假通知") for n in range(89)]
    index.add([LATER, apart, *others])
    answer = start(index.folder).search("放假 通知")
    assert answer["most"]
    assert answer["total"] == 90
    assert {hit["tier"] for hit in answer["hits"]} == {2}
    assert apart.url not in {hit["url"] for hit in answer["hits"]}


def test_tails_of_segments_where_the_term_is_not_common_come_in_any_case(index: Index, start: Start) -> None:
    """Their documents hold places of the first page."""
    index.huge, index.inline, index.common = True, 3, 1
    unrelated = [Doc(f"n{n:03}", "hub/news", "2021-01-01", "无关", "无") for n in range(20)]
    newest = [Doc(f"z{n:03}", "edu/news", "2026-02-09", "新", "通知" if n < 8 else "无") for n in range(120)]
    index.add([LATER, *WORK, *unrelated])
    index.add(newest)
    answer = start(index.folder).search("通知")
    assert [name.split("/")[0] for name in tails_of(answer)] == ["s01"]
    urls = [hit["url"] for hit in answer["hits"]]
    assert set(urls[:8]) == {doc.url for doc in newest[:8]}
    assert answer["total"] == 68


def test_common_pieces_count_where_they_are_new_and_need_no_tails(index: Index, start: Start) -> None:
    """Unless the newest documents are no more, so that older ones are new."""
    index.huge, index.inline, index.common = True, 12, 1
    months = [f"{2026 - n // 12}-{12 - n % 12:02}" for n in range(10, 70)]
    found = [
        Doc(f"d{n:02}", "edu/news", f"{month}-09", "题", "放假。通知" + "文" * (900 if n < 12 else 9))
        for n, month in enumerate(months)
    ]
    index.add([LATER, *found])
    for dead in (set(), {0}):
        index.dead[0] = dead
        index.manifest()
        answer = start(index.folder).search("放假通知")
        expected = Model(index.live, 1).find("放假通知")
        assert answer["total"] == len(expected) == (12 if dead else 0)
        assert [hit["url"] for hit in answer["hits"]] == [doc.url for doc, _, _ in expected[:10]]
        assert (len(tails_of(answer)) > 0) == bool(dead)


def test_dead_documents_are_not_found_by_a_common_term(index: Index, start: Start) -> None:
    """Neither those that the shard names nor those in the tail, which hold places of the first page."""
    index.huge, index.inline, index.common = True, 12, 1
    found = [
        Doc(f"d{n:02}", "edu/news", f"{2025 - n // 12}-{12 - n % 12:02}-09", "题", "通知") for n in range(90)
    ]
    index.add([LATER, *found[:60]])
    index.add(found[60:])
    index.dead[0] = {number + 1 for number in (*range(25), 30, 31, 32)}
    index.manifest()
    answer = start(index.folder).search("通知")
    assert tails_of(answer) == []
    assert [hit["url"] for hit in answer["hits"]] == [doc.url for doc in [*found[25:30], *found[33:38]]]
    assert 62 <= answer["total"] <= 65


def test_term_that_is_not_surely_common_has_its_tails(huge: Index, start: Start) -> None:
    """In one segment many have it; but it could be that most of those are no more."""
    huge.dead[0] = set(range(70))
    huge.common = 45
    huge.manifest()
    answer = start(huge.folder).search("通知")
    assert len(tails_of(answer)) == 1
    assert not answer.get("most")


# ---- what is fetched ----


def test_query_with_a_slip_asks_for_pairs_only_where_its_terms_are_nowhere(
    index: Index, start: Start
) -> None:
    index.shards = 1009
    right = Doc("right", "edu/news", "2025-06-01", "教育局放假安排通知", "")
    index.add([right, *FOUR])
    answer = start(index.folder).search("教育局放价安排通知")
    assert (answer["scattered"], [hit["url"] for hit in answer["hits"]]) == (True, [right.url])
    terms = ("教育局", "局放价", "价安排", "排通知", "=教育局放价安排通知", "局放", "价安")
    asked = {name for name in answer["fetched"] if name[4:].isdigit()}
    assert asked == {f"s00/{shard(term, 1009)}" for term in terms}


def test_query_fetches_what_it_needs_and_nothing_twice(index: Index, start: Start) -> None:
    index.shards = 101
    index.add(FOUR)
    client = start(index.folder)
    first = client.search("公交")["fetched"]
    assert first[0] == "index"
    assert sorted(first[1:]) == sorted(["s00/head", f"s00/{shard('公交', 101)}", "s00/p0"])
    assert client.search("公交", sort="date")["fetched"] == ["s00/y2025"]
    assert client.search("公交")["fetched"] == []
    assert client.search("公交", site="hub")["fetched"] == []


def test_part_of_the_table_of_variants_is_fetched_only_for_a_term_that_is_nowhere(
    index: Index, start: Start
) -> None:
    index.table = "體体鸛鹳"
    index.add([Doc("t", "hub/news", "2026-01-01", "体育，鹳", "开门"), *FOUR])
    client = start(index.folder)

    def parts(typed: str, *found: str) -> list[str]:
        answer = client.search(typed)
        assert [hit["url"] for hit in answer["hits"]][:1] == list(found)
        return [name for name in answer["fetched"] if name.startswith("fold-")]

    assert parts("開門", "../news/t.html") == []
    assert parts("庐山瀑布") == [], "characters that people write today"
    assert parts("體育", "../news/t.html") == ["fold-1-0"]
    assert parts("沒鬧") == [], "they would be in the part that is there"
    assert parts("鸛", "../news/t.html") == ["fold-1-1"]


def test_further_parts_of_a_text_are_fetched_until_one_has_the_query(index: Index, start: Start) -> None:
    parts = ("二。", "三。", "四长虹大道。", "五。", "六。", "七庐山。")
    index.add([Doc("l", "hub/news", "2026-01-01", "长文", "一。", parts=parts)])
    client = start(index.folder)
    answer = client.search("长虹大道")
    assert [name for name in answer["fetched"] if "/c" in name] == ["s00/c0-1", "s00/c0-2", "s00/c0-3"]
    assert joined(answer["hits"][0]["snippet"]) == "四[长虹大道]。"
    answer = client.search("七庐山")
    assert [name for name in answer["fetched"] if "/c" in name] == ["s00/c0-4"]
    assert joined(answer["hits"][0]["snippet"]) == "一。"
    assert not [name for name in client.search("长文")["fetched"] if "/c" in name]


def test_few_parts_of_texts_are_fetched_for_a_page_those_of_the_first_hits(
    index: Index, start: Start
) -> None:
    index.add(
        Doc(f"l{n}", "hub/news", f"2026-01-{20 - n}", "长文", "一。", parts=("二。", f"庐山{n}。", "四。"))
        for n in range(9)
    )
    answer = start(index.folder).search("庐山")
    parts = [name.removeprefix("s00/c") for name in answer["fetched"] if "/c" in name]
    assert parts == ["0-1", "1-1", "2-1", "3-1"]
    index.release = 1
    (index.folder / "index.js").unlink()
    index.segments, index.dead, index.packs = [], [], []
    index.add(
        Doc(
            f"l{n}",
            "hub/news",
            f"2026-01-{20 - n}",
            "长文" if n else "庐山",
            "一。",
            parts=("二。", "三庐山。"),
        )
        for n in range(3)
    )
    answer = start(index.folder).search("庐山")
    assert [name for name in answer["fetched"] if "/c" in name] == [
        f"s10/c{n}" for n in ("1-1", "2-1", "1-2", "2-2")
    ]
    assert [joined(hit["snippet"]) for hit in answer["hits"]] == ["一。", "三[庐山]。", "三[庐山]。"]


def test_texts_are_written_in_words_of_their_segment(index: Index, start: Start) -> None:
    """Pairs of pairs too; what looks like a pair's character and isn't one stays what it is."""
    index.words = "放假通知\x80\x81安排"
    more = Doc(
        "w", "hub/news", "2026-01-01", "é放假通知安排", "\x80 × 放假\x7f通知安排。", parts=("庐山的安排·é",)
    )
    index.add([HOLIDAY, more])
    client = start(index.folder)
    (hit,) = client.search("放假通知安排")["hits"]
    assert joined(hit["title"]) == "é[放假通知安排]"
    assert joined(hit["snippet"]) == "\x80 × [放假\x7f通知安排]。"
    (hit,) = client.search("庐山的安排")["hits"]
    assert joined(hit["snippet"]) == "[庐山的安排]·é"
    assert joined(client.search("学校")["hits"][0]["snippet"]) == "各[学校]：现将放假安排通知如下。"


# ---- releases ----


def test_newer_release_is_noticed_when_a_file_is_gone(index: Index, start: Start) -> None:
    index.add(FOUR)
    client = start(index.folder)
    assert client.urls("公交") == [BUS.url]
    shutil.rmtree(index.folder)
    index.segments, index.dead, index.packs, index.release = [], [], [], 1
    index.shards = 3
    index.add([*FOUR, Doc("n", "hub/news", "2026-02-01", "开通新线")])
    answer = client.search("开通新线")
    assert [hit["url"] for hit in answer["hits"]] == ["../news/n.html"]
    assert answer["fetched"].count("index") == 1


def test_document_taken_out_is_no_longer_found(index: Index, start: Start) -> None:
    index.add(FOUR)
    client = start(index.folder)
    assert len(client.urls("放假")) == 3
    ordinal = index.segments[0].index(HOLIDAY)
    index.dead[0].add(ordinal)
    index.packs[0][ordinal // 3] = "abc"
    index.pack(0, ordinal // 3)
    index.manifest()
    client = start(index.folder)
    answer = client.search("放假")
    assert {hit["url"] for hit in answer["hits"]} == {BUS.url, OLD.url}
    assert f"s00/p{ordinal // 3}-abc" in answer["fetched"]


def test_failed_load_is_an_error_and_heals(index: Index, start: Start) -> None:
    index.add(FOUR)
    client = start(index.folder)
    (index.folder / "index.js").rename(index.folder / "away")
    assert "error" in client.ask(q="公交")
    (index.folder / "away").rename(index.folder / "index.js")
    assert client.urls("公交") == [BUS.url]
    gone = index.folder / f"s00/{shard('庐山', index.shards)}.js"
    data = gone.read_bytes()
    cached = client.urls("公交")
    gone.unlink()
    if "error" in client.ask(q="庐山"):
        assert client.urls("公交") == cached
    gone.write_bytes(data)
    assert client.urls("庐山") == []


# ---- snippets, suggestions, places ----


def test_snippet_is_where_most_of_the_query_stands(index: Index, start: Start) -> None:
    filler = "无关的话，说个不停。" * 20
    text = f"先说通知。{filler}这里讲放假的通知，以及学校的安排。{filler}"
    index.add([Doc("s", "hub/news", "2026-01-01", "题目", text)])
    client = start(index.folder)
    snippet = joined(client.search("放假 安排 通知")["hits"][0]["snippet"])
    assert "这里讲[放假]的[通知]，以及学校的[安排]。" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) < 140


def test_marks_follow_what_was_folded_away(index: Index, start: Start) -> None:
    index.add([Doc("m", "hub/news", "2026-01-01", "關於開門《辦法》的函", "ＧＤＰ增长５％，开　门　办学")])
    client = start(index.folder)
    hit = client.search("开门办")["hits"][0]
    assert joined(hit["snippet"]) == "ＧＤＰ增长５％，[开　门　办]学"
    assert joined(client.search("开门")["hits"][0]["title"]) == "關於[開門]《辦法》的函"
    assert joined(client.search("gdp")["hits"][0]["snippet"]).startswith("[ＧＤＰ]增长")


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("（一）面积80㎡，层高３米。", "80m2", "（一）面积[80㎡]，层高３米。"),
        ("（一）面积80㎡，层高３米。", "2层高3米", "（一）面积80[㎡，层高３米]。"),
        ("…한국어…안내", "한국어안내", "…[한국어…안내]"),
        ("“𠮷野”路，𠮷野路", "𠮷野路", "“[𠮷野”路]，[𠮷野路]"),
        ("迎接“𠆲”，再接𠆲。", "接𠆲", "迎[接“𠆲]”，再[接𠆲]。"),
    ],
)
def test_marks_hold_whole_characters_of_the_text(
    index: Index, start: Start, text: str, query: str, shown: str
) -> None:
    """However many letters each is folded to, and however many units it takes."""
    index.fold = "𠆲儣"
    index.add([Doc("m", "edu/news", "2026-02-02", "办学", text)])
    assert joined(start(index.folder).search(query)["hits"][0]["snippet"]) == shown


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "一"), ("一", ""), ("一", "一")])
def test_snippet_cuts_no_character_in_half(index: Index, start: Start, before: str, after: str) -> None:
    text = "𠮷" * 50 + before + "长虹大道" + after + "𠮷" * 150
    index.add([Doc("m", "edu/news", "2026-02-02", "办学", text)])
    snippet = joined(start(index.folder).search("长虹大道")["hits"][0]["snippet"])
    assert set(snippet) <= set("…𠮷一[长虹大道]")


def test_suggestions_are_documents_with_the_query_in_title_or_number(index: Index, start: Start) -> None:
    index.add(FOUR)
    client = start(index.folder)
    assert [joined(hit["title"]) for hit in client.ask(suggest="放假")["hits"]] == ["关于[放假]的通知"] * 2
    assert client.ask(suggest="九教字")["hits"][0]["url"] == HOLIDAY.url
    assert client.ask(suggest="长虹大道")["hits"] == []


@pytest.mark.parametrize("typed", ["教育局", "市教育局", "jiaoyuju", "sjyj", "JYJ", "jiao yu"])
def test_sites_are_found_by_name_and_pinyin(index: Index, start: Start, typed: str) -> None:
    index.add(FOUR)
    found = start(index.folder).ask(places=typed)["places"]
    assert (found[0]["name"], found[0]["column"], found[0]["href"]) == (
        "市教育局",
        False,
        "../../edu/index.html",
    )


def test_columns_of_the_own_site_are_found_by_name_those_of_others_with_the_site(
    index: Index, start: Start
) -> None:
    index.add(FOUR)
    client = start(index.folder)
    for typed in ("gonggao", "ggg", "公告公示", "公告"):
        assert [one["href"] for one in client.ask(places=typed)["places"]] == ["../notices/index.html"], typed
    (one,) = client.ask(places="市教育局 公告公示")["places"]
    assert (one["name"], one["column"], one["site_name"]) == ("公告公示", True, "市教育局")
    assert client.ask(places="constructor")["places"] == []


# ---- hostile queries ----


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 100_000,
        "词 " * 5000,
        "\x00\x01\x7f",
        "<img src=x onerror=alert(1)>",
        "__proto__",
        "|:>=",
        "\ud800",
        "=" * 90,
    ],
)
def test_hostile_queries_are_answered_quickly(index: Index, start: Start, typed: str) -> None:
    index.add(FOUR)
    answer = start(index.folder).search(typed)
    assert answer["total"] == 0
    assert answer["seconds"] < 1


def test_index_without_documents_is_searched_in_vain(index: Index, start: Start) -> None:
    index.manifest()
    assert start(index.folder).search("公交")["total"] == 0


# ---- the real sites ----


def test_every_document_of_the_real_sites_is_found_by_title_and_by_number(local: Built, start: Start) -> None:
    """In its own site and in the hub, whatever brackets the number is written with; never in a third."""
    hub, count = start(local.out / "jiujiang/search"), 0
    sites = {site: start(local.out / site / "search") for site in ("edu", "xiushui", "tjj")}
    for path, source in local.shown.items():
        site, _, address = path.partition("/")
        title = source.title[:80]
        found = hub.search(title)["hits"]
        assert any(hit["site"] == site and hit["url"].endswith(f"/{address}") for hit in found), path
        if site in sites:
            assert f"../{address}" in sites[site].urls(title), path
        number = source.keys.get("document_number") or source.keys.get("文号")
        if number:
            for written in (number, str(number).translate(str.maketrans("〔〕", "[]"))):
                top = hub.search(written)["hits"]
                assert top[0]["tier"] == 4
                assert any(hit["url"].endswith(f"/{address}") for hit in top), (path, written)
        count += 1
    assert count > 200
