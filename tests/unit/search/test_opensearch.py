"""OpenSearch answers as Whoosh does, and holds what it was fed whatever happened on the way.

No OpenSearch runs here: requests go over HTTP to a strict stand-in (`fake_opensearch`).
"""

import builtins
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from gen.api import server
from gen.api.limits import Limits
from gen.config.model import Group, Ranking
from gen.config.resolve import load_group
from gen.errors import GenError
from gen.render.records import SearchRecord, in_order
from gen.search import commonness, opensearch, opensearch_feed, whoosh_index
from gen.search.analysis import fold
from gen.search.engine import WhooshEngine
from gen.search.opensearch import MAPPING, OpenSearchEngine, connect, documents, id_of
from gen.search.opensearch_feed import Fed, drop_old, feed, switch, update, versions
from gen.search.opensearch_queries import LEVELS
from gen.search.postings import make_postings
from gen.search.results import Hit, Request, Results, Sort
from gen.search.state import Kept
from tests.groups import Folder
from tests.unit.search.fake_opensearch import FakeServer
from tests.unit.search.test_api import served

ALIAS = "city"
PLACES = ("edu/news", "edu/notices", "edu/policies", "hub/notices", "jtj/news", "xiu/school/news")
PHRASES = (
    "义务教育招生", "教育补贴", "公共交通", "道路施工", "关于做好", "工作的通知", "乡村振兴", "2026年", "ETC收费",
    "COVID-19", "农民工工资", "国办发〔2017〕47号", "義務教育", "安全检查", "Ａ４纸",
)  # fmt: skip
QUERIES = (
    "义务教育", "義務教育", "教育 补贴", "补贴 教育", "招生", "通知", "教", "etc", "A4", "47号", "国办发〔2017〕47号", "国办发201747",
    "做好义务教育招生工作的通知", "道路教育工资", "公共安全施工检查", "covid", "没有的词语", "zz", "！？", "2026 年", "关于做好乡村振兴",
)  # fmt: skip

FILTERS: tuple[dict[str, Any], ...] = (
    {"site": "edu", "page": 2, "size": 7},
    {"column": "edu/policies"},
    {"sort": Sort.DATE},
    {"year": 2025, "kind": "news", "since": date(2025, 6, 1)},
    {"sort": Sort.DATE, "site": "jtj", "page": 3, "size": 3},
    {"site": "nobody"},
    {"kind": "policies", "page": 5000, "size": 50},
)


def record(path: str, title: str = "标题", text: str = "", **more: Any) -> SearchRecord:
    site, column, _ = *path.split("/")[:2], ""
    values: dict[str, Any] = {
        "path": path, "site": site, "place": f"{site}/{column}", "kind": "news", "address": f"{path[:-3]}.html",
        "url": f"https://{path[:-3]}.html", "title": title, "headings": "", "attachments": "", "text": text,
        "numbers": (), "number": "", "published": datetime(2026, 3, 1, 9, 30), "expired": False, "summary": "",
    }  # fmt: skip
    return SearchRecord(**{**values, **more})


def corpus(count: int = 120, seed: int = 1) -> list[SearchRecord]:
    """Documents put together from few phrases, so that scores, tiers and ties of every kind occur."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        place = chance.choice(PLACES)
        site, _, column = place.partition("/")
        numbers = ("国办发〔2017〕47号",) if number % 40 == 7 else ()
        found.append(
            record(
                f"{place}/{number:03}.md",
                "".join(chance.sample(PHRASES, 2)),
                "。".join("，".join(chance.choices(PHRASES, k=3)) for _ in range(chance.randrange(8))),
                place=place, site=site, kind=column.rpartition("/")[2], numbers=numbers, number="".join(numbers),
                headings=chance.choice(PHRASES), attachments=chance.choice((*PHRASES, "")),
                published=datetime(2026, 3, 1, 9, 30) - timedelta(days=30 * chance.randrange(40)),
                expired=chance.random() < 0.1,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.path)


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.close()


@pytest.fixture
def client(fake: FakeServer) -> Iterator[Any]:
    made = connect(fake.url, seconds=5)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr("gen.search.opensearch_feed.time.sleep", waited.append)
    return waited


@pytest.fixture
def group(folder: Folder) -> Group:
    found = load_group(folder.root)
    return msgspec.structs.replace(found, ranking=Ranking(0.5, 2.0, 0.2, {"policies": 1.5, "news": 0.9}))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few documents make many batches."""
    monkeypatch.setattr(opensearch_feed, "BATCH", 5)


