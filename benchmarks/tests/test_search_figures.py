"""What the search benchmark reads and counts: fragments of Pagefind, bytes on the wire, limits, failures."""

import gzip
import json
from http.client import HTTPConnection
from pathlib import Path

import pytest

from benchmarks.measure import FailureError
from benchmarks.search.browser import Cost, Sessions, cost_of, kind_of, packs_of, typical
from benchmarks.search.engines import Node
from benchmarks.search.figures import Figures, as_json, by_kind, spread
from benchmarks.search.pagefind import Fragment, read_fragments
from benchmarks.search.recall import Rank, Recall, rank_of
from benchmarks.search.report import as_table
from benchmarks.search.server import Served, serve
from benchmarks.search.single import Loaded, loaded
from benchmarks.search.slowed import SLOWED, slowdown_for
from tests.search.handmade import Index, shard
from tests.search.test_client import FOUR


def _fragment(url: str) -> dict[str, object]:
    return {"url": url, "content": "", "meta": {"title": f"标题 {url}"}}


def _write(path: Path, value: object, magic: bytes = b"pagefind_dcd") -> Path:
    path.write_bytes(gzip.compress(magic + json.dumps(value).encode()))
    return path


def test_fragments_are_read_alone_and_in_groups(tmp_path: Path) -> None:
    alone = _write(tmp_path / "zh-cn_1.pf_fragment", _fragment("/a/b.html"))
    group = _write(tmp_path / "zh-cn_group_2.pf_fragment", {"zh-cn_3": _fragment("/c.html")})
    assert dict(read_fragments(alone)) == {"zh-cn_1": Fragment("a/b.html", "标题 /a/b.html")}
    assert dict(read_fragments(group)) == {"zh-cn_3": Fragment("c.html", "标题 /c.html")}
    with pytest.raises(FailureError, match="not a fragment"):
        list(read_fragments(_write(alone, {}, magic=b"other")))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sites/portal/search/index.html", "page"),
        ("/sites/portal/assets/search.0123456789.js", "script"),
        ("/sites/portal/search/index.js", "manifest"),
        ("/sites/portal/search/6de5029d5f7aff62/head.js", "heads"),
        ("/sites/portal/search/6de5029d5f7aff62/12.js", "shards"),
        ("/sites/portal/search/6de5029d5f7aff62/t3.js", "tails"),
        ("/sites/portal/search/6de5029d5f7aff62/p3-0a.js", "packs"),
        ("/sites/portal/search/6de5029d5f7aff62/c17-1.js", "parts"),
        ("/sites/portal/search/fold-6de5029d5f7aff62.js", "variants"),
        ("/pagefind/pagefind.js", "script"),
        ("/pagefind/wasm.unknown.pagefind", "wasm"),
        ("/pagefind/pagefind.zh-cn_7.pf_meta", "heads"),
        ("/pagefind/index/zh-cn_7.pf_index", "shards"),
        ("/pagefind/fragment/zh-cn_7.pf_fragment", "packs"),
        ("/pagefind.html", "page"),
        ("/elsewhere", "other"),
    ],
)
def test_every_file_is_counted_as_what_it_is(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_a_query_costs_its_data_and_its_page_is_counted_apart() -> None:
    served = [
        Served("/sites/portal/search/index.html", 5000, 10.1),
        Served("/sites/portal/search/aa/1.js", 300, 10.2),
        Served("/sites/portal/search/aa/2.js", 400, 10.3),
        Served("/sites/portal/assets/site.0a.css", 900, 10.9),
    ]
    cost = cost_of("门诊", served, asked=10.0, shown=10.4)
    assert (cost.bytes, cost.requests, cost.shell, cost.kinds) == (700, 2, 5900, {"shards": 700})
    assert cost.late == pytest.approx(0.1)
    assert cost.whole == pytest.approx(0.4)
    assert cost_of("门诊", [], asked=10.0, shown=10.2).late == pytest.approx(0.2)  # all of it was there


def test_of_several_rounds_the_dearest_and_the_time_in_the_middle_count() -> None:
    one = typical([_cost(100, late=0.02), _cost(130, late=0.3), _cost(100, late=0.04)])
    assert (one.bytes, one.late) == (130, 0.04)


def test_packs_are_taken_in_an_order_of_no_meaning(tmp_path: Path) -> None:
    folder = tmp_path / "search/aa"
    folder.mkdir(parents=True)
    for name in ("head.js", "1.js", *(f"p{number}.js" for number in range(20))):
        (folder / name).touch()
    packs = packs_of(tmp_path)
    assert packs == packs_of(tmp_path)
    assert sorted(packs) == sorted(f"aa/p{number}.js" for number in range(20)) != packs


def test_the_server_compresses_text_and_counts_what_it_sends(tmp_path: Path) -> None:
    text = b"genSearch" * 200
    (tmp_path / "a.js").write_bytes(text)
    (tmp_path / "a.pf_index").write_bytes(text)
    with serve({"/x/": tmp_path}, {"/page.html": "<p>"}) as (address, traffic):
        connection = HTTPConnection(address.removeprefix("http://"))
        bodies = []
        for path in ("/x/a.js?1", "/x/a.pf_index", "/page.html", "/x/../a.js"):
            connection.request("GET", path)
            bodies.append(connection.getresponse().read())
        connection.close()
        traffic.wait_until_quiet(0.01)
    assert [gzip.decompress(bodies[0]), *bodies[1:]] == [text, text, b"<p>", b""]
    assert [one.bytes for one in traffic.served] == [len(bodies[0]), len(text), 3, 0]


def _cost(size: int, late: float = 0.01) -> Cost:
    return Cost("门诊", size, 4, 0, late, late, {"shards": size - 10, "packs": 10})


def test_limits_and_missed_phrases_are_told() -> None:
    figures = Figures(10_000, 40)
    figures.recall["as it stands"] = Recall(3, {"client": 2, "whoosh": 3}, {"client": ["门诊"], "whoosh": []})
    figures.ranks["of titles"] = Rank(3, {"client": 1.0, "whoosh": 0.5})
    figures.sessions["gen"] = Sessions([_cost(60_001), _cost(60_000)], [_cost(30_000, late=0.2)])
    assert list(figures.failures()) == ["client found 2 of 3 phrases (as it stands), not: 门诊"]
    first, further = figures.misses()
    assert first.startswith("first queries: 1 of 2 above 60 KB")
    assert further.startswith("further queries: 1 of 1 later than 100 ms")
    table = as_table(figures)
    assert "FAILED: client found 2 of 3" in table
    assert table.count("LIMIT MISSED") == 2
    assert "every phrase was found" not in table
    assert json.dumps(as_json(figures))


def test_single_queries_are_asked_by_somebody_who_has_loaded_nothing_for_them(tmp_path: Path) -> None:
    index = Index(tmp_path / "search", shards=1009)
    index.add(FOUR)
    node = Node(index.folder)
    try:
        once, again, nothing = loaded(node, index.folder, ["公交", "公交", "公交停运放假"])
    finally:
        node.close()
    names = [f"s00/{shard('公交', 1009)}", f"s00/{shard('=公交', 1009)}", "s00/p0"]
    size = sum(
        len(gzip.compress((index.folder / f"{name}.js").read_bytes(), 6, mtime=0)) for name in set(names)
    )
    assert once == again == Loaded("公交", size, len(set(names)), is_whole=True)
    assert not nothing.is_whole
    figures = Figures(10_000, 40, single={"phrases": [once], "others": [Loaded("问", 30_001, 9, True)]})
    assert list(figures.misses()) == ["single queries, others: 1 of 1 above 30 KB, the largest 30.0 KB"]
    assert "the costliest: “问”" in as_table(figures)
    assert json.dumps(as_json(figures))


def test_a_slow_machine_is_slowed_less() -> None:
    assert slowdown_for(2_000) == 4
    assert slowdown_for(SLOWED * 2) == 2
    assert slowdown_for(SLOWED / 2) == 1
    figures = Figures(10_000, 40)
    figures.sessions["gen"] = Sessions([_cost(1)], [_cost(1)], [300.0, 280.0, 270.0], [0.01, 0.02, 0.06])
    table = as_table(figures)
    assert "BenchmarkIndex 280, 270 at least" in table
    assert "last byte to run, ms: 20 / 60 / 60" in table


def test_larger_groups_may_cost_more_at_first() -> None:
    figures = Figures(100_000, 200)
    figures.sessions["gen"] = Sessions([_cost(150_000)], [])
    assert not list(figures.misses())


def test_sums() -> None:
    assert spread([float(value) for value in range(1, 101)]) == (50.5, 95.0, 100.0)
    assert spread([3.0]) == (3.0, 3.0, 3.0)
    assert by_kind([_cost(110), _cost(30)]) == {"shards": 60, "packs": 10}
    assert rank_of("《办法》解", ["别的", "关于“办法”解读"]) == 2
    assert rank_of("办法", ["别的"]) == 0
