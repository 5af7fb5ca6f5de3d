"""What the server's search finds, in which order, and what it counts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from gen.search import commonness
from gen.search.engine import WhooshEngine
from gen.search.results import Hit, Request, Results, Sort
from tests import groups
from tests.unit.search.test_update import Shelf, record

Search = Callable[..., Results]

HOLIDAY = record(
    "edu/notices/holiday.md",
    "关于放假的通知",
    "各学校：现将放假安排通知如下。\n附则。",
    numbers=["九教字〔2026〕1号", "G00180-0203-2026-0001"],
    published=datetime(2026, 1, 5),
)
OLD = record(
    "edu/notices/old.md", "关于放假的通知", "旧的安排。", published=datetime(2023, 1, 5), expired=True
)
BUS = record(
    "hub/news/bus.md",
    "公交改道",
    "因施工，101 路公交改走长虹大道。学生放假期间照常运行，于 9 月 8 日恢复。",
    published=datetime(2025, 11, 24),
)
PLAN = record(
    "hub/towns/plan.md",
    "教育发展规划（GDP 篇）",
    "到2030年，教育投入占 GDP 的比重提高。",
    headings="总体要求\n保障措施",
    attachments="规划全文（终稿）.pdf",
    published=datetime(2024, 3, 2),
)
LAW = record("jtj/policies/law.md", "道路管理办法", "公交优先。", published=datetime(2025, 11, 24))
FIVE = (HOLIDAY, OLD, BUS, PLAN, LAW)


class Searched:
    """A group's engine over given records; with other settings if given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.engines: list[WhooshEngine] = []

    def __call__(self, *found: Any, **settings: Any) -> WhooshEngine:
        self.count += 1
        config = groups.config()
        config["group"]["search"] = settings
        shelf = Shelf(self.folder / str(self.count), config, owners=["hub"])
        shelf.take(*found)
        shelf.close()
        self.engines.append(shelf.engine())
        return self.engines[-1]


@pytest.fixture
def over(tmp_path: Path) -> Iterator[Searched]:
    made = Searched(tmp_path)
    yield made
    for engine in made.engines:
        engine.close()


@pytest.fixture
def search(over: Searched) -> Search:
    engine = over(*FIVE)
    return lambda query, **more: engine.search(Request(query, **more))


def names(found: Results | Sequence[Hit]) -> list[str]:
    hits = found.hits if isinstance(found, Results) else found
    return [hit.path.rpartition("/")[2].removesuffix(".md") for hit in hits]


def tiers(found: Results) -> list[int]:
    return [hit.tier for hit in found.hits]


# ---- what is found ----


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("长虹大道", "bus"),
        ("長虹大道", "bus"),
        ("长虹 大道", "bus"),
        ("长-虹（大）道", "bus"),
        ("１０１路公交", "bus"),
        ("01路", "bus"),
        ("于9月8日", "bus"),
        ("gdp", "plan"),
        ("ＧＤＰ的比重", "plan"),
        ("保障措施", "plan"),
        ("全文终稿", "plan"),
        ("九教字〔2026〕1号", "holiday"),
        ("九教字[2026] 1 号", "holiday"),
        ("九教字20261号", "holiday"),
        ("教字（２０２６）", "holiday"),
        ("G00180-0203-2026-0001", "holiday"),
        ("g0018002032026", "holiday"),
        ("0203", "holiday"),
        ("附则", "holiday"),
        ("道", "law"),
    ],
)
def test_document_is_found_by_what_stands_in_it(search: Search, typed: str, expected: str) -> None:
    assert expected in names(search(typed))


@pytest.mark.parametrize(
    "typed", ["9 月", "8 日", "于 9 月 8 日", "1 0 1", "路 公 交", "长 虹 大 道", "附 则"]
)
def test_spaces_between_all_characters_make_no_difference(search: Search, typed: str) -> None:
    found = search(typed)
    together = search(typed.replace(" ", ""))
    assert together.hits
    assert not found.scattered
    assert set(names(together)) <= set(names(found))