def whoosh(folder: Path, found: list[SearchRecord], group: Group) -> WhooshEngine:
    ordered = in_order(found)
    folder.mkdir(exist_ok=True)
    maker = whoosh_index.SegmentMaker(folder, len(ordered))
    for postings in make_postings(ordered):
        maker.add(postings)
    maker.finish("a" * 16, ordered)
    kept = Kept("a" * 16, len(ordered), 0, 0, 0, len(ordered))
    whoosh_index.write_index(folder, [(kept, ())])
    return WhooshEngine(folder, group)


def fed(client: Any, found: list[SearchRecord], checkpoint: Path) -> Fed:
    """Feeds and switches."""
    done = feed(client, ALIAS, lambda: found, checkpoint)
    switch(client, ALIAS, done.name)
    return done


# ---- the same answers ----


def rounded(results: Results | tuple[Hit, ...]) -> Any:
    """Without what 32 bits can't hold."""
    hits = results.hits if isinstance(results, Results) else results
    shown = [msgspec.structs.replace(hit, score=0.0) for hit in hits]
    return (
        (results.total, results.facets, results.scattered, shown) if isinstance(results, Results) else shown
    )


@pytest.mark.parametrize("least", [1, 1_000], ids=["common terms", "no common terms"])
def test_it_answers_as_whoosh_does(
    least: int, client: Any, group: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commonness, "LEAST", least)
    found = corpus(80)
    fed(client, found, tmp_path / "checkpoint")
    ours, theirs = OpenSearchEngine(client, ALIAS, group), whoosh(tmp_path / "index", found, group)
    tiers = set()
    for number, query in enumerate(QUERIES):
        for filters in ({}, FILTERS[number % len(FILTERS)]):
            request = Request(query, **filters)
            mine, other = ours.search(request), theirs.search(request)
            assert rounded(mine) == rounded(other), request
            assert [hit.score for hit in mine.hits] == pytest.approx(
                [hit.score for hit in other.hits], rel=1e-4
            )
            tiers |= {hit.tier for hit in mine.hits}
        assert rounded(ours.suggest(query, 5)) == rounded(theirs.suggest(query, 5)), query
    assert tiers == {0, 1, 2, 3, 4}


def test_related_documents_are_those_that_whoosh_finds(client: Any, group: Group, tmp_path: Path) -> None:
    found = corpus(80)
    fed(client, found, tmp_path / "checkpoint")
    ours, theirs = OpenSearchEngine(client, ALIAS, group), whoosh(tmp_path / "index", found, group)
    for one in found[::10]:
        mine, other = ours.related(one.path), theirs.related(one.path)
        assert [hit.score for hit in mine] == pytest.approx([hit.score for hit in other], rel=1e-4)
        assert one.path not in {hit.path for hit in mine}
        assert not any(hit.expired for hit in mine)
    assert ours.related("nobody.md") == ()


@pytest.mark.parametrize("seed", range(3))
def test_every_phrase_of_a_document_finds_it(seed: int, client: Any, group: Group, tmp_path: Path) -> None:
    found = corpus(40, seed)
    fed(client, found, tmp_path / "checkpoint")
    engine = OpenSearchEngine(client, ALIAS, group)
    chance = random.Random(seed)
    for one in found[::2]:
        source = chance.choice([one.title, one.headings, *one.text.split("。")])
        start = chance.randrange(max(1, len(source) - 2))
        phrase = source[start : start + chance.randrange(2, 12)]
        if len(fold(phrase)) < 2:
            continue
        answer = engine.search(Request(phrase, size=100))
        assert one.path in {hit.path for hit in answer.hits}, phrase
        assert not answer.scattered