def test_sentences_are_not_joined(search: Search) -> None:
    for typed in ("大道学生", "如下附则"):
        found = search(typed)
        assert found.scattered or not found.hits


def test_tiers_are_those_of_the_contract(over: Searched) -> None:
    engine = over(
        record("edu/news/title.md", "放假通知"),
        record("edu/news/word.md", "题", "放假 gdp 通知"),
        record("edu/news/phrase.md", "题", "关于放假通知的事"),
        record("edu/news/words.md", "题", "通知：明天放假"),
        record("edu/news/some.md", "题", "放假以后的通知要"),
    )
    found = engine.search(Request("放假 通知"))
    assert dict(zip(names(found), tiers(found), strict=True)) == {
        "title": 4,
        "phrase": 2,
        "word": 1,
        "words": 1,
        "some": 1,
    }
    assert tiers(found) == sorted(tiers(found), reverse=True)
    found = engine.search(Request("GDP"))
    assert list(zip(names(found), tiers(found), strict=True)) == [("word", 3)]


def test_number_in_any_writing_is_first(over: Searched) -> None:
    engine = over(
        HOLIDAY,
        *(
            record(f"edu/news/n{n}.md", f"落实九教字〔2026〕1号{n}", "九教字〔2026〕1号。" * 20)
            for n in range(15)
        ),
    )
    for typed in ("九教字〔2026〕1号", "九教字(2026)1号", "九教字20261号", "  九教字 ［２０２６］ １ 號  "):
        assert names(engine.search(Request(typed)))[0] == "holiday", typed


def test_single_characters_find_titles_and_numbers_only(search: Search) -> None:
    assert set(names(search("假"))) == {"holiday", "old"}
    assert names(search("虹")) == []
    assert set(names(search("字"))) == {"holiday"}


def test_scattered_characters_are_a_last_resort(search: Search, over: Searched) -> None:
    found = search("放假运行通知公交")
    assert found.scattered
    assert found.hits
    assert set(tiers(found)) == {0}
    assert not search("放假").scattered
    many = over(*(record(f"edu/news/{n}.md", "放假通知的题") for n in range(10)), HOLIDAY, OLD)
    assert set(tiers(many.search(Request("放假通知的题")))) == {4}
    assert many.search(Request("放假通知的题")).total == 10


def test_scattered_document_has_half_of_what_any_has(over: Searched) -> None:
    """Pairs that no document has count for nothing."""
    engine = over(
        record("edu/news/a.md", "甲乙丙丁"),
        record("edu/news/b.md", "丙丁戊己"),
        *(record(f"jtj/news/{n}.md", "无关的题") for n in range(5)),
    )
    found = engine.search(Request("甲乙丙丁庚辛壬癸子"))
    assert names(found) == ["a"]
    assert found.scattered


def test_scattered_document_has_three_characters_together_or_two_pairs(over: Searched) -> None:
    engine = over(
        record("edu/news/three.md", "甲乙丙"),
        record("edu/news/pairs.md", "丙丁，己庚"),
        record("edu/news/pair.md", "己庚"),
        *(record(f"jtj/news/{n}.md", "无关的题") for n in range(5)),
    )
    assert names(engine.search(Request("甲乙丙无丁戊"))) == ["three"]
    assert names(engine.search(Request("丙丁子己庚"))) == ["pairs"]
    assert names(engine.search(Request("子丑己庚"))) == []


def test_common_pairs_do_not_make_a_document_scattered_if_others_can(
    over: Searched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commonness, "LEAST", 5)
    engine = over(
        record("edu/news/a.md", "甲乙丙"),
        *(record(f"jtj/news/{n}.md", "一二三四五") for n in range(9)),
    )
    assert names(engine.search(Request("一二三四五甲乙丙"))) == ["a"]
    assert engine.search(Request("一二三四五六甲乙")).total == 9


# ---- order ----