def test_an_empty_index_answers_nothing(client: Any, group: Group, tmp_path: Path) -> None:
    fed(client, [], tmp_path / "checkpoint")
    engine = OpenSearchEngine(client, ALIAS, group)
    assert engine.search(Request("教育")).total == 0
    assert engine.suggest("教育") == engine.related("a.md") == ()


def test_without_a_server_a_search_fails_in_words(fake: FakeServer, client: Any, group: Group) -> None:
    engine = OpenSearchEngine(client, ALIAS, group)
    with pytest.raises(GenError) as failed:
        engine.search(Request("教育"))
    assert failed.value.issues[0].params == {"problem": "index_not_found_exception: no such index [city]"}
    fake.close()
    with pytest.raises(GenError) as failed:
        engine.search(Request("教育"))
    assert failed.value.issues[0].code == "opensearch.failed"
    fake._http = FakeServer()._http


@pytest.mark.parametrize(
    "broken",
    [
        {"timed_out": True, "_shards": {"failed": 0}},
        {"timed_out": False, "_shards": {"failed": 1}},
        {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 503},
    ],
)
def test_half_an_answer_is_none(broken: dict[str, Any], group: Group) -> None:
    class Client:
        def msearch(self, **_: Any) -> Any:
            return {"responses": [broken] * 9}

    with pytest.raises(GenError):
        OpenSearchEngine(Client(), ALIAS, group).search(Request("教育"))


def test_the_api_runs_on_it(client: Any, group: Group, tmp_path: Path) -> None:
    fed(client, corpus(20), tmp_path / "checkpoint")
    engine = OpenSearchEngine(client, ALIAS, group)
    with served(lambda: server.make_application(lambda: engine, Limits())) as ask:
        assert ask("/search?q=%E6%95%99%E8%82%B2&size=3").json["total"] > 0
        client.indices.delete(index=next(version.name for version in versions(client, ALIAS)))
        assert ask("/search?q=%E6%95%99%E8%82%B2").status == 503


def test_whoosh_behind_the_api_answers_many_at_once_as_it_answers_one(group: Group, tmp_path: Path) -> None:
    engine = whoosh(tmp_path / "index", corpus(60), group)
    targets = [f"/search?{urlencode({'q': query})}" for query in QUERIES]
    with served(lambda: server.make_application(lambda: engine, Limits(rate=1000, burst=1000))) as ask:
        one_by_one = [ask(target).body for target in targets]
        with ThreadPoolExecutor(6) as pool:
            for _ in range(3):
                assert list(pool.map(lambda target: ask(target).body, targets)) == one_by_one


# ---- documents ----


def test_a_document_has_its_terms_at_their_levels_and_no_term_that_nobody_can_ask_for() -> None:
    found = record("edu/news/a.md", "招生", "教育。" + "x" * 50_000 + "\u2028完", numbers=("1号",))
    (document,) = documents([found])
    assert set(document) <= set(MAPPING["properties"])
    assert "招生" in document["level7"]
    assert "=招生" in document["level7"]
    assert "=1号" in document["level7"]
    terms = [term for field in LEVELS for term in document.get(field, ())]
    assert "教育" in terms
    assert "教育x" not in terms
    assert max(map(len, terms)) <= 61
    assert len(terms) == len(set(terms))


def test_a_path_of_any_length_is_an_id() -> None:
    assert id_of("edu/新闻.md") == "edu/新闻.md"
    long = "新" * 300
    assert len(id_of(long).encode()) <= 512
    assert id_of(long) != id_of(long + "闻")


# ---- feeding ----


@pytest.mark.usefixtures("small")
def test_nobody_sees_an_index_before_the_switch_nor_none_during_it(
    fake: FakeServer, client: Any, group: Group, tmp_path: Path
) -> None:
    old, new = corpus(12, 1), corpus(12, 2)
    first = fed(client, old, tmp_path / "checkpoint")
    engine = OpenSearchEngine(client, ALIAS, group)
    before = engine.search(Request("教育"))
    second = feed(client, ALIAS, lambda: new, tmp_path / "checkpoint")
    assert engine.search(Request("教育")) == before
    fake.requests.clear()
    switch(client, ALIAS, second.name)
    changing = [(method, path) for method, path in fake.requests if method != "GET"]
    assert changing == [("POST", "/_aliases")]
    assert engine.search(Request("教育")) != before
    assert [version.name for version in versions(client, ALIAS) if version.is_current] == [second.name]
    switch(client, ALIAS, first.name)  # roll back
    assert engine.search(Request("教育")) == before


def test_the_old_index_stays_until_it_is_told_to_go(client: Any, tmp_path: Path) -> None:
    first = fed(client, corpus(5, 1), tmp_path / "checkpoint")
    second = fed(client, corpus(5, 2), tmp_path / "checkpoint")
    assert {version.name for version in versions(client, ALIAS)} == {first.name, second.name}
    assert drop_old(client, ALIAS) == [first.name]
    assert [version.name for version in versions(client, ALIAS)] == [second.name]


def test_nothing_is_dropped_while_no_index_is_searched(client: Any, tmp_path: Path) -> None:
    feed(client, ALIAS, lambda: corpus(5), tmp_path / "checkpoint")
    assert drop_old(client, ALIAS) == []


def test_indexes_of_others_are_left_alone(client: Any, tmp_path: Path) -> None:
    for name in ("city-logs", "city-hub-0123456789ab", "city-0123456789ab", "town-0123456789ab"):
        client.indices.create(index=name, body={})
    fed(client, corpus(5, 1), tmp_path / "checkpoint")
    fed(client, corpus(5, 2), tmp_path / "checkpoint")
    assert len(drop_old(client, ALIAS)) == 1
    assert len(client.indices.get(index="*")) == 5


@pytest.mark.usefixtures("small")
def test_feeding_the_same_twice_is_feeding_it_once(fake: FakeServer, client: Any, tmp_path: Path) -> None:
    found = corpus(12)
    assert fed(client, found, tmp_path / "checkpoint").sent == 12
    state = msgspec.json.encode([index.visible for index in fake.indexes.values()])
    again = fed(client, found, tmp_path / "checkpoint")
    assert (again.documents, again.sent) == (12, 0)
    assert msgspec.json.encode([index.visible for index in fake.indexes.values()]) == state
    assert not (tmp_path / "checkpoint").exists()


@pytest.mark.usefixtures("small")
def test_an_interrupted_feed_goes_on_behind_what_was_acknowledged(
    fake: FakeServer, client: Any, tmp_path: Path
) -> None:
    found, checkpoint = corpus(23), tmp_path / "checkpoint"
    fake.failures.extend([None, None, *["drop"] * 99])
    with pytest.raises(GenError):
        feed(client, ALIAS, lambda: found, checkpoint)
    fake.failures.clear()
    with pytest.raises(GenError) as refused:
        switch(client, ALIAS, next(iter(fake.indexes)))
    assert refused.value.issues[0].code == "opensearch.incomplete"
    assert feed(client, ALIAS, lambda: found, checkpoint) == Fed(next(iter(fake.indexes)), 23, 13)
    assert [len(bulk) for bulk in fake.bulks] == [5, 5, 5, 5, 3]


@pytest.mark.usefixtures("small")
def test_a_checkpoint_of_another_index_or_none_means_from_the_beginning(
    fake: FakeServer, client: Any, tmp_path: Path
) -> None:
    found, checkpoint = corpus(12), tmp_path / "checkpoint"
    fake.failures.extend([None, 400])
    with pytest.raises(GenError):
        feed(client, ALIAS, lambda: found, checkpoint)
    name = next(iter(fake.indexes))
    client.indices.delete(index=name)
    assert feed(client, ALIAS, lambda: found, checkpoint).sent == 12
    client.indices.delete(index=name)
    checkpoint.write_bytes(b"\xffspoilt")
    assert feed(client, ALIAS, lambda: found, checkpoint).sent == 12


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("failure", [429, 503, 502, 504, "drop", "drop after"])
def test_a_server_that_is_busy_or_away_for_a_while_gets_everything_in_the_end(
    failure: Any, fake: FakeServer, client: Any, tmp_path: Path, pauses: list[float]
) -> None:
    fake.failures.extend([None, failure, failure, None])
    done = feed(client, ALIAS, lambda: corpus(12), tmp_path / "checkpoint")
    assert done.documents == 12
    assert len(fake.indexes[done.name].visible) == 12
    assert pauses == [0.5, 1.0]