def test_expired_documents_sink(search: Search, over: Searched) -> None:
    assert names(search("关于放假的通知")) == ["holiday", "old"]
    gone, left = (record(f"edu/news/{n}.md", "放假", expired=n == 1) for n in (1, 2))
    first, second = over(gone, left, expired=0.25).search(Request("放假")).hits
    assert names([first, second]) == ["2", "1"]
    assert first.score == pytest.approx(4 * second.score)
    assert [hit.expired for hit in search("关于放假的通知").hits] == [False, True]


def test_newer_documents_weigh_more_by_freshness(over: Searched) -> None:
    new, old = (
        record(f"edu/news/{year}.md", "放假", published=datetime(year, 1, 2)) for year in (2026, 2020)
    )
    fresh = over(new, old, freshness=1.0, half_life=2.0).search(Request("放假")).hits
    assert [hit.published.year for hit in fresh] == [2026, 2020]
    assert fresh[0].score / fresh[1].score == pytest.approx(2 / (1 + 2**-3))
    equal = over(new, old, freshness=0.0).search(Request("放假")).hits
    assert equal[0].score == equal[1].score
    assert [hit.published.year for hit in equal] == [2026, 2020], "newer year first"


def test_kinds_weigh_as_the_settings_say(over: Searched) -> None:
    found = [record("edu/news/a.md", "放假"), record("edu/policies/b.md", "放假")]
    policies = over(*found, kinds={"policies": 3.0}).search(Request("放假")).hits
    assert names(policies) == ["b", "a"]
    assert policies[0].score == pytest.approx(3 * policies[1].score)
    assert names(over(*found).search(Request("放假"))) == ["a", "b"]


def test_tiers_come_before_all_factors(over: Searched) -> None:
    engine = over(
        record("edu/policies/a.md", "放假通知", published=datetime(2001, 1, 1), expired=True),
        record("edu/news/b.md", "通知放假", "放假，通知。" * 9, published=datetime(2026, 1, 1)),
        freshness=100.0,
        kinds={"news": 100.0},
        expired=0.0,
    )
    assert names(engine.search(Request("放假 通知"))) == ["a", "b"]


def test_equal_scores_are_in_order_of_year_place_and_key(over: Searched) -> None:
    found = [
        record(f"{place}/{name}.md", "放假", published=datetime(year, month, day, hour))
        for place, name, year, month, day, hour in (
            ("edu/news", "c", 2025, 12, 2, 8),
            ("jtj/news", "d", 2026, 3, 1, 8),
            ("hub/news", "e", 2026, 2, 9, 8),
            ("hub/news", "f", 2026, 2, 9, 9),
            ("hub/news", "g", 2026, 1, 8, 9),
            ("hub/news", "h", 2026, 2, 9, 8),
        )
    ]
    engine = over(*found, freshness=0.0)
    assert names(engine.search(Request("放假"))) == ["f", "h", "e", "g", "d", "c"]
    assert names(engine.search(Request("放假", sort=Sort.DATE))) == ["d", "f", "h", "e", "g", "c"]


def test_months_of_two_years_count_and_before_them_only_years(over: Searched) -> None:
    months = ((2026, 3), (2026, 2), (2024, 4), (2024, 3), (2024, 1), (2023, 12), (2023, 1))
    found = [record(f"edu/news/{y}-{m:02}.md", "放假", published=datetime(y, m, 2)) for y, m in months]
    hits = over(*found, freshness=1.0, half_life=1.0).search(Request("放假")).hits
    assert names(hits) == [f"{year}-{month:02}" for year, month in months]
    ages = [0, 1, 23, 26, 26, 38, 38]
    base = hits[0].score / 2
    assert [hit.score for hit in hits] == pytest.approx([base * (1 + 2 ** (-age / 12)) for age in ages])


def test_sorted_by_date_the_newest_is_first(search: Search) -> None:
    found = search("公交", sort=Sort.DATE)
    assert names(found) == ["bus", "law"], "of one day: by place"
    assert names(search("放假", sort=Sort.DATE)) == ["holiday", "bus", "old"]


def test_sorted_by_date_scattered_documents_show_only_where_there_are_no_others(search: Search) -> None:
    mixed = search("放假期间照常运行")
    assert set(tiers(mixed)) == {2}
    dated = search("放假期间照常运行", sort=Sort.DATE)
    assert names(dated) == ["bus"]
    assert search("放假运行通知公交", sort=Sort.DATE).scattered


# ---- filters and counts ----


@pytest.fixture
def counted(over: Searched) -> Search:
    found = [
        record(f"{place}/d{n}.md", "放假通知" if n % 2 else "放假", published=datetime(2024 + n % 3, 1, 2))
        for place in ("edu/news", "edu/policies", "jtj/policies", "hub/news")
        for n in range(7)
    ]
    engine = over(*found)
    return lambda query, **more: engine.search(Request(query, **more))


def counts(found: Results, name: str) -> dict[str, int]:
    return {facet.value: facet.count for facet in found.facets[name]}


def test_facets_count_what_was_found(counted: Search) -> None:
    found = counted("放假")
    assert found.total == 28
    assert counts(found, "site") == {"edu": 14, "jtj": 7, "hub": 7}
    assert counts(found, "column") == {"edu/news": 7, "edu/policies": 7, "jtj/policies": 7, "hub/news": 7}
    assert counts(found, "year") == {"2026": 8, "2025": 8, "2024": 12}
    assert counts(found, "kind") == {"news": 14, "policies": 14}
    assert [facet.value for facet in found.facets["year"]] == ["2026", "2025", "2024"]
    assert [facet.name for facet in found.facets["kind"]] == ["工作动态", "政策文件"]
    assert {facet.name for facet in found.facets["site"]} == {"教育局", "交通局", "小城"}


def test_facets_count_what_the_other_filters_leave(counted: Search) -> None:
    found = counted("放假", site="edu", year=2024)
    assert found.total == 6
    assert counts(found, "site") == {"edu": 6, "jtj": 3, "hub": 3}
    assert counts(found, "year") == {"2026": 4, "2025": 4, "2024": 6}
    assert counts(found, "kind") == {"news": 3, "policies": 3}


@pytest.mark.parametrize("sort", Sort)
def test_facets_count_what_is_shown_in_either_order(over: Searched, sort: Sort) -> None:
    """Also where a sort by date leaves scattered documents out."""
    engine = over(
        record("edu/news/a.md", "放假期间照常运行"),
        record("jtj/news/b.md", "放假期间照常的运行"),
        record("jtj/news/c.md", "无关"),
    )
    found = engine.search(Request("放假期间照常运行", sort=sort))
    for name in ("site", "column", "year", "kind"):
        assert sum(counts(found, name).values()) == found.total, name


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({"site": "edu"}, 14),
        ({"site": "xiu"}, 0),
        ({"column": "edu/news"}, 7),
        ({"column": "edu"}, 0),
        ({"year": 2026}, 8),
        ({"year": 1}, 0),
        ({"kind": "policies"}, 14),
        ({"kind": "nothing"}, 0),
        ({"since": date(2025, 1, 2)}, 16),
        ({"since": date(2025, 1, 3)}, 8),
        ({"site": "edu", "column": "jtj/policies"}, 0),
        ({"site": "edu", "kind": "policies", "year": 2026}, 2),
    ],
)
def test_filters_leave_what_has_the_value(counted: Search, filters: dict[str, Any], total: int) -> None:
    assert counted("放假", **filters).total == total