def test_only_what_was_rejected_is_sent_again(fake: FakeServer, client: Any, tmp_path: Path) -> None:
    found = corpus(12)
    late = {found[3].path: 429, found[9].path: 503}
    fake.failures.extend([late, {found[9].path: 429}, None])
    done = feed(client, ALIAS, lambda: found, tmp_path / "checkpoint")
    assert [sorted(bulk) for bulk in fake.bulks[1:]] == [sorted(late), [found[9].path]]
    assert len(fake.indexes[done.name].visible) == 12


def test_a_server_that_stays_busy_ends_the_feed(
    fake: FakeServer, client: Any, tmp_path: Path, pauses: list[float]
) -> None:
    found = corpus(3)
    fake.failures.extend([{found[0].path: 429}] * 99)
    with pytest.raises(GenError) as failed:
        feed(client, ALIAS, lambda: found, tmp_path / "checkpoint")
    assert failed.value.issues[0].code == "opensearch.failed"
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30]


def test_documents_that_are_refused_for_good_are_told_and_the_index_is_not_complete(
    fake: FakeServer, client: Any, tmp_path: Path
) -> None:
    found = corpus(12)
    fake.failures.append({found[3].path: 400, found[5].path: 400, found[7].path: 429})
    with pytest.raises(GenError) as failed:
        feed(client, ALIAS, lambda: found, tmp_path / "checkpoint")
    assert [issue.code for issue in failed.value.issues] == ["opensearch.refused"] * 2
    assert failed.value.issues[0].params["path"] == found[3].path
    assert not versions(client, ALIAS)[0].meta.is_complete


def test_an_index_that_was_deleted_during_its_feed_is_not_taken_for_one(
    fake: FakeServer, client: Any, tmp_path: Path, small: None
) -> None:
    del small
    found = corpus(12)

    def source() -> Iterator[SearchRecord]:
        for number, one in enumerate(found):
            if number == 7 and len(fake.bulks) == 1:
                fake.indexes.clear()
            yield one

    with pytest.raises(GenError):
        feed(client, ALIAS, source, tmp_path / "checkpoint")
    assert versions(client, ALIAS) == []


def test_large_documents_go_in_requests_of_bounded_size(
    fake: FakeServer, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_feed, "MAX_BULK", 4000)
    done = feed(client, ALIAS, lambda: corpus(12), tmp_path / "checkpoint")
    assert len(fake.bulks) > 3
    assert len(fake.indexes[done.name].visible) == 12


def test_an_index_is_fed_without_replicas_and_refreshes_and_searched_with_them(
    fake: FakeServer, client: Any, tmp_path: Path
) -> None:
    seen: list[dict[str, Any]] = []
    found = corpus(3)

    def source() -> Iterator[SearchRecord]:
        seen.extend(dict(index.settings) for index in fake.indexes.values())
        yield from found

    done = feed(client, ALIAS, source, tmp_path / "checkpoint", shards=3, replicas=2)
    assert seen == [{"number_of_shards": 3, "refresh_interval": "-1", "number_of_replicas": 0}]
    settings = fake.indexes[done.name].settings
    assert (settings["refresh_interval"], settings["number_of_replicas"]) == (None, 2)


def test_records_out_of_order_are_our_defect(client: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="order of their paths"):
        feed(client, ALIAS, lambda: [record("edu/b/x.md"), record("edu/a/x.md")], tmp_path / "checkpoint")


# ---- changes ----