def test_pages_are_of_one_list(counted: Search) -> None:
    pages = [counted("放假", page=page) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [10, 10, 8]
    assert [page.total for page in pages] == [28] * 3
    whole = counted("放假", size=28)
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert len({hit.path for hit in whole.hits}) == 28
    assert counted("放假", page=0).hits == pages[0].hits
    assert counted("放假", page=-3).hits == pages[0].hits


# ---- hits ----


def test_hit_tells_all_that_results_show(search: Search) -> None:
    (first, *_) = search("放假的通知").hits
    assert (
        "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in first.title) == "关于[放假的通知]"
    )
    assert (first.path, first.url) == (HOLIDAY.path, "https://edu.test/notices/holiday.html")
    assert (first.site, first.site_name, first.column, first.column_name) == (
        "edu",
        "教育局",
        "edu/notices",
        "通知",
    )
    assert (first.kind, first.published, first.number) == ("notices", date(2026, 1, 5), "九教字〔2026〕1号")


# ---- related, suggested ----


def test_related_documents_share_rare_terms(over: Searched) -> None:
    bus = [record(f"edu/news/b{n}.md", f"公交线路调整{n}", "长虹大道公交改道。") for n in range(3)]
    rest = [record(f"jtj/news/r{n}.md", f"第{n}次会议", f"会议内容{n}。") for n in range(30)]
    gone = record("edu/news/gone.md", "公交线路调整", "长虹大道公交改道。", expired=True)
    engine = over(*bus, *rest, gone)
    assert set(names(engine.related(bus[0].path))) == {"b1", "b2"}
    assert set(names(engine.related("edu/news/b1.md", 1))) <= {"b0", "b2"}
    assert engine.related("edu/news/none.md") == ()
    assert engine.related("") == ()


def test_suggestions_have_the_query_in_title_or_number(search: Search, over: Searched) -> None:
    engine = over(*FIVE)
    assert names(engine.suggest("放假")) == ["holiday", "old"]
    assert names(engine.suggest("九教字[2026]")) == ["holiday"]
    assert engine.suggest("长虹大道") == ()
    assert engine.suggest("") == ()
    assert len(engine.suggest("放假", 1)) == 1
    assert names(engine.suggest("道")) == ["bus", "law"]


# ---- edges ----


def test_index_without_documents_finds_nothing(over: Searched) -> None:
    engine = over()
    assert engine.search(Request("放假")).total == 0
    assert engine.search(Request("放假", site="edu", sort=Sort.DATE)).hits == ()
    assert engine.suggest("放假") == ()
    assert engine.related(HOLIDAY.path) == ()


def test_index_whose_documents_are_all_gone_finds_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", owners=["hub"])
    shelf.take(HOLIDAY)
    shelf.take(gone=[HOLIDAY.path])
    engine = shelf.engine()
    assert engine.search(Request("放假")).total == 0
    engine.close()
    shelf.close()


def test_index_that_was_never_made_is_an_error(tmp_path: Path, over: Searched) -> None:
    group = over(HOLIDAY)._group
    with pytest.raises(FileNotFoundError):
        WhooshEngine(tmp_path / "nowhere", group)


def test_opened_index_answers_as_before_while_a_build_changes_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", owners=["hub"])
    shelf.take(*FIVE)
    engine = shelf.engine()
    before = engine.search(Request("放假"))
    shelf.take(record(BUS.path, "改了"), gone=[HOLIDAY.path])
    assert engine.search(Request("放假")) == before
    assert names(engine.search(Request("九教字20261号"))) == ["holiday"]
    engine.close()
    again = shelf.engine()
    assert names(again.search(Request("放假"))) == ["old"]
    again.close()
    shelf.close()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "，。！？",
        "x" * 1_000_000,
        "词 " * 10_000,
        "".join(map(chr, range(0x20))),
        "\ud800",
        "放\udfff假" * 50,
        "=" * 90,
        "|:>=",
        "\0\0放假",
        "terms:放假 OR *",
        "﷽" * 80,
        "🎓" * 80,
    ],
    ids=lambda typed: ascii(typed)[:20],
)
def test_hostile_query_is_answered_quickly(search: Search, typed: str) -> None:
    began = monotonic()
    for sort in Sort:
        found = search(typed, sort=sort, site="\0", column="../..", kind="'", page=10**9)
        assert found.hits == ()
        search(typed, sort=sort)
    assert monotonic() - began < 2