def test_changes_are_found_and_what_was_removed_is_not(client: Any, group: Group, tmp_path: Path) -> None:
    found = corpus(30)
    fed(client, found, tmp_path / "checkpoint")
    changed = msgspec.structs.replace(found[4], title="全新的标题", text="崭新内容")
    added = record("edu/news/zzz.md", "新增文档", published=datetime(2026, 6, 1))
    assert update(client, ALIAS, [changed, added], [found[5].path, "never/was/here.md"]) == 4
    now = sorted([changed, added, *found[:4], *found[6:]], key=lambda one: one.path)
    ours, theirs = OpenSearchEngine(client, ALIAS, group), whoosh(tmp_path / "index", now, group)
    for query in (*QUERIES, "崭新内容", "新增", found[4].title):
        assert rounded(ours.search(Request(query))) == rounded(theirs.search(Request(query)))
    assert update(client, ALIAS, [changed, added], [found[5].path]) == 3  # once more changes nothing
    assert rounded(ours.search(Request("新增"))) == rounded(theirs.search(Request("新增")))


def test_an_index_that_was_changed_is_never_taken_for_a_complete_feed_of_what_it_was(
    client: Any, group: Group, tmp_path: Path
) -> None:
    found = corpus(10)
    first = fed(client, found, tmp_path / "checkpoint")
    update(client, ALIAS, [], [found[0].path])
    again = fed(client, found, tmp_path / "checkpoint")
    assert (again.name, again.sent) == (f"{first.name}-2", 10)
    update(client, ALIAS, [], [found[1].path])
    assert fed(client, found, tmp_path / "checkpoint").name == f"{first.name}-3"
    assert OpenSearchEngine(client, ALIAS, group).search(Request(found[0].title)).total > 0


def test_changes_need_an_index_of_the_same_form(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GenError) as failed:
        update(client, ALIAS, corpus(1), [])
    assert failed.value.issues[0].code == "opensearch.unfed"
    done = fed(client, corpus(3), tmp_path / "checkpoint")
    monkeypatch.setattr(opensearch, "FORM", 99)
    for attempt in (lambda: update(client, ALIAS, corpus(1), []), lambda: switch(client, ALIAS, done.name)):
        with pytest.raises(GenError) as failed:
            attempt()
        assert failed.value.issues[0].code == "opensearch.outdated"


def test_switching_to_what_is_not_there_names_what_is(client: Any, tmp_path: Path) -> None:
    done = fed(client, corpus(3), tmp_path / "checkpoint")
    with pytest.raises(GenError) as failed:
        switch(client, ALIAS, "city-nothing")
    assert failed.value.issues[0].params == {"index": "city-nothing", "known": done.name}


def test_an_index_with_the_name_of_the_alias_is_told(client: Any, tmp_path: Path) -> None:
    client.indices.create(index=ALIAS, body={})
    with pytest.raises(GenError) as failed:
        fed(client, corpus(3), tmp_path / "checkpoint")
    assert "same name as the alias" in failed.value.issues[0].params["problem"]


# ---- connecting ----


@pytest.mark.parametrize(
    "url", ["", "localhost:9200", "ftp://a", "http://", "http://[::1", "http://a:99999", "file:///etc"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(GenError) as failed:
        connect(url)
    assert failed.value.issues[0].code == "opensearch.url"


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(GenError) as failed:
        connect("ftp://user:secret@server")
    assert failed.value.issues[0].params == {"found": "server"}


def test_without_the_package_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def imported(name: str, *rest: Any) -> Any:
        if name.startswith("opensearchpy"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", imported)
    with pytest.raises(GenError) as failed:
        connect("http://127.0.0.1:9200")
    assert failed.value.issues[0].code == "opensearch.missing"


def test_searches_may_come_from_many_threads(client: Any, group: Group, tmp_path: Path) -> None:
    fed(client, corpus(30), tmp_path / "checkpoint")
    engine = OpenSearchEngine(client, ALIAS, group)
    expected = [engine.search(Request(query)) for query in QUERIES[:5]]
    found: list[list[Results]] = []
    threads = [
        threading.Thread(
            target=lambda: found.append([engine.search(Request(query)) for query in QUERIES[:5]])
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
